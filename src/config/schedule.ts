/**
 * Learning-rate schedules as tables, made in float64 on the CPU and uploaded once: WGSL's `cos` and `pow`
 * are inexact. Kernels read the row of the current step, so nothing about time is baked into a pipeline.
 */
import type { ScheduleConfig, Hyper } from './run-spec';

/** Floats in one row: lrScale, 1/(1 − β1^t), 1/(1 − β2^t), fraction of topics open. */
export const SCHEDULE_COLUMNS = 4;

/**
 * Factor of the peak learning rate for step `step` (0-based) of a run of `steps`.
 * Warm-up is linear and reaches 1 at step `warmupSteps`; both decays end at exactly 0 after the last step.
 */
export function lrScale(schedule: ScheduleConfig, step: number, steps: number): number {
  const warm = schedule.warmupSteps > 0 ? Math.min(1, (step + 1) / schedule.warmupSteps) : 1;
  if (schedule.kind === 'constant') return warm;
  if (schedule.kind === 'cosine') {
    const span = Math.max(1, steps - schedule.warmupSteps);
    const progress = Math.max(0, step - schedule.warmupSteps) / span;
    return warm * 0.5 * (1 + Math.cos(Math.PI * progress));
  }
  const decay = Math.round(steps * schedule.decayFraction);
  return warm * (step < steps - decay ? 1 : (steps - step) / (decay + 1));
}

/** Fraction of the topics that a curriculum has opened at `step`: 1/8 at first, all after half the steps. */
export function openFraction(curriculum: Hyper['curriculum'], step: number, steps: number): number {
  if (curriculum === 'shuffled') return 1;
  const progress = Math.min(1, step / Math.max(1, steps / 2));
  return 1 / 8 + (7 / 8) * progress;
}

/**
 * The whole table, `[rows, SCHEDULE_COLUMNS]`, row-major.
 *
 * @param rows rows of the table; those from `steps` on repeat the last one
 * @param steps the length of the run that the decay is aimed at
 * @param total the length of the longest branch: curricula run on this clock, so that branches share data
 */
export function scheduleTable(
  schedule: ScheduleConfig,
  hyper: Pick<Hyper, 'beta1' | 'beta2' | 'curriculum'>,
  rows: number,
  steps: number,
  total: number,
): Float32Array<ArrayBuffer> {
  const table = new Float32Array(rows * SCHEDULE_COLUMNS);
  for (let row = 0; row < rows; row++) {
    const step = Math.min(row, steps - 1);
    table.set(
      [
        lrScale(schedule, step, steps),
        1 / (1 - hyper.beta1 ** (step + 1)),
        1 / (1 - hyper.beta2 ** (step + 1)),
        openFraction(hyper.curriculum, step, total),
      ],
      row * SCHEDULE_COLUMNS,
    );
  }
  return table;
}
