/** Loss by size and data: measured cells, the contours of the fitted L(N, D), and what had equal compute. */
import type { Fit } from '../fit-protocol';
import { byCompute, type LawPoints } from './law-points';
import type { PlotAxis, PlotLine } from './plot-model';
import { logAxis } from './ticks';

export interface SurfaceCell {
  arm: string;
  n: number;
  tokens: number;
  flops: number;
  /** Mean over the seeds. */
  excess: number;
  /** 0 for the highest excess measured, 1 for the lowest, by its logarithm. */
  strength: number;
  /** What the fitted law says there. */
  law?: number;
}

export interface Contour {
  level: number;
  x: number[];
  y: number[];
}

export interface Surface {
  cells: SurfaceCell[];
  contours: Contour[];
  even: PlotLine[];
  /** Lowest and highest excess measured. */
  range: [number, number] | undefined;
}

/** Points of a contour. */
const POINTS = 60;

/** E + A/N^α + B/D^β */
export function lossAt({ parameters }: Pick<Fit, 'parameters'>, n: number, tokens: number): number {
  const { E = 0, A = NaN, alpha = NaN, B = NaN, beta = NaN } = parameters;
  return E + A * n ** -alpha + B * tokens ** -beta;
}

/** Tokens at which a size gets as low as `level`; not a number where it never does. */
export function tokensFor({ parameters }: Pick<Fit, 'parameters'>, level: number, n: number): number {
  const { E = 0, A = NaN, alpha = NaN, B = NaN, beta = NaN } = parameters;
  const rest = level - E - A * n ** -alpha;
  return rest > 0 ? (B / rest) ** (1 / beta) : NaN;
}

export function surfaceModel({ means }: Pick<LawPoints, 'means'>, fits: readonly Fit[]): Surface {
  const ended = means.filter(({ hollow, y }) => !hollow && y > 0);
  if (ended.length === 0) return { cells: [], contours: [], even: [], range: undefined };
  const fit = fits.find(({ law }) => law === 'chinchilla');
  const values = ended.map(({ y }) => y);
  const range: [number, number] = [Math.min(...values), Math.max(...values)];
  const span = Math.log(range[1] / range[0]);
  const cells = ended.map(({ arm, n, tokens, flops, y }): SurfaceCell => ({
    ...{ arm, n, tokens, flops, excess: y },
    strength: span > 0 ? Math.log(range[1] / y) / span : 1,
    ...(fit && { law: lossAt(fit, n, tokens) }),
  }));
  return { cells, contours: fit ? contoursOf(fit, cells, range) : [], even: evenLines(cells), range };
}

/** Contours at round levels, over the sizes that were measured and a little more. */
function contoursOf(fit: Fit, cells: readonly SurfaceCell[], [low, high]: readonly [number, number]): Contour[] {
  const sizes = cells.map(({ n }) => n);
  const [from, to] = [Math.min(...sizes) / 1.5, Math.max(...sizes) * 1.5];
  const ns = Array.from({ length: POINTS }, (_, i) => from * (to / from) ** (i / (POINTS - 1)));
  return logAxis(low, high, 6).ticks.flatMap((level): Contour[] => {
    const points = ns.map((n) => ({ n, d: tokensFor(fit, level, n) })).filter(({ d }) => Number.isFinite(d));
    return points.length > 1 ? [{ level, x: points.map(({ n }) => n), y: points.map(({ d }) => d) }] : [];
  });
}

/** Cells of equal compute, joined: measured, for no rule of thumb holds for models as small as these. */
function evenLines(cells: readonly SurfaceCell[]): PlotLine[] {
  return byCompute(cells).flatMap((group): PlotLine[] => {
    const sorted = group.toSorted((a, b) => a.n - b.n);
    if (sorted.length < 2) return [];
    return [{ role: 'even', style: 5, x: sorted.map(({ n }) => n), y: sorted.map(({ tokens }) => tokens) }];
  });
}

/** Both axes of the map; with nothing measured yet, of some size. */
export function surfaceAxes(
  cells: readonly SurfaceCell[],
  width: number,
  height: number,
): Record<'x' | 'y', Omit<PlotAxis, 'label' | 'format'>> {
  const bounds = (values: readonly number[], margin: number): [number, number] =>
    values.length > 0 ? [Math.min(...values) / margin, Math.max(...values) * margin] : [1e3, 1e5];
  const x = bounds(
    cells.map(({ n }) => n),
    1.35,
  );
  const y = bounds(
    cells.map(({ tokens }) => tokens),
    1.6,
  );
  return {
    x: { ...logAxis(...x, Math.max(2, Math.floor(width / 90))), log: true },
    y: { ...logAxis(...y, Math.max(3, Math.floor(height / 60))), log: true },
  };
}
