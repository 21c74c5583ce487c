import { Allocator } from '../../src/gpu/allocator';
import { defineKernel } from '../../src/gpu/kernel';
import { PlanBuilder } from '../../src/plan/builder';
import { buildPlan } from '../../src/plan/build';
import { Replay } from '../../src/plan/replay';
import source from '../multiply-add.wgsl?raw';

const kernel = defineKernel('multiply-add', source);
const INVOCATIONS = 2048;
const ROUNDS = 160;
const FLOPS = INVOCATIONS * ROUNDS * 16 * 8 * 4 * 2;

/** Measures, each time it is called, the GFLOP/s of multiply-adds that this adapter reaches just now. */
export async function multiplyAddCeiling(allocator: Allocator): Promise<() => Promise<number>> {
  const b = new PlanBuilder(1, false);
  const out = b.slab('out', 'params', [INVOCATIONS * 4]);
  b.dispatch(kernel, 'main', { out }, { rounds: ROUNDS }, INVOCATIONS, { flops: FLOPS });
  const params = allocator.storage('out', INVOCATIONS * 16);
  const replay = await Replay.create(allocator, buildPlan(b), { params });
  return async () => FLOPS / (await timeReplay(allocator.device, replay)) / 1e6;
}

/** Milliseconds of one submit that replays a plan, or its dispatches from `from` up to `to`, `repeats` times; for each. */
export async function timeReplay(
  device: GPUDevice,
  replay: Replay,
  repeats = 1,
  from?: number,
  to?: number,
): Promise<number> {
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  for (let i = 0; i < repeats; i++) replay.encode(pass, from, to);
  pass.end();
  const started = performance.now();
  device.queue.submit([encoder.finish()]);
  await device.queue.onSubmittedWorkDone();
  return (performance.now() - started) / repeats;
}
