import { expect, test } from 'vitest';
import { shareOfLimit } from '../../src/bench/ceilings';
import { raceArm } from '../../src/bench/specs';

const ceilings = { multiplyAdd: 10, load: 4, store: 4, copy: 2, dispatch: 20, submit: 400, barrier: 3 };

test('the limit is the longer of the time for the FLOPs and the time for the bytes', () => {
  // 20 MFLOP at 10 GFLOP/s are 2 ms; 2 MB at 2 GB/s are 1 ms.
  expect(shareOfLimit(ceilings, 20e6, 2e6, 4)).toBe(0.5);
  expect(shareOfLimit(ceilings, 20e6, 8e6, 4)).toBe(1);
  expect(shareOfLimit(ceilings, 0, 0, 4)).toBe(0);
});

test('the race’s arms are measured as the race runs them: three seeds of one shape', () => {
  const sparse = raceArm('sparse');
  expect(sparse.map(({ hyper }) => hyper.seed)).toEqual([1, 2, 3]);
  expect(sparse[0]!.model.moe?.nExperts).toBe(16);
});
