/** Loss against compute: the best that each amount of compute buys, over all sizes. */
import type { Experiment } from './experiment';
import { dense, denseName, LADDER_BASE, LADDER_MEASURED, LADDER_TUNED } from './ladder';

const WIDTHS = [8, 12, 16, 24, 32];
const LARGER = [48];

export const compute: Experiment = {
  id: 'compute',
  title: 'Loss against compute',
  question: 'What is the best that each amount of compute buys?',
  base: { ...LADDER_BASE, branches: [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1] },
  varies: {
    what: 'The compute of a run, and how it is divided between the size of the model and the tokens that it reads.',
    arms: [...WIDTHS, ...LARGER].map(dense),
  },
  match: 'compute',
  cases: [
    {
      id: 'compute',
      title: 'Five sizes, five budgets',
      question: 'What is the best that each amount of compute buys?',
      arms: WIDTHS.map(denseName),
      setting: {},
    },
  ],
  tuned: LADDER_TUNED,
  fixed: [
    'Two layers, attention heads about 16 wide, sequences of 32 tokens, 16 of them a step.',
    'Every size spends the same compute, and is read off at five amounts of it, its rate taken to zero at each.',
  ],
  seeds: [1, 2, 3],
  budgets: ['smoke', 'quick', '1e11'],
  amounts: {
    smoke: { flops: 1e9 },
    quick: { flops: 2e10 },
    '1e11': { flops: 1e11, more: LARGER.map(denseName) },
  },
  measured: LADDER_MEASURED,
  law: {
    x: 'compute',
    fits: [
      { law: 'frontier', x: 'c', floor: 'known' },
      { law: 'chinchilla', x: 'n,d', floor: 'known' },
    ],
    answer: 'compute',
    everyEnd: true,
  },
  claim: 'More compute makes better models, by a law.',
  literature: {
    says: 'The lower edge of all loss curves is a power of compute.',
    sources: ['Kaplan et al. 2020', 'Hoffmann et al. 2022'],
  },
};
