/** The lines of the live chart: one for each series, and a thin one for each decay branch that leaves it early. */
import type { Line } from './chart-model';
import type { Curves } from './curves';
import type { Series } from './series';
import type { View } from './store';
import { perStep, position, spread, stretches, type Stretch } from './stretches';

/** Points of a branch. */
const BRANCH_POINTS = 8;

function emptyLine(series: Series): Line {
  return { name: series.arm, style: series.style, dashed: true, x: [], y: [], low: [], high: [] };
}

/** Adds the mean over the seeds of some steps, where the axes have a place for it. */
function addPoint(line: Line, x: number, values: (number | undefined)[], view: View): void {
  const log = view.scale === 'log';
  const sound = values.filter((value) => value !== undefined);
  // A log axis has no place for what is not above zero, and uPlot wants x to ascend.
  if (sound.length === 0 || x <= (line.x.at(-1) ?? -Infinity) || (log && x <= 0)) return;
  const { mean, low, high } = spread(sound, view.band);
  if (log && mean <= 0) return;
  line.x.push(x);
  line.y.push(mean);
  line.low.push(log ? Math.max(low, mean / 1e3) : low);
  line.high.push(high);
}

/** The step that stands for a stretch. */
function middle({ from, to }: Stretch, log: boolean): number {
  return log ? Math.sqrt(from * to) : (from + to) / 2;
}

/** @param min where the horizontal axis begins */
export function runLine(series: Series, curves: Curves, view: View, min: number): Line {
  const log = view.scale === 'log';
  const line = emptyLine(series);
  const arrived = curves.steps(series.cohort);
  // The lump of steps before the axis begins is not drawn; what begins later on the axis begins at step 1.
  const first = log && view.horizontal !== 'seconds' ? Math.ceil(min / perStep(series, view.horizontal)) : 1;
  for (const stretch of stretches(Math.max(1, first), series.steps, log)) {
    if (stretch.from > arrived) break;
    // A stretch that is still filling is as long as it will be, reaching back, or its few steps would jitter.
    const to = Math.min(stretch.to, arrived);
    const from = Math.max(1, Math.min(stretch.from, to - (stretch.to - stretch.from)));
    const values = series.replicas.map((replica) => curves.mean(series.cohort, replica, view.vertical, from, to));
    addPoint(line, position(series, curves, view.horizontal, middle({ from, to }, log)), values, view);
  }
  return line;
}

/** A branch begins on its run's line. */
export function branchLines(series: Series, curves: Curves, view: View): Line[] {
  const log = view.scale === 'log';
  return series.branches.map((branch, index): Line => {
    const line: Line = { ...emptyLine(series), dashed: false, faint: true };
    const arrived = branch.from + curves.branchSteps(series.cohort, index);
    if (arrived === branch.from) return line;
    const add = ({ from, to }: Stretch, of?: number): void => {
      const values = series.replicas.map((replica) => curves.mean(series.cohort, replica, view.vertical, from, to, of));
      addPoint(line, position(series, curves, view.horizontal, middle({ from, to }, log)), values, view);
    };
    const length = Math.ceil((branch.steps - branch.from) / BRANCH_POINTS);
    add({ from: Math.max(1, branch.from - length), to: branch.from });
    for (const stretch of stretches(branch.from + 1, branch.steps, false, BRANCH_POINTS)) {
      if (stretch.to > arrived) break;
      add(stretch, index);
    }
    line.low = line.x.map(() => null);
    line.high = line.x.map(() => null);
    return line;
  });
}
