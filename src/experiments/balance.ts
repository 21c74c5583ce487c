/** IsoFLOP valleys: at a fixed compute, a model may be too small, and it may be too large. */
import { compute } from './compute';
import type { Experiment } from './experiment';
import { dense, denseName } from './ladder';

const WIDTHS = [8, 12, 16, 20, 24, 32];
const LARGER = [48];

export const balance: Experiment = {
  ...compute,
  id: 'balance',
  title: 'Size or data?',
  question: 'With a given compute, should the model be larger or read more?',
  base: { ...compute.base, branches: [1 / 4, 1 / 2, 1] },
  varies: {
    what: 'How a fixed amount of compute is divided between the size of the model and the tokens that it reads.',
    arms: [...WIDTHS, ...LARGER].map(dense),
  },
  cases: [
    {
      id: 'valleys',
      title: 'Three valleys',
      question: 'With a given compute, should the model be larger or read more?',
      arms: WIDTHS.map(denseName),
      setting: {},
    },
  ],
  amounts: {
    smoke: { flops: 1e9 },
    quick: { flops: 2e10 },
    '1e11': { flops: 1e11, more: LARGER.map(denseName) },
  },
  law: {
    x: 'active',
    fits: [
      { law: 'isoflop', x: 'n', floor: 'known' },
      { law: 'chinchilla', x: 'n,d', floor: 'known' },
    ],
    answer: 'balance',
    everyEnd: true,
  },
  claim: 'Size and data have to be balanced (Chinchilla).',
  literature: {
    says: 'At each compute there is a best size, and it grows about as fast as the data it is given. Twenty tokens a parameter held for one kind of text.',
    sources: ['Hoffmann et al. 2022', 'Besiroglu et al. 2024'],
  },
};
