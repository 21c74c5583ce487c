import { median } from '../math/statistics';
import type { Replay } from './replay';

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

/** Repeats that make something which took `milliseconds` long enough to be timed. */
export function repeatsFor(milliseconds: number, enough = 20): number {
  return Math.max(1, Math.min(2000, Math.round(enough / Math.max(milliseconds, 0.01))));
}

/** Median milliseconds of some rounds, each long enough to be timed, of a plan or of one dispatch of it. */
export async function medianTime(device: GPUDevice, replay: Replay, rounds: number, index?: number): Promise<number> {
  const time = (repeats: number): Promise<number> =>
    timeReplay(device, replay, repeats, index, index === undefined ? undefined : index + 1);
  const repeats = repeatsFor(await time(4));
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await time(repeats));
  return median(times);
}

/** Rounded to `digits` digits that count. */
export function rounded(value: number, digits = 4): number {
  return Number(value.toPrecision(digits));
}
