/** Loss against data, at two sizes: what another doubling of the data is worth, and to whom. */
import type { Experiment } from './experiment';
import { dense, denseName, LADDER_BASE, LADDER_FIXED, LADDER_MEASURED, LADDER_TUNED } from './ladder';

const WIDTHS = [8, 24];

export const data: Experiment = {
  id: 'data',
  title: 'Loss against data',
  question: 'How much does twice the data help, and does it help a small model more?',
  // One run with a constant rate, and a short decay wherever its loss is wanted, is as good as five runs.
  base: { ...LADDER_BASE, branches: [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1] },
  varies: {
    what: 'How many tokens a model reads, at a small and at a larger width.',
    // Each size has a law of its own here.
    arms: WIDTHS.map((width) => ({ ...dense(width), kind: denseName(width) })),
  },
  match: 'tokens',
  cases: [
    {
      id: 'data',
      title: 'Two sizes, four doublings',
      question: 'How much does twice the data help, and does it help a small model more?',
      arms: WIDTHS.map(denseName),
      setting: {},
    },
  ],
  tuned: LADDER_TUNED,
  fixed: [...LADDER_FIXED, 'Each run is read off at five lengths, its rate taken to zero at each of them.'],
  seeds: [1, 2, 3],
  budgets: ['smoke', 'quick', '1e11'],
  amounts: {
    smoke: { tokens: 40_960 },
    quick: { tokens: 655_360 },
    '1e11': { tokens: 2_621_440, batchSize: 32 },
  },
  measured: LADDER_MEASURED,
  law: { x: 'tokens', fits: [{ law: 'power', x: 'd', floor: 'free' }], answer: 'data', everyEnd: true },
  claim: 'More data always helps, but less and less.',
  literature: {
    says: 'Loss falls as a power of the data towards what the size of the model allows.',
    sources: ['Hestness et al. 2017', 'Hoffmann et al. 2022'],
  },
};
