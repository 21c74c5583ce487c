import { expect, test } from 'vitest';
import type { PointsEvent } from '../../src/protocol';
import { Curves } from '../../src/ui/curves';
import { stretches } from '../../src/ui/stretches';

/** Steps of two replicas whose losses are given, over a floor of 1. */
function points(firstStep: number, losses: [number, number][], branch = -1): PointsEvent {
  const data = new Float32Array(losses.flatMap(([a, b]) => [a, 1, 0, 0, b, 1, 0, 0]));
  return { type: 'points', cohort: 0, branch, firstStep, steps: losses.length, data };
}

function curves(): Curves {
  const made = new Curves();
  // One branch leaves after a step and ends after three; the run ends after six.
  const branches = [
    { from: 1, steps: 3 },
    { from: 4, steps: 6 },
  ];
  made.reset([{ cohort: 0, replicas: 2, branches }]);
  return made;
}

test('means over any stretch of steps, by replica', () => {
  const made = curves();
  made.add(
    points(1, [
      [3, 4],
      [2, 4],
      [1, 4],
    ]),
    3,
  );
  expect(made.steps(0)).toBe(3);
  expect(made.mean(0, 0, 'loss', 1, 3)).toBeCloseTo(2, 6);
  expect(made.mean(0, 0, 'excess', 2, 3)).toBeCloseTo(0.5, 6);
  expect(made.mean(0, 1, 'excess', 1, 1)).toBeCloseTo(3, 6);
  expect(made.mean(0, 0, 'loss', 3, 4)).toBeUndefined();
});

test('the last branch goes on where the trunk ended; others have a curve of their own', () => {
  const made = curves();
  made.add(
    points(1, [
      [3, 3],
      [3, 3],
    ]),
    1,
  );
  made.add(points(2, [[9, 9]], 0), 2);
  made.add(points(3, [[2, 2]], 1), 3);
  expect(made.steps(0)).toBe(3);
  expect(made.mean(0, 0, 'loss', 3, 3)).toBe(2);
  expect(made.branchSteps(0, 0)).toBe(1);
  expect(made.mean(0, 0, 'excess', 2, 2, 0)).toBe(8);
  expect(made.mean(0, 0, 'excess', 1, 2, 0)).toBeUndefined();
  expect(made.mean(0, 0, 'excess', 2, 3, 0)).toBeUndefined();
  // Its seconds are not the run's.
  expect([made.seconds(0, 2), made.seconds(0, 3)]).toEqual([1, 4]);
});

test('what was put aside comes back as it was', () => {
  const made = curves();
  made.add(points(1, [[3, 3]]), 1);
  const { content } = made;
  made.reset([]);
  expect(made.steps(0)).toBe(0);
  made.restore(content);
  expect(made.mean(0, 1, 'loss', 1, 1)).toBe(3);
});

test('a replica that diverged has no mean from there on, and the other is untouched', () => {
  const made = curves();
  made.add(
    points(1, [
      [3, 3],
      [NaN, 2],
      [5, 1],
    ]),
    1,
  );
  expect(made.divergedAt(0, 0)).toBe(2);
  expect(made.divergedAt(0, 1)).toBeUndefined();
  expect(made.mean(0, 0, 'loss', 1, 1)).toBe(3);
  expect(made.mean(0, 0, 'loss', 3, 3)).toBeUndefined();
  expect(made.mean(0, 1, 'loss', 1, 3)).toBe(2);
});

test('seconds are spread over the steps of a batch', () => {
  const made = curves();
  made.add(
    points(1, [
      [1, 1],
      [1, 1],
    ]),
    4,
  );
  expect([made.seconds(0, 1), made.seconds(0, 2)]).toEqual([2, 4]);
});

test('subscribers hear of every change until they leave', () => {
  const made = curves();
  let heard = 0;
  const leave = made.subscribe(() => heard++);
  made.add(points(1, [[1, 1]]), 1);
  leave();
  made.add(points(2, [[1, 1]]), 2);
  expect(heard).toBe(1);
});

test.each([
  [1, 18, true],
  [9, 553, true],
  [1, 14746, false],
  [1, 1, true],
])('stretches from %s to %s cover every step once', (first, steps, log) => {
  const cut = stretches(first, steps, log);
  expect(cut[0]?.from).toBe(first);
  expect(cut.at(-1)?.to).toBe(steps);
  for (let i = 1; i < cut.length; i++) expect(cut[i]?.from).toBe(cut[i - 1]!.to + 1);
});
