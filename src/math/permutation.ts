import { uniform } from './rng';

/**
 * The first `count` ≤ n of a random permutation of 0 … n − 1 (Fisher and Yates; Durstenfeld 1964, stopped after so many
 * swaps, with only the displaced entries kept). `word` gives a uniform u32 for each of them.
 */
export function firstOfPermutation(n: number, count: number, word: (i: number) => number): number[] {
  const displaced = new Map<number, number>();
  const entry = (position: number): number => displaced.get(position) ?? position;
  return Array.from({ length: count }, (_, i) => {
    const position = i + uniform(word(i), n - i);
    const item = entry(position);
    displaced.set(position, entry(i));
    return item;
  });
}
