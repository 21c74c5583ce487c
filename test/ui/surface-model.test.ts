/** Loss by size and data: cells, contours of the fitted law, lines of equal compute. */
import { expect, test } from 'vitest';
import { compute } from '../../src/experiments/compute';
import { lawPoints } from '../../src/ui/law-points';
import { lossAt, surfaceModel, tokensFor } from '../../src/ui/surface-model';
import { fitted, runsOf, stateOf } from './law-runs';

const law = (n: number, d: number): number => 8 * n ** -0.3 + 60 * d ** -0.4;
const runs = runsOf(compute, 'quick', law);
const { means } = lawPoints(compute, stateOf({ runs }), undefined);
const fit = fitted('dense', 0, 0, {
  law: 'chinchilla',
  x: 'n,d',
  parameters: { E: 0, A: 8, alpha: 0.3, B: 60, beta: 0.4 },
});

test('a cell for every size and length, strongest where the loss is lowest', () => {
  const { cells, contours, range } = surfaceModel({ means }, []);
  expect(cells).toHaveLength(5 * 5);
  expect(contours).toEqual([]);
  const sorted = cells.toSorted((a, b) => a.excess - b.excess);
  expect(sorted[0]!.strength).toBeCloseTo(1, 12);
  expect(sorted.at(-1)!.strength).toBeCloseTo(0, 12);
  expect(range).toEqual([sorted[0]!.excess, sorted.at(-1)!.excess]);
});

test('contours follow the law, and cells know what it says of them', () => {
  const { cells, contours } = surfaceModel({ means }, [fit]);
  expect(contours.length).toBeGreaterThan(2);
  for (const { level, x, y } of contours) x.forEach((n, i) => expect(lossAt(fit, n, y[i]!)).toBeCloseTo(level, 8));
  // Seeds lie symmetrically about the law.
  for (const { law: said, excess } of cells) expect(said).toBeCloseTo(excess, 8);
  expect(tokensFor(fit, 0.01, 1000)).toBeNaN();
});

test('equal compute joins one cell of each size', () => {
  const { even } = surfaceModel({ means }, []);
  expect(even.map(({ x }) => x.length)).toEqual([5, 5, 5, 5, 5]);
});

test('nothing measured is an empty map', () => {
  expect(surfaceModel({ means: [] }, [fit])).toEqual({ cells: [], contours: [], even: [], range: undefined });
});
