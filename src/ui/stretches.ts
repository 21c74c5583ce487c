/** Where steps lie on the horizontal axis, and how many of them become one point. */
import { studentInterval } from '../math/statistics';
import type { Curves } from './curves';
import type { Series } from './series';
import type { LabState, View } from './store';

/** Points of a finished line. Each is a mean over the steps between two of them. */
const POINTS = 64;
/** A log axis begins this far below its end: the first steps say little and would take half of it. */
export const LOG_SPAN = 64;

/** Steps that become one point: `from` … `to`. */
export interface Stretch {
  from: number;
  to: number;
}

/** Cuts the steps `first` … `steps` into stretches that are equally long on the axis. */
export function stretches(first: number, steps: number, log: boolean, points = POINTS): Stretch[] {
  const found: Stretch[] = [];
  let from = first;
  for (let i = 1; i <= points && from <= steps; i++) {
    const part = i / points;
    const to = Math.round(log ? first * (steps / first) ** part : first - 1 + (steps - first + 1) * part);
    if (to < from) continue;
    found.push({ from, to });
    from = to + 1;
  }
  return found;
}

/** What one step is worth on the horizontal axis. */
export function perStep(series: Series, horizontal: View['horizontal']): number {
  switch (horizontal) {
    case 'flops':
      return series.flopsPerStep;
    case 'tokens':
      return series.tokensPerStep;
    default:
      return 1;
  }
}

/** Seconds of a run's own training at a step; of one that has not come yet, at the pace so far. */
function secondsAt(series: Series, curves: Curves, step: number): number {
  const arrived = curves.steps(series.cohort);
  const reached = curves.seconds(series.cohort, arrived);
  return step <= arrived ? curves.seconds(series.cohort, step) : (reached * step) / Math.max(1, arrived);
}

export function position(series: Series, curves: Curves, horizontal: View['horizontal'], step: number): number {
  return horizontal === 'seconds' ? secondsAt(series, curves, Math.round(step)) : step * perStep(series, horizontal);
}

/** Where the horizontal axis begins and ends, in its own unit. */
export function horizontalBounds(
  { view, series }: Pick<LabState, 'view' | 'series'>,
  curves: Curves,
): { min: number; max: number } {
  if (view.horizontal === 'seconds') {
    const max = Math.max(1, ...series.map((each) => secondsAt(each, curves, each.steps)));
    return { min: max / LOG_SPAN, max };
  }
  const scales = series.map((each) => perStep(each, view.horizontal));
  const max = Math.max(1, ...series.map((each, i) => each.steps * (scales[i] ?? 1)));
  const firsts = series.map((each, i) => Math.max(1, Math.floor(each.steps / LOG_SPAN)) * (scales[i] ?? 1));
  return { min: firsts.length > 0 ? Math.min(...firsts) : max / LOG_SPAN, max };
}

/** Mean and band over seeds of one stretch of steps. */
export function spread(values: number[], band: View['band']): { mean: number; low: number; high: number } {
  const { mean, half } = studentInterval(values);
  if (band === 'interval' && half !== undefined) return { mean, low: mean - half, high: mean + half };
  return { mean, low: Math.min(...values), high: Math.max(...values) };
}
