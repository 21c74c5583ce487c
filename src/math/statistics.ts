/** Mean, spread, quantiles and intervals of a handful of measurements. */

/**
 * For two-sided intervals that hold 90 or 95 %: the points of Student's t for 1 … 9 degrees of freedom, and of the
 * normal distribution.
 */
const STUDENT = {
  90: {
    t: [6.3137515, 2.9199856, 2.3533634, 2.1318468, 2.0150484, 1.9431803, 1.8945786, 1.859548, 1.8331129],
    z: 1.6448536269514722,
  },
  95: {
    t: [12.7062047, 4.3026527, 3.1824463, 2.7764451, 2.5705818, 2.4469119, 2.3646243, 2.3060041, 2.2621572],
    z: 1.959963984540054,
  },
};

/**
 * Half the width of a two-sided interval, in standard errors: the 97.5 % point of Student's t, or the 95 % point for
 * an interval that holds 90 %. From 10 degrees of freedom on by the expansion in 1/degrees of Abramowitz and
 * Stegun 26.7.5, which is then within 1e-5.
 */
export function studentQuantile(degrees: number, holds: keyof typeof STUDENT = 95): number {
  const { t, z } = STUDENT[holds];
  const tabulated = t[degrees - 1];
  if (tabulated !== undefined) return tabulated;
  const g1 = (z ** 3 + z) / 4;
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  const g4 = (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160;
  return z + g1 / degrees + g2 / degrees ** 2 + g3 / degrees ** 3 + g4 / degrees ** 4;
}

/** NaN for no values. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation of a sample, with n − 1; NaN for fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) return NaN;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

export interface Interval {
  n: number;
  mean: number;
  /** Half the width of the 95 % interval; undefined for a single measurement, which has none. */
  half: number | undefined;
}

/** Student's 95 % interval of the mean, for measurements that are normal and independent. */
export function studentInterval(values: readonly number[]): Interval {
  const n = values.length;
  const half = n < 2 ? undefined : (studentQuantile(n - 1) * standardDeviation(values)) / Math.sqrt(n);
  return { n, mean: mean(values), half };
}

/** A ratio, with its 95 % interval where there is one. */
export interface Ratio {
  factor: number;
  low?: number;
  high?: number;
}

/** Geometric mean of ratios and Student's 95 % interval, from their logarithms. */
export function ratioInterval(logarithms: readonly number[]): Ratio {
  const { mean: centre, half } = studentInterval(logarithms);
  const factor = Math.exp(centre);
  return half === undefined ? { factor } : { factor, low: Math.exp(centre - half), high: Math.exp(centre + half) };
}

/** Middle value; the mean of the two middle ones where their number is even. NaN for no values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * The value below which a part of the values lies (0 … 1), by straight lines between the sorted values (definition 7 of
 * Hyndman and Fan 1996, the usual one). NaN for no values.
 */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = part * (sorted.length - 1);
  const below = Math.floor(place);
  const [low = NaN, high = low] = [sorted[below], sorted[below + 1]];
  return low + (place - below) * (high - low);
}
