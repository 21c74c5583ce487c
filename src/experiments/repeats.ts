/** Repeated data: a finite pool of documents, read again and again. */
import type { Arm, Experiment } from './experiment';
import { LADDER_BASE, LADDER_FIXED, LADDER_TUNED } from './ladder';

function repeated(epochs: number): Arm {
  return epochs === 1
    ? { name: 'once', kind: 'dense', model: {} }
    : { name: `${epochs} times`, kind: 'dense', model: {}, epochs };
}

const EPOCHS = [1, 2, 4, 8, 16, 32];

export const repeats: Experiment = {
  id: 'repeats',
  title: 'The same data again',
  question: 'How often may a model read the same data before it stops helping?',
  base: LADDER_BASE,
  varies: {
    what: 'How often each document is read. All runs are equally long, so their pools are the smaller.',
    arms: EPOCHS.map(repeated),
  },
  match: 'tokens',
  cases: [
    {
      id: 'repeats',
      title: 'From once to 32 times',
      question: 'How often may a model read the same data before it stops helping?',
      arms: EPOCHS.map((epochs) => repeated(epochs).name),
      setting: {},
    },
  ],
  tuned: LADDER_TUNED,
  fixed: [LADDER_FIXED[0]!, 'One size, width 16; every run is equally long, in tokens and in compute.'],
  seeds: [1, 2, 3],
  budgets: ['smoke', 'quick', '1e11'],
  amounts: { smoke: { tokens: 40_960 }, quick: { tokens: 400_000 }, '1e11': { tokens: 1_600_000 } },
  measured: 'Loss above the floor on held-out documents that are in no pool, in nats per token.',
  law: { x: 'epochs', fits: [], answer: 'comparison', everyEnd: false, baseline: 'once' },
  claim: 'Data is running out, and with it the scaling laws.',
  literature: {
    says: 'Up to about four readings are nearly as good as new data; beyond sixteen they add little.',
    sources: ['Muennighoff et al. 2023'],
  },
};
