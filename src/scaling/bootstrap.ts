/**
 * Pairs bootstrap over runs (Efron and Tibshirani 1993, chapter 9; Cameron, Gelbach and Miller 2008 for clusters): as
 * many runs are drawn, with replacement, as there are, each with all its points, for points of one run are not
 * independent. Residuals are not resampled: with a small δ their intervals are too narrow.
 */
import { quantile } from '../math/statistics';
import { STREAM, threefry, uniform } from '../math/rng';

/** What intervals hold, in per cent. */
export const HOLDS = 90;

/** Draws of one resample before it is given up. */
const ATTEMPTS = 100;

/**
 * `count` results of `fit` on resamples; a resample for which it has none is drawn again. Fewer results where too few
 * resamples determine the law. Each resample has numbers of its own, so it does not depend on those before it.
 *
 * @param runs the run of each observation
 * @param fit gets how often each observation was drawn
 */
export function bootstrap<Result>(
  runs: readonly string[],
  count: number,
  seed: number,
  fit: (weights: Float64Array) => Result | undefined,
): Result[] {
  const names = [...new Set(runs)];
  const index = new Map(names.map((name, i) => [name, i]));
  const runOf = runs.map((run) => index.get(run)!);
  const results: Result[] = [];
  for (let resample = 0; resample < count; resample++) {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const drawn = new Float64Array(names.length);
      for (let i = 0; i < names.length; i++) {
        const [word] = threefry([seed, STREAM.resamples], [resample, attempt * names.length + i]);
        drawn[uniform(word, names.length)]! += 1;
      }
      const result = fit(Float64Array.from(runOf, (run) => drawn[run]!));
      if (result === undefined) continue;
      results.push(result);
      break;
    }
    // Where the first cannot be had in so many draws, the others cannot either.
    if (results.length === 0) break;
  }
  return results;
}

/** The percentiles that hold 90 % of what the resamples say. Over some 100 resamples or more; fewer are too narrow. */
export function percentiles(values: readonly number[]): [number, number] {
  const outside = (1 - HOLDS / 100) / 2;
  return [quantile(values, outside), quantile(values, 1 - outside)];
}
