import { expect, test } from 'vitest';
import { namedProfile, openDevice, type Probe } from '../../src/gpu/device';

test('without being asked, this adapter’s four neighbours decide, and nothing is probed', async () => {
  const probe: Probe = () => Promise.reject(new Error('probed'));
  const { device, profile, info } = await openDevice({ probe });
  expect(info).toMatchObject({ kernelProfile: 'subgroup', kernelsBy: 'adapter', probe: [], software: true });
  expect(profile).toBe('subgroup');
  device.destroy();
});

test('kernels that are asked for are taken, and reported as asked for', async () => {
  const { device, profile, info } = await openDevice({ kernels: 'workgroup' });
  expect(info).toMatchObject({ kernelProfile: 'workgroup', kernelsBy: 'request' });
  expect(profile).toBe('workgroup');
  device.destroy();
});

test('kernels that there are not, or not here, are refused with a sentence', async () => {
  const refused = {
    name: 'LabError/kernels',
    message: expect.stringContaining('register, workgroup, subgroup') as string,
  };
  await expect(openDevice({ kernels: 'fast' })).rejects.toMatchObject(refused);
  expect(() => namedProfile('subgroup', false)).toThrow('exactly four invocations');
  expect(namedProfile('subgroup', true)).toBe('subgroup');
  expect(namedProfile('register', false)).toBe('register');
});
