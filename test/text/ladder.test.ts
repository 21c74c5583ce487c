import { expect, test } from 'vitest';
import { ladderSentence, type LadderFacts } from '../../src/text/ladder';

const larger: LadderFacts = {
  outcome: 'larger-better',
  smallest: 'width 8',
  largest: 'width 24',
  ratio: 2.04,
  interval: [1.9, 2.2],
  pairs: 3,
  diverged: 0,
};

test.each<[LadderFacts, string]>([
  [
    larger,
    'Width 24 ended 2.0× closer to the floor than width 8 (95 % interval of their ratio 1.90 to 2.20, three seeds a size).',
  ],
  [
    { ...larger, outcome: 'smaller-better', ratio: 0.5, interval: [0.4, 0.6], diverged: 1, pairs: 2 },
    'Width 24 ended 2.0× farther from the floor than width 8 (95 % interval of their ratio 0.40 to 0.60, two seeds a size, one diverged and left out).',
  ],
  [
    { ...larger, outcome: 'no-difference', ratio: 1, interval: [0.9, 1.1] },
    'No difference between width 8 and width 24 that three seeds can show (95 % interval of their ratio 0.90 to 1.10, three seeds a size).',
  ],
])('%#', (facts, sentence) => {
  expect(ladderSentence(facts)).toBe(sentence);
});

test('one seed has no interval', () => {
  const { interval: _interval, ...alone } = larger;
  expect(ladderSentence({ ...alone, outcome: 'undecided', pairs: 1 })).toBe(
    'One seed decides nothing: width 8 ended at 2.0× the distance of width 24 from the floor (one seed a size).',
  );
});
