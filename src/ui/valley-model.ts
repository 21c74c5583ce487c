/** IsoFLOP valleys: for each amount of compute a parabola over the sizes, its lowest point, and the path of those. */
import type { Fit, Valley } from '../fit-protocol';
import { lawChartsText } from '../text/law-charts';
import { DENSE } from './arm-style';
import { byCompute, type LawPoints, type RunPoint, type SizeCount } from './law-points';
import type { PlotBracket, PlotLabel, PlotLine, PlotModel } from './plot-model';

const T = lawChartsText.valleys;

/** Points of a drawn parabola. */
const POINTS = 40;

/** The valley of these ends; undefined where the fit found none there. */
function valleyOf(group: readonly RunPoint[], valleys: readonly Valley[]): Valley | undefined {
  const flops = group[0]?.flops ?? NaN;
  return valleys.find(({ c }) => Math.abs(Math.log(c / flops)) < Math.log(1.3));
}

/**
 * Curvature of the parabola log loss = log bottom + k·(log N − log N*)² through the ends. Least squares with the lowest
 * point held where the fit has it; as that point is the least-squares parabola's own, so is the curvature.
 */
export function curvature(
  group: readonly Pick<RunPoint, 'n' | 'excess'>[],
  { n, loss }: Pick<Valley, 'n' | 'loss'>,
): number {
  let [above, below] = [0, 0];
  for (const run of group) {
    const square = Math.log(run.n / n) ** 2;
    above += square * Math.log(run.excess / loss);
    below += square ** 2;
  }
  return below > 0 ? above / below : 0;
}

function parabola(group: readonly RunPoint[], valley: Valley, offset: number): PlotLine {
  const k = curvature(group, valley);
  const logs = group.map(({ n }) => Math.log(n / valley.n));
  const [from, to] = [Math.min(...logs), Math.max(...logs)];
  const us = Array.from({ length: POINTS }, (_, i) => from + ((to - from) * i) / (POINTS - 1));
  return {
    role: 'law',
    style: DENSE,
    x: us.map((u) => valley.n * Math.exp(u)),
    y: us.map((u) => valley.loss * Math.exp(k * u * u) + offset),
  };
}

export function valleyParts(
  { runs, means }: LawPoints,
  fits: readonly Fit[],
  offset: number,
  count: SizeCount,
): Pick<PlotModel, 'bands' | 'lines' | 'labels' | 'brackets'> {
  const valleys = count === 'active' ? fits.flatMap((fit) => (fit.law === 'isoflop' ? (fit.valleys ?? []) : [])) : [];
  const lines: PlotLine[] = [];
  const brackets: PlotBracket[] = [];
  const labels: PlotLabel[] = [];
  for (const group of byCompute(means.filter(({ hollow }) => !hollow))) {
    const largest = group.reduce((best, next) => (next.x > best.x ? next : best));
    labels.push({ style: undefined, x: largest.x, y: largest.y, text: T.budget(largest.flops), place: 'right' });
  }
  const found = byCompute(runs).flatMap((group) => {
    const valley = valleyOf(group, valleys);
    return valley ? [{ group, valley }] : [];
  });
  for (const { group, valley } of found) {
    lines.push(parabola(group, valley, offset));
    const [low, high] = valley.interval;
    brackets.push({ style: undefined, along: 'x', x: valley.n, y: valley.loss + offset, low, high });
  }
  if (found.length > 1) {
    lines.push({
      ...{ role: 'path', style: DENSE },
      x: found.map(({ valley }) => valley.n),
      y: found.map(({ valley }) => valley.loss + offset),
    });
    // Above the highest valley there is room.
    const { valley } = found[0]!;
    labels.push({ style: undefined, x: valley.n, y: valley.loss + offset, text: T.best, place: 'above' });
  }
  return { bands: [], lines, brackets, labels };
}
