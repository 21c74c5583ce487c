/** What was recorded with the lab, on a chart on which nothing has been measured yet. */
import type { Experiment } from '../experiments/experiment';
import { studentInterval } from '../math/statistics';
import { belowText } from '../text/below';
import { nats } from '../text/numbers';
import type { CurvesState } from './chart-frame';
import type { ChartModel, Label } from './chart-model';
import type { Curves } from './curves';
import { curvesModel } from './curves-model';
import { recordedOnce } from './evidence';
import { finalEnds } from './standing';
import type { End, LabState } from './store';
import { position } from './stretches';

export interface Preview {
  ends: End[];
  /** Name of the adapter. */
  device: string;
}

/** Undefined where what a start would run is not what was recorded. */
export function recordedPreview(state: LabState, experiment: Experiment): Preview | undefined {
  const { wanted, budget, phase, series: all } = state;
  const chosen = experiment.cases.find(({ id }) => id === wanted.case);
  const recorded = !experiment.law && chosen ? recordedOnce(chosen) : undefined;
  if (!recorded || phase !== 'idle' || recorded.budget !== budget) return undefined;
  if (Object.keys(wanted.setting).length > 0) return undefined;
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
  return { ends, device: recorded.device };
}

/** Hollow dots: they are not this machine's. */
export function previewModel(
  state: CurvesState,
  { ends, device }: Preview,
  curves: Curves,
  width: number,
  height: number,
): ChartModel {
  const model = curvesModel({ ...state, ends }, curves, width, height);
  const labels = state.series.flatMap((series, index): Label[] => {
    const sound = finalEnds(ends, index).filter((end) => !end.diverged);
    const { mean } = studentInterval(sound.map((end) => end[state.view.vertical]));
    if (sound.length === 0 || mean <= 0) return [];
    const x = position(series, curves, state.view.horizontal, series.steps);
    return [{ x, y: mean, style: series.style, text: series.arm, detail: nats(mean, 2), place: 'right' }];
  });
  const dots = model.dots.map((dot) => ({ ...dot, hollow: true }));
  return { ...model, dots, labels, hint: belowText.ended.preview(device) };
}
