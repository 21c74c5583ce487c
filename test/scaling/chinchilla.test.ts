import { describe, expect, test } from 'vitest';
import { computeOptimal, computeOptimalWith, lossAt } from '../../src/scaling/chinchilla';

const HOFFMANN = { E: 1.69, A: 406.4, alpha: 0.34, B: 410.7, beta: 0.28 };
const BESIROGLU = { E: 1.8172, A: 482.01, alpha: 0.3478, B: 2085.43, beta: 0.3658 };

describe('the best way to spend compute', () => {
  // Roots of the derivative along 6ND = C, with 30 digits (mpmath).
  test.each([
    ['Hoffmann', HOFFMANN, 1e21, 1.8242177e9, 9.1363365e10, 2.3288829],
    ['Hoffmann', HOFFMANN, 5.76e23, 3.2189859e10, 2.9823057e12, 1.9307481],
    ['Besiroglu', BESIROGLU, 1e21, 2.7784595e9, 5.9985279e10, 2.3055286],
    ['Besiroglu', BESIROGLU, 5.76e23, 7.2248703e10, 1.3287436e12, 1.9744411],
  ])('%s %#: to seven digits', (_name, law, flops, n, d, loss) => {
    const optimum = computeOptimal(law, flops);
    expect(optimum.n / n).toBeCloseTo(1, 7);
    expect(optimum.d / d).toBeCloseTo(1, 7);
    expect(optimum.loss).toBeCloseTo(loss, 6);
    const searched = computeOptimalWith(law, flops, (size) => 6 * size, [1e6, 1e14]);
    expect(searched.n / n).toBeCloseTo(1, 5);
    expect(searched.loss).toBeCloseTo(loss, 6);
  });

  test('with the real cost of a token, no neighbour is better', () => {
    const cost = (n: number) => 6 * n + 2e4 * Math.sqrt(n);
    const { n, d, loss } = computeOptimalWith(HOFFMANN, 1e15, cost, [1e3, 1e9]);
    expect(d * cost(n)).toBeCloseTo(1e15, -3);
    for (const size of [0.98 * n, 1.02 * n]) expect(lossAt(HOFFMANN, size, 1e15 / cost(size))).toBeGreaterThan(loss);
  });
});
