/** Diminishing returns: the same ladder on linear and on logarithmic axes. */
import type { Experiment } from './experiment';
import { dense, denseName, LADDER_AMOUNTS, LADDER_BASE, LADDER_FIXED, LADDER_MEASURED, LADDER_TUNED } from './ladder';

const WIDTHS = [8, 12, 16, 20, 24, 32];
const LARGER = [48];

export const returns: Experiment = {
  id: 'returns',
  title: 'Diminishing returns',
  question: 'When does making a model larger stop paying?',
  base: LADDER_BASE,
  varies: {
    what: 'The width of the model: how many numbers stand for each token.',
    arms: [...WIDTHS, ...LARGER].map(dense),
  },
  match: 'tokens',
  cases: [
    {
      id: 'returns',
      title: 'Six sizes, two kinds of axes',
      question: 'When does making a model larger stop paying?',
      arms: WIDTHS.map(denseName),
      setting: {},
    },
  ],
  tuned: LADDER_TUNED,
  fixed: [...LADDER_FIXED, 'Every size reads the same number of tokens.'],
  seeds: [1, 2, 3],
  budgets: ['smoke', 'quick', '1e11'],
  amounts: { ...LADDER_AMOUNTS, '1e11': { ...LADDER_AMOUNTS['1e11'], more: LARGER.map(denseName) } },
  measured: LADDER_MEASURED,
  law: { x: 'active', fits: [{ law: 'power', x: 'n', floor: 'known' }], answer: 'returns', everyEnd: false },
  claim: 'At extreme scales returns diminish: each gain takes exponentially more resources.',
  literature: {
    says: 'On a power law returns diminish everywhere alike, and the price of a gain is a power, not an exponential.',
    sources: ['Kaplan et al. 2020'],
  },
};
