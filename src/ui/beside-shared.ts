/** Shared results on the charts on which the same is trained here: thin lines and hollow dots. */
import type { Experiment } from '../experiments/experiment';
import { shareText } from '../text/share';
import type { ChartModel, Line } from './chart-model';
import { curvesModel } from './curves-model';
import { lawPoints, type SizeCount } from './law-points';
import type { PlotModel } from './plot-model';
import { sameRuns } from './same-runs';
import type { LabState, Shared, View } from './store';

/** What was shared, where something else is shown that was or is being trained alike. */
export function sharedBeside({ shared, result, subject, phase }: LabState): Shared | undefined {
  const own = shared && result !== shared.result && phase !== 'idle';
  return own && sameRuns(shared.subject, subject) ? shared : undefined;
}

export function besideShared(
  model: ChartModel,
  { series, ends, curves }: Shared,
  view: View,
  width: number,
  height: number,
): ChartModel {
  const theirs = curvesModel({ series, ends, changes: [], view }, curves, width, height);
  const lines = theirs.lines
    .filter(({ faint }) => !faint)
    .map((line): Line => ({
      ...line,
      ...{ name: shareText.shared.line(line.name), dashed: false, faint: true },
      ...{ low: line.x.map(() => null), high: line.x.map(() => null) },
    }));
  return {
    ...model,
    lines: [...model.lines, ...lines],
    dots: [...model.dots, ...theirs.dots.map((dot) => ({ ...dot, hollow: true }))],
    hint: undefined,
  };
}

/** The same for the chart of a law. */
export function lawBesideShared(
  model: PlotModel,
  experiment: Experiment,
  state: LabState,
  count: SizeCount,
): PlotModel {
  const shared = sharedBeside(state);
  if (!shared) return model;
  const { series, law } = shared;
  const { means } = lawPoints(experiment, { series, law, view: state.view }, undefined, count);
  return {
    ...model,
    means: [...means.map(({ style, x, y }) => ({ style, x, y, hollow: true, faint: false })), ...model.means],
    hint: undefined,
  };
}
