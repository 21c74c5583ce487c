/** Curriculum: the same documents' topics, easy ones first, hard ones first, or as they come. */
import type { Hyper } from '../config/run-spec';
import type { Arm, Experiment } from './experiment';
import { LADDER_BASE, LADDER_FIXED, LADDER_TUNED } from './ladder';

function ordered(name: string, curriculum: Hyper['curriculum']): Arm {
  return { name, kind: 'dense', model: {}, data: { curriculum } };
}

const ORDERS = [
  ordered('shuffled', 'shuffled'),
  ordered('easy first', 'easy-first'),
  ordered('hard first', 'hard-first'),
];

export const curriculum: Experiment = {
  id: 'curriculum',
  title: 'Does the order matter?',
  question: 'Does a model learn more when it begins with what is easy?',
  base: {
    ...LADDER_BASE,
    source: { ...LADDER_BASE.source, topics: 32 },
    branches: [1 / 8, 1 / 4, 1 / 2, 1],
    hyper: { ...LADDER_BASE.hyper, zipf: 1 },
  },
  varies: {
    what: 'The order of topics over the first half of training: frequent ones first, rare ones first, or all at once.',
    arms: ORDERS,
  },
  match: 'tokens',
  cases: [
    {
      id: 'order',
      title: 'Three orders',
      question: 'Does a model learn more when it begins with what is easy?',
      arms: ORDERS.map(({ name }) => name),
      setting: {},
    },
  ],
  tuned: LADDER_TUNED,
  fixed: [...LADDER_FIXED, 'One size, width 16; every run reads the same number of tokens.'],
  seeds: [1, 2, 3],
  budgets: ['smoke', 'quick', '1e11'],
  amounts: { smoke: { tokens: 40_960 }, quick: { tokens: 524_288 }, '1e11': { tokens: 2_097_152 } },
  measured: 'Loss above the floor on held-out text of all topics as they occur, in nats per token.',
  law: { x: 'curriculum', fits: [], answer: 'comparison', everyEnd: true, baseline: 'shuffled' },
  claim: 'A curriculum, easy examples first, makes training better.',
  literature: {
    says: 'With a full budget mostly nothing; some gain early, or where time is short.',
    sources: ['Wu et al. 2021'],
  },
};
