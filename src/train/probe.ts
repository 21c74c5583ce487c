/** Which kernels suit a GPU: one matrix product of a training step, timed with those of each profile that may be best. */
import { Allocator } from '../gpu/allocator';
import type { KernelProfile } from '../gpu/profile';
import { matmul } from '../ops/matmul';
import { buildPlan } from '../plan/build';
import { PlanBuilder } from '../plan/builder';
import { Replay } from '../plan/replay';
import { repeatsFor, timeReplay } from '../plan/timing';
import type { ProbeRow } from '../protocol';

/** Milliseconds in which pipelines must be compiled, and in which the product must have been timed. */
const COMPILE_WITHIN = 140;
const TIME_WITHIN = 60;
/** Milliseconds that one timing aims at, and how many there are of each, in turn. */
const ENOUGH = 4;
const ROUNDS = 3;
/** Another profile must be clearly faster than the first one, or chance would choose. */
const CLEARLY = 0.9;

/** The up-projection of a model that is 64 wide, over 1,024 tokens. */
const SIZES = { m: 1024, n: 256, k: 64 };

interface Contender {
  profile: KernelProfile;
  /** Resolves to undefined when the kernels do not compile; nobody needs to know why as long as others do. */
  ready: Promise<Replay | undefined>;
  times: number[];
}

export interface ProbeOptions {
  profiles?: readonly KernelProfile[];
  compileWithin?: number;
  timeWithin?: number;
}

/**
 * Times the profiles and names the fastest; the first unless another is clearly faster. Whatever has not answered in
 * time has lost, and if that is all of them, the first is named: so this takes some 200 ms at most.
 */
export async function probeKernels(
  device: GPUDevice,
  { profiles = ['register', 'workgroup'], compileWithin = COMPILE_WITHIN, timeWithin = TIME_WITHIN }: ProbeOptions = {},
): Promise<{ profile: KernelProfile; rows: ProbeRow[] }> {
  const allocator = new Allocator(device);
  const slabs = {
    params: allocator.storage('probe a', SIZES.m * SIZES.k * 4),
    m: allocator.storage('probe b', SIZES.k * SIZES.n * 4),
  };
  const contenders = profiles.map((profile): Contender => {
    const ready = Replay.create(allocator, productPlan(profile), slabs).catch(() => undefined);
    return { profile, ready, times: [] };
  });
  const compiled = timeLimit(compileWithin);
  const replays = await Promise.all(contenders.map(({ ready }) => Promise.race([ready, compiled])));
  await timeInTurn(device, contenders, replays, timeLimit(timeWithin));
  void Promise.all(contenders.map(({ ready }) => ready)).then((all) => {
    for (const replay of all) replay?.destroy();
    for (const buffer of Object.values(slabs)) allocator.destroy(buffer);
  });
  const rows = contenders.map(({ profile, times }) => ({
    kernelProfile: profile,
    milliseconds: times.length > 0 ? Math.min(...times) : null,
  }));
  return { profile: profiles[fastest(rows)]!, rows };
}

function productPlan(profile: KernelProfile) {
  const b = new PlanBuilder(1, false, profile);
  const { m, n, k } = SIZES;
  const c = b.tensor('c', [m, n]);
  b.keep(c);
  const [left, right] = [b.slab('a', 'params', [m, k]), b.slab('b', 'm', [k, n])];
  matmul(b, left, right, { tensor: c, accumulate: false }, SIZES, { label: 'probe' });
  return buildPlan(b);
}

function timeLimit(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, undefined));
}

/** Writes each contender's times, round by round, until the time is over. The first round only finds out how often. */
async function timeInTurn(
  device: GPUDevice,
  contenders: readonly Contender[],
  replays: readonly (Replay | undefined)[],
  over: Promise<undefined>,
): Promise<void> {
  const repeats = contenders.map(() => 1);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [i, { times }] of contenders.entries()) {
      const replay = replays[i];
      if (!replay) continue;
      // A device that is lost meanwhile is reported by whoever trains on it.
      const timed = timeReplay(device, replay, repeats[i]).catch(() => undefined);
      const time = await Promise.race([timed, over]);
      if (time === undefined) return;
      if (round === 0) repeats[i] = repeatsFor(time, ENOUGH);
      // A long one needs no repetition, and there may be no time for it.
      if (round > 0 || repeats[i] === 1) times.push(time);
    }
  }
}

/** Index of the first row, or of one that is clearly faster than all before it. */
export function fastest(rows: readonly ProbeRow[]): number {
  const time = (index: number): number => rows[index]!.milliseconds ?? Infinity;
  return rows.reduce((best, _row, index) => (time(index) < CLEARLY * time(best) ? index : best), 0);
}
