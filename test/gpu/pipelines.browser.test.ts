import { expect, test, vi } from 'vitest';
import { defineKernel, kernelModule } from '../../src/gpu/kernel';
import { pipeline } from '../../src/gpu/pipelines';
import { testDevice } from '../device';

const kernel = defineKernel(
  'doubling',
  'const FACTOR = 2u;',
  `@group(0) @binding(0) var<storage, read_write> x: array<u32>;
@compute @workgroup_size(1)
fn main(@builtin(global_invocation_id) id: vec3u) { x[id.x] *= FACTOR; }
@compute @workgroup_size(1)
fn other(@builtin(global_invocation_id) id: vec3u) { x[id.x] += FACTOR; }`,
);

test('one text and entry point is compiled once, also while the first is under way', async () => {
  const device = await testDevice();
  const compile = vi.spyOn(device, 'createComputePipelineAsync');
  const shaders = vi.spyOn(device, 'createShaderModule');
  const get = (entry: string, FACTOR: number) =>
    pipeline(device, { label: 'doubling', module: kernelModule(kernel, { FACTOR }), entry });
  const [first, second] = await Promise.all([get('main', 2), get('main', 2)]);
  expect(second).toBe(first);
  expect(await get('main', 2)).toBe(first);
  expect(compile).toHaveBeenCalledTimes(1);
  expect(await get('other', 2)).not.toBe(first);
  expect(shaders).toHaveBeenCalledTimes(1);
  await get('main', 3);
  expect(compile).toHaveBeenCalledTimes(3);
  expect(shaders).toHaveBeenCalledTimes(2);
});

test('a kernel that does not compile is named, with the line and the reason', async () => {
  const device = await testDevice();
  const broken = defineKernel(
    'broken',
    '@group(0) @binding(0) var<storage, read_write> x: array<u32>;\n@compute @workgroup_size(1)\nfn main() {\n  x[0] = 1.5;\n}',
  );
  device.pushErrorScope('validation');
  const compiled = pipeline(device, { label: 'broken/main', module: kernelModule(broken, {}), entry: 'main' });
  await expect(compiled).rejects.toMatchObject({ name: 'LabError/shader' });
  await expect(compiled).rejects.toThrow(
    /kernel broken\/main does not compile.*line 4: .*f32|line 4: .*abstract-float/,
  );
  expect(await device.popErrorScope()).not.toBeNull();
});
