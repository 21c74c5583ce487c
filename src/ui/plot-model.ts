/** What plot-svg.ts can draw, as plain values in the data's own units. */
import type { Axis } from './ticks';

export interface PlotAxis extends Axis {
  log: boolean;
  label: string;
  format: (value: number) => string;
}

/**
 * - `law`: fitted, in its kind's dash. `few`: the same through too few points. `beyond`: carried on past the data.
 * - `run`: joins the ends of one run. `path`: joins the minima of valleys. `even`: equal compute.
 */
export type PlotLineRole = 'law' | 'few' | 'beyond' | 'run' | 'path' | 'even';

export interface PlotLine {
  role: PlotLineRole;
  style: number;
  x: number[];
  y: number[];
}

export interface PlotBand {
  style: number;
  x: number[];
  low: number[];
  high: number[];
}

/** One run: small. */
export interface PlotRun {
  key: string;
  style: number;
  x: number;
  y: number;
  faint: boolean;
}

/** The mean of an arm's runs: large, with its interval. */
export interface PlotMean {
  style: number;
  x: number;
  y: number;
  low?: number;
  high?: number;
  hollow: boolean;
  faint: boolean;
}

/** Words beside a line's end, or over a point. */
export interface PlotLabel {
  style: number | undefined;
  x: number;
  y: number;
  text: string;
  /** After the text, raised: an exponent. */
  power?: string;
  /** A second line, quieter. */
  detail?: string;
  /** It says what others say more loudly. */
  quiet?: boolean;
  place: 'right' | 'above';
}

/** A horizontal line with a meaning. */
export interface PlotRule {
  y: number;
  text: string;
}

/** An interval along one axis: of a prediction, or of where a valley's bottom lies. */
export interface PlotBracket {
  style: number | undefined;
  along: 'x' | 'y';
  x: number;
  y: number;
  low: number;
  high: number;
}

export interface PlotModel {
  x: PlotAxis;
  y: PlotAxis;
  bands: PlotBand[];
  lines: PlotLine[];
  runs: PlotRun[];
  means: PlotMean[];
  labels: PlotLabel[];
  rules: PlotRule[];
  brackets: PlotBracket[];
  /** Characters of the longest label at the right; its room is kept. */
  room: number;
  /** Said in the middle while nothing is there. */
  hint?: string | undefined;
}

/** The plot's inner box, in pixels from the chart's left and top. */
export interface PlotBox {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** 0 at the axis's beginning, 1 at its end; on a log axis what is not above zero lies far below. */
export function share(axis: Pick<PlotAxis, 'min' | 'max' | 'log'>, value: number): number {
  const { min, max, log } = axis;
  if (!log) return (value - min) / (max - min);
  return value > 0 ? Math.log(value / min) / Math.log(max / min) : -1;
}

/** The value at such a share of the axis. */
export function valueAt(axis: Pick<PlotAxis, 'min' | 'max' | 'log'>, part: number): number {
  const { min, max, log } = axis;
  return log ? min * (max / min) ** part : min + (max - min) * part;
}

export function placeX({ x }: Pick<PlotModel, 'x'>, box: PlotBox, value: number): number {
  return box.left + share(x, value) * box.width;
}

export function placeY({ y }: Pick<PlotModel, 'y'>, box: PlotBox, value: number): number {
  return box.top + (1 - share(y, value)) * box.height;
}

/**
 * Index of the run nearest to a place in pixels, if that is within `reach` of it.
 *
 * @param aside how far beside its place a run of this look is drawn
 */
export function nearestRun(
  model: Pick<PlotModel, 'x' | 'y' | 'runs'>,
  box: PlotBox,
  left: number,
  top: number,
  reach: number,
  aside: (style: number) => number,
): number | undefined {
  let best: number | undefined;
  let least = reach;
  model.runs.forEach(({ x, y, style }, index) => {
    const distance = Math.hypot(placeX(model, box, x) + aside(style) - left, placeY(model, box, y) - top);
    if (distance > least) return;
    least = distance;
    best = index;
  });
  return best;
}

/**
 * Moves what would overlap apart, within bounds and keeping the order; returns the new places in the old order.
 *
 * @param heights what each takes downwards from its place
 */
export function spreadOut(wanted: readonly number[], heights: readonly number[], from: number, to: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]!);
  const found = [...wanted];
  const passes = 30;
  for (let pass = 0; pass < passes; pass++) {
    for (let k = 1; k < order.length; k++) {
      const [above, below] = [order[k - 1]!, order[k]!];
      const overlap = found[above]! + heights[above]! - found[below]!;
      if (overlap <= 0) continue;
      found[above]! -= overlap / 2;
      found[below]! += overlap / 2;
    }
    for (let i = 0; i < found.length; i++) found[i] = Math.min(Math.max(found[i]!, from), to - heights[i]!);
  }
  return found;
}
