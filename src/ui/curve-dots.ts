/** What lies on the lines of the live chart: measured ends, the heads of lines under way, labels, and events. */
import { studentInterval } from '../math/statistics';
import { nats } from '../text/numbers';
import { text } from '../text/text';
import type { Dot, Label, Line, Mark } from './chart-model';
import type { Curves } from './curves';
import type { Series } from './series';
import { finalEnds } from './standing';
import type { LabState, View } from './store';
import { position, spread } from './stretches';

type Shown = Pick<LabState, 'series' | 'ends' | 'changes' | 'view'>;

/** Keeps the foot of an error bar above zero where the axis has no zero. */
function footAt(low: number, mean: number, view: View): number {
  return view.scale === 'log' ? Math.max(low, mean / 1e3) : low;
}

/** One for each end of each series, over its seeds; its bar is what the band is. */
export function endDots({ series: all, ends, view }: Shown, curves: Curves): Dot[] {
  return all.flatMap((series, index) => {
    const own = ends.filter((end) => end.series === index);
    return [...new Set(own.map((end) => end.step))].flatMap((step): Dot[] => {
      const values = own.filter((end) => end.step === step && !end.diverged).map((end) => end[view.vertical]);
      if (values.length === 0) return [];
      const { mean, low, high } = spread(values, view.band);
      if (view.scale === 'log' && mean <= 0) return [];
      const x = position(series, curves, view.horizontal, step);
      const dot: Dot = { x, y: mean, style: series.style, hollow: false };
      return [values.length < 2 ? dot : { ...dot, low: footAt(low, mean, view), high }];
    });
  });
}

/** A hollow dot at the end of each line that is still being drawn. */
export function headDots({ series, ends }: Shown, lines: readonly Line[]): Dot[] {
  return series.flatMap(({ style }, index) => {
    const x = lines[index]?.x.at(-1);
    const y = lines[index]?.y.at(-1);
    if (x === undefined || typeof y !== 'number' || finalEnds(ends, index).length > 0) return [];
    return [{ x, y, style, hollow: true }];
  });
}

/** Name and value at the right end of a line. */
export function endLabel(state: Shown, curves: Curves, line: Line, index: number): Label[] {
  const series = state.series[index];
  const { view } = state;
  const x = line.x.at(-1);
  const y = line.y.at(-1);
  if (!series || x === undefined || typeof y !== 'number') return [];
  const label: Label = { x, y, style: series.style, text: line.name, detail: nats(y, 2), place: 'right' };
  const values = finalEnds(state.ends, index)
    .filter((end) => !end.diverged)
    .map((end) => end[view.vertical]);
  const { mean, half } = studentInterval(values);
  if (values.length === 0 || (view.scale === 'log' && mean <= 0)) return [label];
  const detail = half === undefined ? nats(mean, 2) : text.chart.plusMinus(nats(mean, 2), nats(half, 2));
  return [{ ...label, x: position(series, curves, view.horizontal, series.steps), y: mean, detail }];
}

function eventsOf(series: Series, { changes, view }: Shown, curves: Curves): Mark[] {
  const { style } = series;
  const marks: Mark[] = [];
  const at = (step: number): { x: number; y: number } | undefined => {
    const from = Math.max(1, step - 2);
    const values = series.replicas
      .map((replica) => curves.mean(series.cohort, replica, view.vertical, from, Math.max(from, step)))
      .filter((value) => value !== undefined);
    const y = values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined;
    if (y === undefined || (view.scale === 'log' && y <= 0)) return undefined;
    return { x: position(series, curves, view.horizontal, Math.max(1, step)), y };
  };
  series.replicas.forEach((replica, i) => {
    const step = curves.divergedAt(series.cohort, replica);
    if (step === undefined) return;
    const place = at(step - 1) ?? { x: position(series, curves, view.horizontal, step), y: series.guessing };
    marks.push({ ...place, style, kind: 'diverged', text: text.chart.diverged(series.seeds[i] ?? 0) });
  });
  // One change of a series reaches each of its seeds; it is one event to the reader.
  const told = new Set<string>();
  for (const change of changes) {
    if (change.cohort !== series.cohort || !series.replicas.includes(change.replica)) continue;
    const words = text.chart.change(change.patch);
    const key = `${change.step}/${words}`;
    const place = at(change.step);
    if (told.has(key) || !place) continue;
    told.add(key);
    marks.push({ ...place, style, kind: 'change', text: words });
  }
  return marks;
}

/** Seeds that diverged, and changes of hyper-parameters. */
export function events(state: Shown, curves: Curves): Mark[] {
  return state.series.flatMap((series) => eventsOf(series, state, curves));
}
