/** Dense and sparse over a ladder of sizes: does the sparse model's lead grow with size? */
import type { Experiment } from './experiment';
import { dense, denseName, LADDER_AMOUNTS, LADDER_TUNED, sparse, sparseName } from './ladder';
import { size } from './size';

const WIDTHS = [8, 12, 16, 20, 24];
const LARGER = [32];

export const sparseBySize: Experiment = {
  ...size,
  id: 'sparse-by-size',
  title: 'The sparse lead, size by size',
  question: 'Does a sparse model beat a dense one of the same compute at every size?',
  varies: {
    what: 'The width, and whether every MLP is sixteen small experts of which a token visits two.',
    arms: [...WIDTHS, ...LARGER].flatMap((width) => [dense(width), sparse(width)]),
  },
  match: 'compute',
  cases: [
    {
      id: 'lead',
      title: 'Size by size',
      question: 'Does a sparse model beat a dense one of the same compute at every size?',
      arms: WIDTHS.flatMap((width) => [denseName(width), sparseName(width)]),
      setting: {},
    },
  ],
  tuned: LADDER_TUNED,
  amounts: {
    ...LADDER_AMOUNTS,
    '1e11': { ...LADDER_AMOUNTS['1e11'], more: LARGER.flatMap((width) => [denseName(width), sparseName(width)]) },
  },
  law: { x: 'active', fits: [{ law: 'power', x: 'n', floor: 'known' }], answer: 'lead', everyEnd: false },
  claim: 'Sparse models save compute.',
  literature: {
    says: 'The saving of sparse experts holds over sizes, and by some accounts grows with the budget.',
    sources: ['Clark et al. 2022', 'Krajewski et al. 2024'],
  },
};
