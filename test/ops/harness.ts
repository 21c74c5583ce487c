/**
 * Runs ops on the GPU, forward and backward, against given inputs and output gradients, with two replicas that
 * hold different numbers. Every tensor gets a slot of its own, so that all of them can be read afterwards, and
 * so that a write beyond a tensor's end shows: as a changed padding word, or in the other replica. Whatever is
 * not yet written is a NaN, so that a sum that starts from it, or an operand read beyond its end, shows as well.
 */
import { expect, inject } from 'vitest';
import { PlanBuilder } from '../../src/plan/builder';
import type { Dispatch, Plan } from '../../src/plan/plan';
import { Replay, type Slabs } from '../../src/plan/replay';
import { partStride, sizeOf, wordsOf, type SlabName, type Tensor } from '../../src/plan/tensor';
import { validatePlan } from '../../src/plan/validate';
import type { Allocator } from '../../src/gpu/allocator';
import type { KernelProfile } from '../../src/gpu/profile';
import { Readback } from '../../src/train/readback';
import { randomNormals } from '../reference/random';
import { withAllocator } from '../device';

export const REPLICAS = 2;

declare module 'vitest' {
  interface ProvidedContext {
    /** Every profile that the project's adapter can run, first the one that it would choose. */
    profiles: KernelProfile[];
  }
}

/** Profiles that every product must be right in. */
export const PROFILES = inject('profiles');

/** The profile that the adapter of the tests chooses. */
export const OWN_PROFILE = PROFILES[0]!;

/** A NaN: the content of all that no kernel has written. */
const UNWRITTEN = 0x7fc5a5a5;

/** Numbers of one tensor for each replica: float32 values or u32 words. */
export type Values = (Float64Array | Uint32Array)[];

export interface OpInput {
  shape: number[];
  values: Values;
  /** In a buffer of its own, because the op writes to it. */
  changed?: boolean;
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
 * @param profile which kernels the op chooses
 * @param pass a pass over the recorded dispatches
 */
export async function runOp<In extends string, Out extends string>(
  inputs: Record<In, OpInput>,
  op: (b: PlanBuilder, inputs: Record<In, Tensor>) => Record<Out, Tensor>,
  dOutputs: Partial<Record<Out, OpInput>> = {},
  profile: KernelProfile = 'register',
  pass: (dispatches: Dispatch[]) => Dispatch[] = (dispatches) => dispatches,
): Promise<OpRun<Out, In>> {
  return withAllocator(async (allocator) => {
    const b = new PlanBuilder(REPLICAS, true, profile);
    const placed = new Placement(b);
    const tensors = placed.place(inputs, 'parameter');
    const outputs = op(b, tensors);
    const gradients = placed.place(dOutputs as Record<string, OpInput>, 'gradient');
    for (const [name, gradient] of Object.entries(gradients)) b.passGradient(outputs[name as Out], gradient);
    b.differentiate();
    const plan = planWithoutSharing(b.replicas, pass(b.dispatches));
    const slabs = placed.upload(allocator);
    const replay = await Replay.create(allocator, plan, slabs);
    for (const tensor of activationsOf(plan)) {
      const unwritten = new Uint32Array(wordsOf(tensor)).fill(UNWRITTEN);
      allocator.device.queue.writeBuffer(replay.rangeOf(tensor).buffer, 0, unwritten);
    }
    const readback = new Readback(allocator);
    await readback.submit(encodeOnce(allocator, replay), slabs.grads!);
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

/** Lays inputs out in the slabs `params` (with gradients in `grads`), `m` (gradients of outputs) and `biases`. */
class Placement {
  #offsets = { params: 0, m: 0, biases: 0 };
  #data: { slab: 'params' | 'm' | 'biases'; offset: number; input: OpInput }[] = [];

  constructor(private readonly b: PlanBuilder) {}

  place<Name extends string>(inputs: Record<Name, OpInput>, kind: 'parameter' | 'gradient'): Record<Name, Tensor> {
    const entries = Object.entries<OpInput>(inputs).map(([name, input]) => {
      const slab = input.changed ? 'biases' : kind === 'parameter' ? 'params' : 'm';
      const offset = this.#offsets[slab];
      this.#offsets[slab] += REPLICAS * partStride(sizeOf(input.shape));
      this.#data.push({ slab, offset, input });
      const tensor =
        slab === 'params'
          ? this.b.parameter(name, input.shape, offset)
          : this.b.slab(slab === 'm' ? `d ${name}` : name, slab, input.shape, offset);
      return [name, tensor] as const;
    });
    return Object.fromEntries(entries) as Record<Name, Tensor>;
  }

  upload(allocator: Allocator): Slabs {
    const grads = new Uint32Array(Math.max(this.#offsets.params, 4)).fill(UNWRITTEN);
    const slabs: Slabs = { grads: allocator.upload('grads', grads) };
    for (const slab of ['params', 'm', 'biases'] as const) {
      const data = new Uint32Array(Math.max(this.#offsets[slab], 4)).fill(UNWRITTEN);
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

function planWithoutSharing(replicas: number, dispatches: Dispatch[]): Plan {
  const activations = activationsOf({ dispatches });
  const plan = {
    replicas,
    dispatches,
    slots: new Map(activations.map(({ id }, slot) => [id, slot])),
    slotWords: activations.map(wordsOf),
  };
  validatePlan(plan);
  return plan;
}

function activationsOf({ dispatches }: Pick<Plan, 'dispatches'>): Tensor[] {
  const tensors = dispatches.flatMap(({ bindings }) => bindings.map(({ tensor }) => tensor));
  return [...new Set(tensors)].filter(({ home }) => home.kind === 'activation');
}

function encodeOnce({ device }: Allocator, replay: Replay): GPUCommandEncoder {
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  replay.encode(pass);
  pass.end();
  return encoder;
}

/** Words of slabs by name. */
export type SlabWords = Partial<Record<SlabName, Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>>>;

/**
 * Replays an op that changes whole slabs, `steps` times; `before` gives slabs that are overwritten before a step.
 * Returns what all slabs hold after each step.
 */
export async function runSlabs<Name extends SlabName>(
  initial: Record<Name, NonNullable<SlabWords[Name]>>,
  op: (b: PlanBuilder) => void,
  steps: number,
  before: (step: number) => SlabWords = () => ({}),
): Promise<Record<Name, Float32Array>[]> {
  return withAllocator(async (allocator) => {
    const b = new PlanBuilder(REPLICAS, true);
    op(b);
    const entries = Object.entries<NonNullable<SlabWords[Name]>>(initial);
    const slabs: Slabs = Object.fromEntries(entries.map(([name, data]) => [name, allocator.upload(name, data)]));
    const replay = await Replay.create(allocator, planWithoutSharing(b.replicas, b.dispatches), slabs);
    const readback = new Readback(allocator);
    const after: Record<Name, Float32Array>[] = [];
    for (let step = 0; step < steps; step++) {
      for (const [name, data] of Object.entries(before(step))) {
        allocator.device.queue.writeBuffer(slabs[name as SlabName]!, 0, data);
      }
      allocator.device.queue.submit([encodeOnce(allocator, replay).finish()]);
      const read: Partial<Record<Name, Float32Array>> = {};
      for (const [name] of entries) {
        read[name as Name] = await readback.submit(allocator.device.createCommandEncoder(), slabs[name as Name]!);
      }
      after.push(read as Record<Name, Float32Array>);
    }
    readback.destroy();
    replay.destroy();
    for (const buffer of Object.values(slabs)) allocator.destroy(buffer);
    return after;
  });
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
    if (padding.some((word) => word !== UNWRITTEN)) throw new Error(`${tensor.name}: written beyond its end`);
    return all.slice(start, start + tensor.size);
  });
}

/** The float64 numbers of an input, one array a replica. */
export function doubles(input: OpInput): Float64Array[] {
  return input.values.map((values) => Float64Array.from(values));
}

/** The same words read as unsigned integers. */
export function asWords(parts: Float32Array[]): number[][] {
  return parts.map((part) => [...new Uint32Array(part.buffer, part.byteOffset, part.length)]);
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
      // A NaN is the worst error, and stays it.
      if (!(error <= worst) && !Number.isNaN(worst)) [worst, at] = [error, i];
    });
    expect(worst, `replica ${replica}, element ${at}: ${values[at]} instead of ${wanted[at]}`).toBeLessThanOrEqual(
      bound,
    );
  });
}
