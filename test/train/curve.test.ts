import { expect, test } from 'vitest';
import { thinCurve } from '../../src/train/curve';

test('a short trace is kept step by step', () => {
  const curve = thinCurve({ loss: [3, 2, 1], floor: [0.5, 0.5, 0.5] }, 10);
  expect(curve).toEqual({ step: [1, 2, 3], flops: [10, 20, 30], loss: [3, 2, 1], excess: [2.5, 1.5, 0.5] });
});

test('a long trace becomes means that weigh together as every step does, and ends at the last step', () => {
  const loss = Array.from({ length: 5000 }, (_, i) => Math.sin(i) + 2);
  const curve = thinCurve({ loss, floor: loss.map(() => 1) }, 1);
  expect(curve.step.length).toBeLessThanOrEqual(200);
  expect(curve.step.at(-1)).toBe(5000);
  const widths = curve.step.map((end, i) => end - (curve.step[i - 1] ?? 0));
  const total = curve.loss.reduce((sum, mean, i) => sum + mean * widths[i]!, 0);
  expect(total).toBeCloseTo(
    loss.reduce((sum, x) => sum + x, 0),
    6,
  );
  expect(Math.min(...widths)).toBeGreaterThan(0);
});

test('a loss that became NaN stays NaN in the curve', () => {
  const curve = thinCurve({ loss: [3, NaN], floor: [1, 1] }, 1);
  expect(curve.loss).toEqual([3, NaN]);
});
