/** The whole benchmark: ceilings first, then what was asked for, each figure as a share of what the ceilings allow. */
import type { BenchOptions, BenchResult } from '../bench-result';
import { Allocator } from '../gpu/allocator';
import { openDevice } from '../gpu/device';
import { probeKernels } from '../train/probe';
import { measureCeilings } from './ceilings';
import { measureKernels } from './kernels';
import { measureMoe } from './moe';
import { measureDispatches, measureReplicas, measureSteps } from './steps';

/** Medians are over so many rounds. */
const ROUNDS = { quick: 5, full: 15 } as const;

export async function benchmark(
  { parts, full, kernels }: BenchOptions,
  log: (what: string) => void,
): Promise<BenchResult> {
  const { device, info, profile, bundled } = await openDevice({ kernels, probe: probeKernels });
  const allocator = new Allocator(device);
  const rounds = full ? ROUNDS.full : ROUNDS.quick;
  const measuring = { allocator, profile, bundled, rounds, full, log };
  try {
    log('the adapter’s ceilings');
    const ceilings = await measureCeilings(allocator);
    const has = (part: (typeof parts)[number]): boolean => parts.includes(part);
    return {
      schemaVersion: 1,
      device: info,
      ceilings,
      kernels: has('kernels') ? await measureKernels(allocator, profile, ceilings, rounds, log) : [],
      steps: has('steps') ? await measureSteps(measuring) : [],
      moe: has('moe') ? await measureMoe(measuring) : [],
      replicas: has('replicas') ? await measureReplicas(measuring) : [],
      dispatches: has('dispatches') ? await measureDispatches(measuring) : [],
    };
  } finally {
    device.destroy();
  }
}
