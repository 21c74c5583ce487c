/** The runs of a class's races as a plot: an arm a column, every run a dot, their mean with its interval. */
import type { Experiment } from '../experiments/experiment';
import { endsThatCount, isSound } from '../experiments/observations';
import { studentInterval } from '../math/statistics';
import type { RunResult } from '../protocol';
import { nats, tick } from '../text/numbers';
import { text } from '../text/text';
import { styleOf } from './arm-style';
import { runKey } from './law-points';
import type { PlotModel } from './plot-model';
import { logAxis, roundLogBounds } from './ticks';

export interface PoolPoint {
  run: RunResult;
  /** Number of its column. */
  x: number;
  style: number;
}

/** Last ends, arm by arm in the experiment's order. */
export function poolPoints(experiment: Experiment, runs: readonly RunResult[]): PoolPoint[] {
  const ends = endsThatCount(experiment, runs).filter(isSound);
  const arms = experiment.varies.arms.map(({ name }) => name).filter((arm) => ends.some((end) => end.arm === arm));
  return ends.map((run) => {
    const x = arms.indexOf(run.arm);
    return { run, x, style: styleOf(run.arm, x) };
  });
}

export function poolModel(points: readonly PoolPoint[], height: number): PlotModel {
  const arms = [...new Map(points.map(({ run, x, style }) => [x, { x, style, arm: run.arm }])).values()];
  const values = points.map(({ run }) => run.excess);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const bounds = roundLogBounds(0.9 * low, 1.1 * high);
  const means = arms.map(({ x, style, arm }) => {
    const own = points.filter((point) => point.x === x).map(({ run }) => run.excess);
    const { mean, half } = studentInterval(own);
    return { x, style, arm, y: mean, half };
  });
  return {
    x: {
      ...{ min: -0.5, max: arms.length - 0.5, ticks: arms.map(({ x }) => x), log: false, label: '' },
      format: (value) => arms.find(({ x }) => x === value)?.arm ?? '',
    },
    y: {
      ...logAxis(bounds[0], bounds[1], Math.max(3, Math.min(8, Math.floor(height / 55)))),
      ...{ log: true, label: text.chart.logarithmic(text.chart.vertical.excess), format: tick },
    },
    ...{ bands: [], lines: [], rules: [], brackets: [], room: 12 },
    runs: points.map(({ run, x, style }) => ({
      key: runKey(run.arm, run.seed),
      ...{ style, x, y: run.excess, faint: false },
    })),
    means: means.map(({ x, y, style, half }) => ({
      ...{ x, y, style, hollow: false, faint: false },
      ...(half !== undefined && { low: Math.max(y - half, y / 1e3), high: y + half }),
    })),
    labels: means.map(({ x, y, style, half }) => ({
      ...{ x: x + 0.12, y, style, place: 'right' as const },
      text: half === undefined ? nats(y, 2) : text.chart.plusMinus(nats(y, 2), nats(half, 2)),
    })),
  };
}
