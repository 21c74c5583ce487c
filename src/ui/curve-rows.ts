/** The table behind the live chart. */
import type { CurvesState } from './chart-frame';
import type { Curves } from './curves';
import { LOG_SPAN, perStep, spread, stretches } from './stretches';
import type { View } from './store';

/** Rows at most. */
const ROWS = 12;

/** What rows are counted in: as the axis, where that is the same for every seed and known beforehand. */
export function rowUnit({ horizontal }: View): 'flops' | 'tokens' | 'steps' {
  return horizontal === 'tokens' || horizontal === 'steps' ? horizontal : 'flops';
}

/** Every line's mean and range over the steps that end at `at` on the axis. */
export interface CurveRow {
  at: number;
  cells: ({ mean: number; low: number; high: number } | undefined)[];
}

export function curveRows(state: CurvesState, curves: Curves): CurveRow[] {
  const unit = rowUnit(state.view);
  const scales = state.series.map((series) => perStep(series, unit));
  // Counted in steps of the finest line, so that stretches are whole numbers.
  const finest = Math.min(...scales);
  const length = Math.max(1, ...state.series.map(({ steps }, i) => Math.round((steps * (scales[i] ?? 1)) / finest)));
  return stretches(Math.max(1, Math.floor(length / LOG_SPAN)), length, true, ROWS)
    .map(({ from, to }) => ({
      at: to * finest,
      cells: state.series.map((series, i) => {
        const steps = (value: number): number => Math.round((value * finest) / (scales[i] ?? 1));
        const last = steps(to);
        const first = Math.min(last, steps(from - 1) + 1);
        const values = series.replicas
          .map((replica) => curves.mean(series.cohort, replica, state.view.vertical, first, last))
          .filter((value) => value !== undefined);
        return values.length > 0 ? spread(values, 'range') : undefined;
      }),
    }))
    .filter((row) => row.cells.some((cell) => cell !== undefined));
}
