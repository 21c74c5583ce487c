/** What was recorded with the lab, on a chart on which nothing has been measured yet. */
import { expand, type Experiment } from '../experiments/experiment';
import { studentInterval } from '../math/statistics';
import { belowText } from '../text/below';
import { nats } from '../text/numbers';
import type { RunRequest } from '../protocol';
import type { CurvesState } from './chart-frame';
import type { ChartModel, Label } from './chart-model';
import type { Curves } from './curves';
import { curvesModel } from './curves-model';
import { cohortsOf } from './cohorts-of';
import { recordedOnce } from './evidence';
import { FLOOR } from './odds';
import { seriesOf, type Series } from './series';
import { finalEnds } from './standing';
import type { End, LabState } from './store';
import { position } from './stretches';

export interface Preview {
  /** Of the runs that a start would train: the page's own, once a device has described them. */
  series: Series[];
  ends: End[];
  hint: string;
}

/** Series of runs that no device has described: a floor is the process's own, which that of a held-out set comes close to. */
function undescribed(requests: RunRequest[]): Series[] {
  const runs = requests.map(({ arm, spec }) => ({ arm, spec, seed: spec.hyper.seed, floor: FLOOR }));
  return seriesOf(requests, cohortsOf(runs));
}

/** Undefined where what a start would run is not what was recorded. */
export function recordedPreview(state: LabState, experiment: Experiment): Preview | undefined {
  const { wanted, budget, phase, device } = state;
  const chosen = experiment.cases.find(({ id }) => id === wanted.case);
  const recorded = !experiment.law && chosen ? recordedOnce(chosen) : undefined;
  // A machine that can train nothing has this to show.
  const nothingYet = phase === 'idle' || (!device && (phase === 'opening' || phase === 'failed'));
  if (!chosen || !recorded || !nothingYet || recorded.budget !== budget) return undefined;
  if (Object.keys(wanted.setting).length > 0) return undefined;
  const all = state.series.length > 0 ? state.series : undescribed(expand(experiment, budget, { case: chosen }));
  const ends = all.flatMap((series, index) =>
    recorded.ends
      .filter(({ arm }) => arm === series.arm)
      .map(({ seed, trainFlops, excess, diverged }): End => {
        const step = Math.round(trainFlops / series.flopsPerStep);
        const loss = series.floor + excess;
        const fraction = step === series.steps ? 1 : step / series.steps;
        return { series: index, seed, step, fraction, loss, excess, floor: series.floor, evalTokens: 0, diverged };
      }),
  );
  const hint = belowText.ended[phase === 'failed' ? 'previewAlone' : 'preview'](recorded.device);
  return { series: all, ends, hint };
}

/** Hollow dots: they are not this machine's. */
export function previewModel(
  state: CurvesState,
  { series, ends, hint }: Preview,
  curves: Curves,
  width: number,
  height: number,
): ChartModel {
  const model = curvesModel({ ...state, series, ends }, curves, width, height);
  const labels = series.flatMap((series, index): Label[] => {
    const sound = finalEnds(ends, index).filter((end) => !end.diverged);
    const { mean } = studentInterval(sound.map((end) => end[state.view.vertical]));
    if (sound.length === 0 || mean <= 0) return [];
    const x = position(series, curves, state.view.horizontal, series.steps);
    return [{ x, y: mean, style: series.style, text: series.arm, detail: nats(mean, 2), place: 'right' }];
  });
  const dots = model.dots.map((dot) => ({ ...dot, hollow: true }));
  return { ...model, dots, labels, hint };
}
