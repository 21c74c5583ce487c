/**
 * Runs ops on the GPU, forward and backward, against given inputs and output gradients, with two replicas that
 * hold different numbers. Every tensor gets a slot of its own, so that all of them can be read afterwards, and
 * so that a write beyond a tensor's end shows: as a changed padding word, or in the other replica.
 */
import { expect } from 'vitest';
import { PlanBuilder } from '../../src/plan/builder';
import type { Plan } from '../../src/plan/plan';
import { Replay, type Slabs } from '../../src/plan/replay';
import { partStride, sizeOf, wordsOf, type Tensor } from '../../src/plan/tensor';
import { validatePlan } from '../../src/plan/validate';
import type { Allocator } from '../../src/gpu/allocator';
import { Readback } from '../../src/train/readback';
import { randomNormals } from '../reference/random';
import { withAllocator } from '../device';

export const REPLICAS = 2;

/** Numbers of one tensor for each replica: float32 values or u32 words. */
export type Values = (Float64Array | Uint32Array)[];

export interface OpInput {
  shape: number[];
  values: Values;
}

/** A float32 tensor with standard normal numbers, different in each replica. Rounded to float32 already. */
export function normal(shape: number[], stream: number, scale = 1): OpInput {
  const values = Array.from({ length: REPLICAS }, (_, r) =>
    randomNormals(sizeOf(shape), stream * 10 + r).map((x) => Math.fround(x * scale)),
  );
  return { shape, values };
}

export function words(shape: number[], ...values: Uint32Array[]): OpInput {
  return { shape, values };
}

export interface OpRun<Out extends string, In extends string> {
  outputs: Record<Out, Float32Array[]>;
  gradients: Partial<Record<In, Float32Array[]>>;
  plan: Plan;
}

/**
 * @param inputs tensors that the op reads; those of `dOutputs` are the gradients of outputs of the same name
 * @param op builds the op and returns its outputs by name
 */
export async function runOp<In extends string, Out extends string>(
  inputs: Record<In, OpInput>,
  op: (b: PlanBuilder, inputs: Record<In, Tensor>) => Record<Out, Tensor>,
  dOutputs: Partial<Record<Out, OpInput>> = {},
): Promise<OpRun<Out, In>> {
  return withAllocator(async (allocator) => {
    const b = new PlanBuilder(REPLICAS, true);
    const placed = new Placement(b);
    const tensors = placed.place(inputs, 'parameter');
    const outputs = op(b, tensors);
    const gradients = placed.place(dOutputs as Record<string, OpInput>, 'gradient');
    for (const [name, gradient] of Object.entries(gradients)) b.passGradient(outputs[name as Out], gradient);
    b.differentiate();
    const plan = planWithoutSharing(b);
    const slabs = placed.upload(allocator);
    const replay = await Replay.create(allocator, plan, slabs);
    const readback = new Readback(allocator);
    const encoder = allocator.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    replay.encode(pass);
    pass.end();
    await readback.submit(encoder, slabs.grads!);
    const read = (tensor: Tensor): Promise<Float32Array[]> => readTensor(allocator, readback, replay, slabs, tensor);
    const result: OpRun<Out, In> = { outputs: {} as Record<Out, Float32Array[]>, gradients: {}, plan };
    for (const [name, tensor] of Object.entries<Tensor>(outputs)) result.outputs[name as Out] = await read(tensor);
    for (const [name, tensor] of Object.entries<Tensor>(tensors)) {
      const gradient = b.gradientOf(tensor);
      if (gradient) result.gradients[name as In] = await read(gradient);
    }
    readback.destroy();
    replay.destroy();
    for (const buffer of Object.values(slabs)) allocator.destroy(buffer);
    return result;
  });
}

/** Lays inputs out in the slabs `params` (with gradients in `grads`) and `m` (gradients of outputs). */
class Placement {
  #offsets = { params: 0, m: 0 };
  #data: { slab: 'params' | 'm'; offset: number; input: OpInput }[] = [];

  constructor(private readonly b: PlanBuilder) {}

  place<Name extends string>(inputs: Record<Name, OpInput>, kind: 'parameter' | 'gradient'): Record<Name, Tensor> {
    const slab = kind === 'parameter' ? 'params' : 'm';
    const entries = Object.entries<OpInput>(inputs).map(([name, input]) => {
      const offset = this.#offsets[slab];
      this.#offsets[slab] += REPLICAS * partStride(sizeOf(input.shape));
      this.#data.push({ slab, offset, input });
      const tensor =
        kind === 'parameter'
          ? this.b.parameter(name, input.shape, offset)
          : this.b.slab(`d ${name}`, 'm', input.shape, offset);
      return [name, tensor] as const;
    });
    return Object.fromEntries(entries) as Record<Name, Tensor>;
  }

  upload(allocator: Allocator): Slabs {
    const slabs: Slabs = { grads: allocator.storage('grads', this.#offsets.params * 4) };
    for (const slab of ['params', 'm'] as const) {
      const data = new Uint32Array(Math.max(this.#offsets[slab], 4));
      const floats = new Float32Array(data.buffer);
      for (const { offset, input } of this.#data.filter((entry) => entry.slab === slab)) {
        input.values.forEach((values, replica) => {
          const at = offset + replica * partStride(sizeOf(input.shape));
          if (values instanceof Uint32Array) data.set(values, at);
          else floats.set(values, at);
        });
      }
      slabs[slab] = allocator.upload(slab, data);
    }
    return slabs;
  }
}

function planWithoutSharing(b: PlanBuilder): Plan {
  const slots = new Map<number, number>();
  const slotWords: number[] = [];
  for (const { bindings } of b.dispatches) {
    for (const { tensor } of bindings) {
      if (tensor.home.kind !== 'activation' || slots.has(tensor.id)) continue;
      slots.set(tensor.id, slotWords.length);
      slotWords.push(wordsOf(tensor));
    }
  }
  const plan = { replicas: b.replicas, dispatches: b.dispatches, slots, slotWords };
  validatePlan(plan);
  return plan;
}

/** Each replica's part; fails when a padding word behind a part was written. */
async function readTensor(
  allocator: Allocator,
  readback: Readback,
  replay: Replay,
  slabs: Slabs,
  tensor: Tensor,
): Promise<Float32Array[]> {
  const { buffer, offset = 0 } =
    tensor.home.kind === 'slab'
      ? { buffer: slabs[tensor.home.slab]!, offset: tensor.home.offset * 4 }
      : replay.rangeOf(tensor);
  const all = await readback.submit(allocator.device.createCommandEncoder(), buffer);
  const stride = partStride(tensor.size);
  return Array.from({ length: REPLICAS }, (_, replica) => {
    const start = offset / 4 + replica * stride;
    const padding = new Uint32Array(all.buffer, (start + tensor.size) * 4, stride - tensor.size);
    if (padding.some((word) => word !== 0)) throw new Error(`${tensor.name}: written beyond its end`);
    return all.slice(start, start + tensor.size);
  });
}

/** Half a unit in the last place of float32. */
export const EPSILON = 2 ** -24;

/**
 * Compares with float64, for each replica. The bound is that of a float32 sum of `terms` numbers in any order,
 * terms · 2^-24 · Σ|term|, with Σ|term| taken as at most `spread` times the largest result.
 */
export function expectClose(got: Float32Array[] | undefined, want: Float64Array[], terms: number, spread = 4): void {
  expect(got).toBeDefined();
  want.forEach((wanted, replica) => {
    const values = got![replica]!;
    expect(values.length).toBe(wanted.length);
    const largest = wanted.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    const bound = terms * EPSILON * spread * Math.max(largest, 1e-30);
    let worst = 0;
    let at = 0;
    values.forEach((x, i) => {
      const error = Math.abs(x - wanted[i]!);
      if (!(error <= worst)) [worst, at] = [error, i];
    });
    expect(worst, `replica ${replica}, element ${at}: ${values[at]} instead of ${wanted[at]}`).toBeLessThanOrEqual(
      bound,
    );
  });
}
