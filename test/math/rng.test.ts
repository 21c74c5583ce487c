import { describe, expect, it } from 'vitest';
import { mulhi, STREAM, threefry, uniform } from '../../src/math/rng';
import { MULHI, THREEFRY } from './rng-golden';

describe('threefry', () => {
  it.each(THREEFRY)('reproduces the golden vector of key $key, counter $counter', ({ key, counter, result }) => {
    expect(threefry(key, counter)).toEqual(result);
  });

  it('has streams that differ from one another', () => {
    const first = Object.values(STREAM).map((stream) => threefry([7, stream], [0, 0]).join());
    expect(new Set(first).size).toBe(first.length);
  });

  it('sets every output bit half of the time, and flips half of them for one bit of the counter', () => {
    // Binomial(n, 1/2) has standard deviation √n / 2; five of them are exceeded with probability 6e-7.
    const n = 20_000;
    const ones = new Array<number>(64).fill(0);
    let flipped = 0;
    for (let i = 0; i < n; i++) {
      const [x, y] = threefry([3, 1], [i, 5]);
      const [x2, y2] = threefry([3, 1], [i, 5 ^ (1 << (i % 32))]);
      for (let bit = 0; bit < 32; bit++) {
        ones[bit] = (ones[bit] ?? 0) + ((x >>> bit) & 1);
        ones[32 + bit] = (ones[32 + bit] ?? 0) + ((y >>> bit) & 1);
        flipped += (((x ^ x2) >>> bit) & 1) + (((y ^ y2) >>> bit) & 1);
      }
    }
    for (const count of ones) expect(Math.abs(count - n / 2)).toBeLessThan(5 * (Math.sqrt(n) / 2));
    expect(Math.abs(flipped - 32 * n)).toBeLessThan(5 * (Math.sqrt(64 * n) / 2));
  });
});

describe('mulhi', () => {
  it.each(MULHI)('%i × %i', (a, b, high) => {
    expect(mulhi(a, b)).toBe(high);
  });

  it('agrees with big integers', () => {
    for (let i = 0; i < 2000; i++) {
      const [a, b] = threefry([1, 2], [i, 0]);
      expect(mulhi(a, b)).toBe(Number((BigInt(a) * BigInt(b)) >> 32n));
    }
  });
});

describe('uniform', () => {
  it('covers [0, n) evenly', () => {
    const n = 12;
    const draws = 24_000;
    const counts = new Array<number>(n).fill(0);
    for (let i = 0; i < draws; i++) {
      const drawn = uniform(threefry([9, 1], [i, 0])[0], n);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    expect(counts).toHaveLength(n);
    const chiSquare = counts.reduce((sum, count) => sum + (count - draws / n) ** 2 / (draws / n), 0);
    expect(chiSquare).toBeLessThan(37.4); // χ² with 11 degrees of freedom, upper 0.0001
  });

  it('keeps to its range at the ends', () => {
    expect([uniform(0, 5), uniform(0xffffffff, 5), uniform(0xffffffff, 1)]).toEqual([0, 4, 0]);
  });
});
