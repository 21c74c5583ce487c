/**
 * A curve as small whole numbers. An excess y is written as round(512 · asinh(y / ε)) with ε = 0.001 nats, each number
 * as the difference from the one before it: they fit into 16 bits, and what is rounded never adds up. asinh is the
 * logarithm where y ≫ ε, and passes through zero, since the loss of one batch may lie below the floor.
 *
 * An excess that comes back is off by at most 0.1 % of √(y² + ε²): of itself, or of a thousandth of a nat.
 */
import type { Curve } from '../protocol';

const UNIT = 512;
const EPSILON = 1e-3;
/** Largest code of 16 bits. */
const LARGEST = 32_767;

/** Points that a curve in a link has at most. */
const POINTS = 50;

/** Largest relative error of an excess in a link. */
export const CURVE_ERROR = 0.001;

function code(excess: number): number {
  return Math.round(UNIT * Math.asinh(excess / EPSILON));
}

function decode(value: number): number {
  return EPSILON * Math.sinh(Math.min(LARGEST, Math.max(-LARGEST, value)) / UNIT);
}

function differences(values: readonly number[]): number[] {
  return values.map((value, i) => value - (values[i - 1] ?? 0));
}

function sums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}

/** Fewer points, each still the mean over the steps since the point before; ends where a loss was no number. */
function thinned({ step, excess }: Curve, points: number): Pick<Curve, 'step' | 'excess'> {
  const sound = excess.findIndex((value) => !Number.isFinite(value));
  const length = sound < 0 ? step.length : sound;
  const every = Math.max(1, Math.ceil(length / points));
  const thin: Pick<Curve, 'step' | 'excess'> = { step: [], excess: [] };
  for (let from = 0; from < length; from += every) {
    const to = Math.min(from + every, length);
    let total = 0;
    for (let i = from; i < to; i++) total += excess[i]! * (step[i]! - (step[i - 1] ?? 0));
    thin.step.push(step[to - 1]!);
    thin.excess.push(total / (step[to - 1]! - (step[from - 1] ?? 0)));
  }
  return thin;
}

export interface PackedCurve {
  /** Differences of step numbers. */
  steps: number[];
  /** Differences of coded excesses. */
  values: number[];
}

export function packCurve(curve: Curve, points = POINTS): PackedCurve {
  const { step, excess } = thinned(curve, points);
  return { steps: differences(step), values: differences(excess.map(code)) };
}

/** @param floor stands for the batches' own floors, which a link does not carry: the loss is the excess above it */
export function unpackCurve({ steps, values }: PackedCurve, flopsPerStep: number, floor: number): Curve {
  const step = sums(steps).slice(0, values.length);
  const excess = sums(values).slice(0, step.length).map(decode);
  return {
    step,
    flops: step.map((each) => each * flopsPerStep),
    loss: excess.map((each) => each + floor),
    excess,
  };
}
