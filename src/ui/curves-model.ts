/** From the arrived steps to the live chart: loss against compute, one line a series, a band over its seeds. */
import { chartFrame, type CurvesState } from './chart-frame';
import type { ChartModel } from './chart-model';
import { endDots, endLabel, events, headDots } from './curve-dots';
import { branchLines, runLine } from './curve-lines';
import type { Curves } from './curves';
import { horizontalBounds } from './stretches';

export function curvesModel(state: CurvesState, curves: Curves, width: number, height: number): ChartModel {
  const { series, view } = state;
  const { min } = horizontalBounds(state, curves);
  const runs = series.map((each) => runLine(each, curves, view, min));
  return chartFrame(state, curves, width, height, {
    lines: [...runs, ...series.flatMap((each) => branchLines(each, curves, view))],
    dots: [...endDots(state, curves), ...headDots(state, runs)],
    labels: runs.flatMap((line, index) => endLabel(state, curves, line, index)),
    marks: events(state, curves),
  });
}
