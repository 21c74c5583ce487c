import { expect } from 'vitest';
import { centralDifference } from './central-difference';

/** Inner product: turns an output into the scalar whose gradient is the backward of dy. */
export function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

/** Equal to within the error of central differences at these sizes (see centralDifference). */
export function expectGradient(analytic: Float64Array, f: (x: Float64Array) => number, x: Float64Array): void {
  const numeric = centralDifference(f, x);
  expect(analytic).toHaveLength(x.length);
  const errors = analytic.map((value, i) => Math.abs(value - numeric[i]!) / (1 + Math.abs(value)));
  expect(Math.max(...errors)).toBeLessThan(1e-8);
  expect(Math.max(...analytic.map(Math.abs))).toBeGreaterThan(1e-3); // not trivially zero
}
