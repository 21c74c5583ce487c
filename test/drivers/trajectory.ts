/** Runs in a page and in Node alike, so that the same training can be compared on two drivers. */
import type { RunSpec } from '../../src/config/run-spec';
import { Allocator } from '../../src/gpu/allocator';
import { openDevice } from '../../src/gpu/device';
import { Cohort, METRIC_COLUMNS, planCohort } from '../../src/train/cohort';

export interface Trajectory {
  adapter: string;
  losses: number[];
}

/** Training losses of the first `steps` steps of a run, in profile `register`. */
export async function trajectory(spec: RunSpec, steps: number): Promise<Trajectory> {
  const { device, info } = await openDevice();
  const cohort = await Cohort.create(new Allocator(device), planCohort([spec], 'register'));
  const rows = await cohort.run(steps);
  const losses = Array.from({ length: steps }, (_, step) => rows[step * METRIC_COLUMNS]!);
  cohort.destroy();
  device.destroy();
  return { adapter: info.name, losses };
}
