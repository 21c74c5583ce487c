import source from '../../shaders/ceilings.wgsl?raw';
import type { Ceilings } from '../bench-result';
import type { Allocator } from '../gpu/allocator';
import { defineKernel } from '../gpu/kernel';
import { median } from '../math/statistics';
import { buildPlan } from '../plan/build';
import { PlanBuilder } from '../plan/builder';
import { Replay } from '../plan/replay';
import { medianTime, rounded, timeReplay } from '../plan/timing';

const kernel = defineKernel('ceilings', source);

const INVOCATIONS = 2048;
const WORKGROUP = 32;
const MULTIPLY_ADD_ROUNDS = 160;
const MULTIPLY_ADDS = INVOCATIONS * MULTIPLY_ADD_ROUNDS * 16 * 8 * 4;
/** vec4s that each invocation reads or writes: 4 MiB in all, more than caches near the processor hold. */
const VECTORS = 128;
const BYTES = INVOCATIONS * VECTORS * 16;
const BARRIERS = 64;
const ROUNDS = 5;

type Entry = 'multiply_add' | 'load' | 'store' | 'copy' | 'barrier' | 'nothing';

/** One dispatch of one of the ceilings' kernels, ready to be timed. */
async function ceilingReplay(allocator: Allocator, entry: Entry, rounds: number): Promise<Replay> {
  const b = new PlanBuilder(1, false);
  const size = INVOCATIONS * VECTORS * 4;
  const [x, y] = [b.slab('x', 'params', [size]), b.slab('y', 'grads', [size])];
  const reads = entry === 'load' || entry === 'copy';
  const invocations = entry === 'nothing' ? 1 : INVOCATIONS;
  b.dispatch(kernel, entry, { ...(reads && { x }), y }, { rounds, invocations: INVOCATIONS }, invocations);
  const slabs = { params: allocator.storage('x', size * 4), grads: allocator.storage('y', size * 4) };
  return Replay.create(allocator, buildPlan(b), slabs);
}

/** Measures, each time it is called, the GFLOP/s of multiply-adds that this adapter reaches just now. */
export async function multiplyAddCeiling(allocator: Allocator): Promise<() => Promise<number>> {
  const replay = await ceilingReplay(allocator, 'multiply_add', MULTIPLY_ADD_ROUNDS);
  await timeReplay(allocator.device, replay);
  return async () => (2 * MULTIPLY_ADDS) / (await timeReplay(allocator.device, replay)) / 1e6;
}

/** Milliseconds of one dispatch among many, the median of some rounds. */
async function timeOf(allocator: Allocator, entry: Entry, rounds: number): Promise<number> {
  return medianTime(allocator.device, await ceilingReplay(allocator, entry, rounds), ROUNDS);
}

async function submitTime({ device }: Allocator): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 4 * ROUNDS; i++) {
    const started = performance.now();
    device.queue.submit([device.createCommandEncoder().finish()]);
    await device.queue.onSubmittedWorkDone();
    times.push(performance.now() - started);
  }
  return median(times);
}

export async function measureCeilings(allocator: Allocator): Promise<Ceilings> {
  const multiplyAdd = await timeOf(allocator, 'multiply_add', MULTIPLY_ADD_ROUNDS);
  const nothing = await timeOf(allocator, 'nothing', 1);
  const barriers = await timeOf(allocator, 'barrier', BARRIERS);
  const without = await timeOf(allocator, 'barrier', 0);
  const perSecond = (bytes: number, milliseconds: number): number => rounded(bytes / milliseconds / 1e6);
  return {
    multiplyAdd: rounded((2 * MULTIPLY_ADDS) / multiplyAdd / 1e6),
    load: perSecond(BYTES, await timeOf(allocator, 'load', VECTORS)),
    store: perSecond(BYTES, await timeOf(allocator, 'store', VECTORS)),
    copy: perSecond(2 * BYTES, await timeOf(allocator, 'copy', VECTORS)),
    dispatch: rounded(1000 * nothing),
    submit: rounded(1000 * (await submitTime(allocator))),
    // Of one workgroup, as if its neighbours ran one after the other: without a GPU they do.
    barrier: rounded((1000 * Math.max(0, barriers - without)) / BARRIERS / (INVOCATIONS / WORKGROUP)),
  };
}

/** Share of the limit of something with these FLOPs and bytes that took `milliseconds`. */
export function shareOfLimit(ceilings: Ceilings, flops: number, bytes: number, milliseconds: number): number {
  const least = Math.max(flops / ceilings.multiplyAdd, bytes / ceilings.copy) / 1e6;
  return rounded(least / milliseconds, 3);
}
