import { expect, test } from 'vitest';
import { firstOfPermutation } from '../../src/math/permutation';
import { threefry } from '../../src/math/rng';

const words =
  (stream: number) =>
  (i: number): number =>
    threefry([7, stream], [0, i])[0];

test('all of a permutation are all items, and fewer are its beginning', () => {
  for (const n of [0, 1, 2, 9, 32]) {
    const all = firstOfPermutation(n, n, words(1));
    expect([...all].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    for (let count = 0; count <= n; count++)
      expect(firstOfPermutation(n, count, words(1))).toEqual(all.slice(0, count));
  }
});

test('every item comes first about equally often', () => {
  const counts = new Array<number>(5).fill(0);
  for (let stream = 0; stream < 5000; stream++) counts[firstOfPermutation(5, 1, words(stream))[0]!]! += 1;
  // Five standard deviations of a binomial count: √(5000 · 0.2 · 0.8) = 28.
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(5 * 28.3);
});
