import type { Curve } from '../protocol';

/** Points that a recorded curve has at most. */
const POINTS = 200;

/** Training metrics of one replica, step by step; index 0 is step 1. */
export interface Trace {
  loss: number[];
  floor: number[];
}

/**
 * Thins a trace to points that are equally spaced in log(step), each the mean over the steps since the point
 * before it: less noise, and no point that a single batch decides.
 */
export function thinCurve({ loss, floor }: Trace, flopsPerStep: number): Curve {
  const curve: Curve = { step: [], flops: [], loss: [], excess: [] };
  let from = 0;
  for (const end of logSpaced(loss.length, POINTS)) {
    const mean = (values: number[]): number => values.slice(from, end).reduce((sum, x) => sum + x, 0) / (end - from);
    curve.step.push(end);
    curve.flops.push(end * flopsPerStep);
    curve.loss.push(mean(loss));
    curve.excess.push(mean(loss) - mean(floor));
    from = end;
  }
  return curve;
}

/** Ascending distinct integers from 1 to `last`, at most `count`, equally spaced in the logarithm where they can be. */
function logSpaced(last: number, count: number): number[] {
  const ends = Array.from({ length: count }, (_, i) => Math.round(last ** ((i + 1) / count)));
  return [...new Set(ends)].filter((end) => end >= 1);
}
