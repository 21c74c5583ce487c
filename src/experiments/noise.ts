/** Clean data against more data: what a share of wrong tokens costs, counted in clean ones. */
import type { Arm, Experiment } from './experiment';
import { LADDER_BASE, LADDER_FIXED, LADDER_TUNED } from './ladder';

function noisy(noise: number): Arm {
  return { name: noise === 0 ? 'clean' : `${noise * 100} % wrong`, kind: 'dense', model: {}, data: { noise } };
}

const LEVELS = [0, 0.1, 0.2, 0.4];

export const noise: Experiment = {
  id: 'noise',
  title: 'Clean data or more data?',
  question: 'How much clean data is noisy data worth?',
  base: {
    ...LADDER_BASE,
    source: { ...LADDER_BASE.source, topics: 16 },
    branches: [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1],
    hyper: { ...LADDER_BASE.hyper, zipf: 0 },
  },
  varies: {
    what: 'The share of training tokens that were replaced by any token at all. The held-out text is clean.',
    arms: LEVELS.map(noisy),
  },
  match: 'tokens',
  cases: [
    {
      id: 'noise',
      title: 'Four shares of wrong tokens',
      question: 'How much clean data is noisy data worth?',
      arms: LEVELS.map((level) => noisy(level).name),
      setting: {},
    },
  ],
  tuned: LADDER_TUNED,
  fixed: [...LADDER_FIXED, 'One size, width 16; every run reads the same number of tokens.'],
  seeds: [1, 2, 3],
  budgets: ['smoke', 'quick', '1e11'],
  amounts: { smoke: { tokens: 40_960 }, quick: { tokens: 524_288 }, '1e11': { tokens: 2_097_152 } },
  measured: 'Loss above the floor on clean held-out text, in nats per token.',
  law: { x: 'noise', fits: [], answer: 'comparison', everyEnd: true, baseline: 'clean' },
  claim: 'Clean data beats more data: curation gains 20 %.',
  literature: {
    says: 'Filtering helps; the number has no source, and how much depends on what is wrong with the data.',
    sources: ['Gunasekar et al. 2023', 'Penedo et al. 2024'],
  },
};
