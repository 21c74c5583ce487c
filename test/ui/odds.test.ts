import { expect, test } from 'vitest';
import { SUCCESSOR_PROBABILITIES, topicTables } from '../../src/data/topics';
import { oddsOf } from '../../src/ui/odds';

test.each([0, 0.4, 0.9])('odds are those of the source, with %s of the rules in common', (share) => {
  const source = { kind: 'topics', vocabSize: 32, topics: 16, lag: 2 } as const;
  const { successors } = topicTables(source, { seed: 7, zipf: 0, share });
  const rules = { seed: 7, vocabSize: 32, share };
  for (let topic = 0; topic < 16; topic++) {
    for (let key = 0; key < 32; key++) {
      const row = successors.subarray((topic * 32 + key) * 4, (topic * 32 + key + 1) * 4);
      const odds = Array.from({ length: 32 }, (_, token) => oddsOf(rules, topic, key, token));
      const expected = Array.from({ length: 32 }, (_, token) => SUCCESSOR_PROBABILITIES[row.indexOf(token)] ?? 0);
      expect(odds).toEqual(expected);
    }
  }
});
