/** Kernels of wide models compile on a device with WebGPU's default limits. */
import { expect, test } from 'vitest';
import { compilePlan } from '../../src/plan/replay';
import { DEFAULT_LIMITS } from '../../src/plan/validate';
import { planCohort } from '../../src/train/cohort';
import { stepSpec } from '../config/specs';
import { testDevice } from '../device';

test('the test device has the default limits, no more', async () => {
  const { limits } = await testDevice();
  expect([
    limits.maxStorageBuffersPerShaderStage,
    limits.maxComputeInvocationsPerWorkgroup,
    limits.maxComputeWorkgroupsPerDimension,
    limits.maxStorageBufferBindingSize,
    limits.maxComputeWorkgroupStorageSize,
  ]).toEqual([
    DEFAULT_LIMITS.storageBuffersPerStage,
    DEFAULT_LIMITS.invocationsPerWorkgroup,
    DEFAULT_LIMITS.workgroupsPerDimension,
    DEFAULT_LIMITS.bindingBytes,
    DEFAULT_LIMITS.workgroupBytes,
  ]);
});

// Smaller models' kernels are compiled by the tests that train them.
test('the evaluation of S', async () => {
  const device = await testDevice();
  device.pushErrorScope('validation');
  const { plan } = planCohort([stepSpec()]).evaluate;
  let compiled = 0;
  await compilePlan(device, plan, () => compiled++);
  expect(compiled).toBe(plan.dispatches.length);
  expect(await device.popErrorScope()).toBeNull();
});
