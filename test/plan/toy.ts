/** Toy kernels for tests of the plan: they are reflected and never run. */
import { defineKernel } from '../../src/gpu/kernel';
import type { PlanBuilder } from '../../src/plan/builder';
import type { Tensor } from '../../src/plan/tensor';

const kernel = defineKernel(
  'toy',
  `struct Extents { size: u32, accumulate_dx: u32 }
@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<storage, read> dy: array<f32>;
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;
@group(0) @binding(5) var<storage, read_write> z: array<f32>;
@compute @workgroup_size(16)
fn forward(@builtin(global_invocation_id) id: vec3u) { y[id.x] = x[id.x] * f32(extents.size); }
@compute @workgroup_size(16)
fn both(@builtin(global_invocation_id) id: vec3u) { y[id.x] = x[id.x]; z[id.x] = x[id.x]; }
@compute @workgroup_size(16)
fn backward(@builtin(global_invocation_id) id: vec3u) { dx[id.x] = dy[id.x] + f32(extents.accumulate_dx); }`,
);
export const toyKernel = kernel;

/** y = f(x), with its backward. */
export function toy(b: PlanBuilder, x: Tensor, name = 'y'): Tensor {
  const y = b.tensor(name, x.shape);
  b.dispatch(kernel, 'forward', { x, y }, { size: x.size, accumulate_dx: 0 }, x.size, { label: name, flops: x.size });
  b.backward(y, (dy) => {
    b.dispatch(kernel, 'backward', { dy, dx: b.grad(x) }, { size: x.size }, x.size, { label: `${name} dx` });
  });
  return y;
}

/** Two outputs of one dispatch; its backward runs when both have a gradient. */
export function twoOutputs(b: PlanBuilder, x: Tensor, seen: string[]): { y: Tensor; z: Tensor } {
  const [y, z] = [b.tensor('y', x.shape), b.tensor('z', x.shape)];
  b.dispatch(kernel, 'both', { x, y, z }, { size: x.size, accumulate_dx: 0 }, x.size, { label: 'both' });
  b.backwardAll([y, z], (dy, dz) => {
    seen.push(dy.name, dz.name);
    b.dispatch(kernel, 'backward', { dy, dx: b.grad(x) }, { size: x.size }, x.size, { label: 'both dx' });
  });
  return { y, z };
}

/** A slab tensor that stands for the gradient with which a backward begins. */
export function seed(b: PlanBuilder, shape: number[]): Tensor {
  return b.slab('seed', 'm', shape);
}
