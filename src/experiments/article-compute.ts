/** An article put to the test: what twice the compute buys. */
import { compute } from './compute';
import type { Experiment } from './experiment';

export const articleCompute: Experiment = {
  ...compute,
  id: 'article-compute',
  title: 'Catch the article: compute',
  question: 'Does twice the compute take a model from 80 % right to 88 or 90 %?',
  cases: [{ ...compute.cases[0], question: 'Does twice the compute take a model from 80 % right to 88 or 90 %?' }],
  law: {
    ...compute.law!,
    bet: {
      // From a fifth wrong to a tenth or an eighth.
      question: 'How much of what is still wrong does twice the compute take away?',
      article: [40, 50],
      from: 0,
      to: 60,
    },
  },
  claim: 'Twice the compute lifts a model from 80 % to 88 – 90 %.',
  literature: {
    says: 'Twice the compute took about an eighth off the loss above the floor, by the published fit.',
    sources: ['Hoffmann et al. 2022', 'Besiroglu et al. 2024'],
  },
};
