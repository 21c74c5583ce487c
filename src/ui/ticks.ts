/** Axis bounds and ticks. Everything a log axis would choke on (zero, one single value) is handled here. */

export interface Axis {
  min: number;
  max: number;
  ticks: number[];
}

/** 1, 2 or 5 times a power of ten, at least `value`. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  for (const factor of [1, 2, 5, 10]) if (value <= factor * power * (1 + 1e-9)) return factor * power;
  return 10 * power;
}

/** A linear axis over `min` … `max` with about `wanted` ticks. */
export function linearAxis(min: number, max: number, wanted: number): Axis {
  const span = max > min ? max - min : Math.max(1, Math.abs(max));
  const gap = niceAbove(span / Math.max(1, wanted));
  const ticks: number[] = [];
  // Adding 0 turns −0, which would be written with its sign, into 0.
  for (let i = Math.ceil(min / gap - 1e-9); i * gap <= min + span * (1 + 1e-9); i++) ticks.push(i * gap + 0);
  return { min, max: min + span, ticks };
}

/** Mantissas that may carry a tick, from roomy to crowded. */
const MANTISSAS = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7], [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9]];

/** A logarithmic axis: the largest set of round ticks that is not above `wanted`. Bounds must be positive. */
export function logAxis(min: number, max: number, wanted: number): Axis {
  const low = Math.max(min, Number.MIN_VALUE);
  const high = max > low ? max : low * 10;
  let ticks: number[] = [];
  for (const mantissas of MANTISSAS) {
    const found: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
      for (const mantissa of mantissas) {
        const value = Number((mantissa * 10 ** power).toPrecision(6));
        if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) found.push(value);
      }
    }
    if (found.length > wanted && ticks.length > 1) break;
    ticks = found;
    if (found.length > wanted) break;
  }
  return { min: low, max: high, ticks };
}

/** Widens bounds to round numbers, so that an axis stays put while a curve creeps. */
export function roundLogBounds(min: number, max: number): [number, number] {
  const steps = 8;
  const down = 10 ** (Math.floor(Math.log10(min) * steps) / steps);
  const up = 10 ** (Math.ceil(Math.log10(max) * steps) / steps);
  return [down, up > down ? up : down * 10];
}
