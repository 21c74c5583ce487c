/** Where each size stands now, as numbers and in words: for summaries, the live region and the size chart. */
import { studentInterval } from '../math/statistics';
import { text } from '../text/text';
import type { Curves } from './curves';
import type { End, LabState } from './store';

/** Steps over which a training loss is averaged to say where a size stands. */
const WINDOW = 24;

export interface Standing {
  arm: string;
  /** Mean over seeds that did not diverge. */
  value: number;
  /** Half of the 95 % interval over seeds; only for ends, and only from two seeds on. */
  half: number | undefined;
  /** True when it was measured on the held-out set at the end. */
  final: boolean;
}

type Shown = Pick<LabState, 'series' | 'ends' | 'view'>;

/** Ends of a series at the full budget, one a seed. */
export function finalEnds(ends: readonly End[], series: number): End[] {
  return ends.filter((end) => end.series === series && end.fraction === 1);
}

/** Undefined until a step has arrived, and where every seed has diverged. */
export function standing(
  state: Shown,
  curves: Curves,
  index: number,
  vertical = state.view.vertical,
): Standing | undefined {
  const series = state.series[index];
  if (!series) return undefined;
  const ended = finalEnds(state.ends, index);
  if (ended.length > 0) {
    const values = ended.filter((end) => !end.diverged).map((end) => end[vertical]);
    if (values.length === 0) return undefined;
    const { mean, half } = studentInterval(values);
    return { arm: series.arm, value: mean, half, final: true };
  }
  const step = curves.steps(series.cohort);
  const from = Math.max(1, step - WINDOW + 1);
  const values = series.replicas
    .map((replica) => curves.mean(series.cohort, replica, vertical, from, step))
    .filter((value) => value !== undefined);
  if (values.length === 0) return undefined;
  return { arm: series.arm, value: studentInterval(values).mean, half: undefined, final: false };
}

/** `d 8 1.21, d 16 0.80`; empty before the first step. */
export function standingWords(state: Shown, curves: Curves, vertical = state.view.vertical): string {
  return state.series
    .map((_series, index) => standing(state, curves, index, vertical))
    .filter((each) => each !== undefined)
    .map((each) => text.chart.point(each.arm, each.value))
    .join(', ');
}

export function curvesSummary(state: Shown, curves: Curves): string {
  const parts = standingWords(state, curves);
  return parts === ''
    ? text.chart.summaryBefore
    : text.chart.summary(
        parts,
        state.series.every(({ floor }) => floor > 0),
      );
}
