import { expect, test } from 'vitest';
import { segmentsOf } from '../../src/train/segments';

test('a trunk with three branches visits each branch where it leaves, and goes on from there', () => {
  const branches = [
    { fraction: 0.25, from: 20, steps: 25 },
    { fraction: 0.5, from: 40, steps: 50 },
    { fraction: 1, from: 80, steps: 100 },
  ];
  expect(segmentsOf(branches)).toEqual([
    { branch: -1, from: 0, to: 20 },
    { branch: 0, from: 20, to: 25 },
    { branch: -1, from: 20, to: 40 },
    { branch: 1, from: 40, to: 50 },
    { branch: -1, from: 40, to: 80 },
    { branch: 2, from: 80, to: 100 },
  ]);
});

test('a schedule without decay is a trunk and a branch of no steps, where it is evaluated', () => {
  expect(segmentsOf([{ fraction: 1, from: 30, steps: 30 }])).toEqual([
    { branch: -1, from: 0, to: 30 },
    { branch: 0, from: 30, to: 30 },
  ]);
});

test('a schedule that decays from the first step has no trunk', () => {
  expect(segmentsOf([{ fraction: 1, from: 0, steps: 30 }])).toEqual([{ branch: 0, from: 0, to: 30 }]);
});
