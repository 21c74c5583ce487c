import { expect, test } from 'vitest';
import { openDevice } from '../../src/gpu/device';
import { fastest, probeKernels } from '../../src/train/probe';
import { testDevice } from '../device';

const PATIENT = { compileWithin: 30_000, timeWithin: 20_000 };

test('with time enough both kinds of kernels are timed, and the faster ones are named, wherever they stand', async () => {
  const device = await testDevice();
  // Without a GPU what is in workgroup memory costs three times as much: no chance decides this.
  const { profile, rows } = await probeKernels(device, PATIENT);
  expect(rows.map(({ kernelProfile }) => kernelProfile)).toEqual(['register', 'workgroup']);
  for (const { milliseconds } of rows) expect(milliseconds).toBeGreaterThan(0);
  expect(profile).toBe('register');
  const turned = await probeKernels(device, { ...PATIENT, profiles: ['workgroup', 'register'] });
  expect(turned.profile).toBe('register');
});

test('what does not answer in time has lost, and the first is taken', async () => {
  const { device } = await openDevice();
  const impatient = { compileWithin: 1, timeWithin: 1 };
  const { profile, rows } = await probeKernels(device, impatient);
  expect(profile).toBe('register');
  expect(rows.map(({ milliseconds }) => milliseconds)).toEqual([null, null]);
  device.destroy();
});

test.each([
  { times: [2, 1], index: 1 },
  { times: [1, 0.95], index: 0 },
  { times: [1, null], index: 0 },
  { times: [null, 1], index: 1 },
  { times: [null, null], index: 0 },
  { times: [4, 2, 1], index: 2 },
])('of $times the choice is number $index', ({ times, index }) => {
  expect(fastest(times.map((milliseconds) => ({ kernelProfile: 'any', milliseconds })))).toBe(index);
});
