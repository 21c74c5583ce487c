/** The harness must see the faults that it is there to find. */
import { expect, test } from 'vitest';
import { defineKernel } from '../../src/gpu/kernel';
import { expectClose, normal, runOp, type OpInput } from './harness';

/** Copies `x` to `y`, and EXTRA sevens behind its end; STARTED from what is in y. */
const kernel = defineKernel(
  'copy for the harness test',
  `
const EXTRA = 0u;
const STARTED = false;
struct Extents { size: u32 }
@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let base = id.z * ((extents.size + 63u) & ~63u);
  for (var at = 0u; at < extents.size + EXTRA; at++) {
    var value = select(x[base + at], 7.0, at >= extents.size);
    if (STARTED) { value += y[base + at]; }
    y[base + at] = value;
  }
}`,
);

function copy(x: OpInput, constants: Record<string, number | boolean> = {}) {
  const size = x.shape[0]!;
  return runOp({ x }, (b, t) => {
    const y = b.tensor('y', [size]);
    b.dispatch(kernel, 'main', { x: t.x, y }, { size }, 1, { constants });
    return { y };
  });
}

test('a faithful kernel passes', async () => {
  const x = normal([61], 1);
  expectClose((await copy(x)).outputs.y, x.values as Float64Array[], 0);
});

test('a write behind the end is found', async () => {
  await expect(copy(normal([61], 1), { EXTRA: 1 })).rejects.toThrow('y: written beyond its end');
  await expect(copy(normal([61], 1), { EXTRA: 9 })).rejects.toThrow('y: written beyond its end');
});

test('a sum that starts from what was not written is found', async () => {
  const x = normal([61], 1);
  const { outputs } = await copy(x, { STARTED: true });
  expect(() => expectClose(outputs.y, x.values as Float64Array[], 10)).toThrow('replica 0');
});

test('a wrong number, a NaN and a missing tensor are found', () => {
  const want = [Float64Array.of(1, 2, 3)];
  expect(() => expectClose([Float32Array.of(1, 2.001, 3)], want, 10)).toThrow('element 1');
  expect(() => expectClose([Float32Array.of(1, NaN, 3)], want, 10)).toThrow('element 1');
  expect(() => expectClose([Float32Array.of(1, 2)], want, 10)).toThrow();
  expect(() => expectClose(undefined, want, 10)).toThrow();
});
