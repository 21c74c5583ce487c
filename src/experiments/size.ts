/** The ladder of sizes, dense and sparse: does loss fall as a power of size, on the same data? */
import type { Experiment } from './experiment';
import {
  dense,
  denseName,
  LADDER_AMOUNTS,
  LADDER_BASE,
  LADDER_FIXED,
  LADDER_MEASURED,
  LADDER_TUNED,
  sparse,
  sparseName,
} from './ladder';

/** Widths of the short ladder, and those that only longer runs are worth. */
const WIDTHS = [8, 12, 16, 24];
const LARGER = [32, 48];

export const size: Experiment = {
  id: 'size',
  title: 'Loss against size',
  question: 'Does a larger model learn more from the same data?',
  base: LADDER_BASE,
  varies: {
    what: 'The width of the model: how many numbers stand for each token. The hidden layer is four times as wide.',
    arms: [...WIDTHS, ...LARGER].flatMap((width) => [dense(width), sparse(width)]),
  },
  match: 'tokens',
  cases: [
    {
      id: 'sizes',
      title: 'Dense and sparse',
      question: 'Does a larger model learn more from the same data?',
      arms: WIDTHS.flatMap((width) => [denseName(width), sparseName(width)]),
      setting: {},
    },
  ],
  tuned: LADDER_TUNED,
  fixed: [
    ...LADDER_FIXED,
    'Every dense size reads the same number of tokens; a sparse one spends the compute of the dense one of its width.',
  ],
  seeds: [1, 2, 3],
  budgets: ['smoke', 'quick', '1e11'],
  amounts: {
    ...LADDER_AMOUNTS,
    '1e11': { ...LADDER_AMOUNTS['1e11'], more: LARGER.flatMap((width) => [denseName(width), sparseName(width)]) },
  },
  measured: LADDER_MEASURED,
  law: { x: 'active', fits: [{ law: 'power', x: 'n', floor: 'known' }], answer: 'size', everyEnd: false },
  claim: 'Bigger models are better.',
  literature: {
    says: 'With enough data, loss falls as a power of size towards a floor that no size gets below.',
    sources: ['Kaplan et al. 2020', 'Hoffmann et al. 2022'],
  },
};
