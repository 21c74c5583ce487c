/** Predict and check: the law of the small sizes says where a larger one will end, before that one is trained. */
import type { Experiment } from './experiment';
import { dense, denseName, LADDER_AMOUNTS, LADDER_BASE, LADDER_FIXED, LADDER_MEASURED, LADDER_TUNED } from './ladder';

const WIDTHS = [8, 12, 16, 20, 24];
const TARGET = 32;

export const predict: Experiment = {
  id: 'predict',
  title: 'Predict the next model',
  question: 'Can small models foretell how a larger one will do?',
  base: LADDER_BASE,
  varies: {
    what: `The width of the model. Width ${TARGET} is trained last, when its loss has been predicted.`,
    // One run: the interval is that of one.
    arms: [...WIDTHS.map(dense), { ...dense(TARGET), seeds: 1 }],
  },
  match: 'tokens',
  cases: [
    {
      id: 'predict',
      title: 'Five sizes foretell a sixth',
      question: 'Can small models foretell how a larger one will do?',
      arms: [...WIDTHS, TARGET].map(denseName),
      setting: {},
    },
  ],
  tuned: LADDER_TUNED,
  fixed: [...LADDER_FIXED, 'Every size reads the same number of tokens.'],
  seeds: [1, 2, 3],
  budgets: ['smoke', 'quick', '1e11'],
  amounts: LADDER_AMOUNTS,
  measured: LADDER_MEASURED,
  law: {
    x: 'active',
    fits: [{ law: 'power', x: 'n', floor: 'known' }],
    answer: 'prediction',
    everyEnd: false,
    predicted: denseName(TARGET),
  },
  claim: 'Scaling laws predict how good a model will be before it is trained.',
  literature: {
    says: 'Within the range where the law holds, small runs foretold the final loss of far larger ones.',
    sources: ['Kaplan et al. 2020', 'OpenAI 2023'],
  },
};
