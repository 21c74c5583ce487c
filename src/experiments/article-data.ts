/** An article put to the test: what doubling the data does for a small model, and what for a large one. */
import { data } from './data';
import type { Experiment } from './experiment';

export const articleData: Experiment = {
  ...data,
  id: 'article-data',
  title: 'Catch the article: data',
  question: 'Does doubling the data help a small model by 15 %, and a large one by 2 or 3 %?',
  cases: [
    {
      ...data.cases[0],
      question: 'Does doubling the data help a small model by 15 %, and a large one by 2 or 3 %?',
    },
  ],
  law: {
    ...data.law!,
    bet: {
      question: 'How much closer to the floor does twice the data bring the larger model, at the last doubling?',
      article: [2, 3],
      from: 0,
      to: 60,
    },
  },
  claim: 'Doubling the data gains 15 % for a small model but only 2 to 3 % for a large one.',
  literature: {
    says: 'What a doubling gains shrinks with the data that there was before, not with the size of the model.',
    sources: ['Hoffmann et al. 2022, eq. 10'],
  },
};
