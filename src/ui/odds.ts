/**
 * The rule's own odds of a token, so that a model's guess can be held against the truth. The draw is that of
 * src/data/topics.ts, which the page may not import; test/ui/odds.test.ts holds the two together.
 */
import { firstOfPermutation } from '../math/permutation';
import { STREAM, threefry } from '../math/rng';

/** Of a row's four successors, the likeliest first. */
export const ODDS = [0.7, 0.15, 0.1, 0.05] as const;

/** Their entropy, in nats: what the best predictor still loses. */
export const FLOOR = -ODDS.reduce((sum, p) => sum + p * Math.log(p), 0);

export interface Rules {
  seed: number;
  vocabSize: number;
  /** Fraction of the rules that all topics have in common. */
  share: number;
}

/** The tokens that may follow `key` in `topic`, the likeliest first: the first four of a random permutation. */
function successors({ seed, vocabSize, share }: Rules, topic: number, key: number): number[] {
  const owner = key < Math.round(share * vocabSize) ? 0 : topic;
  const row = owner * vocabSize + key;
  return firstOfPermutation(vocabSize, ODDS.length, (j) => threefry([seed, STREAM.tables], [row, j])[0]);
}

/** Odds that `token` follows where `key` stands `lag` tokens before it. */
export function oddsOf(rules: Rules, topic: number, key: number, token: number): number {
  return ODDS[successors(rules, topic, key).indexOf(token)] ?? 0;
}
