/**
 * Minimises a function of a few variables with its exact gradient: BFGS (Nocedal and Wright, Numerical Optimization,
 * chapter 6) with the weak Wolfe conditions found by bisection (Lewis and Overton 2013). That line search needs no
 * second derivative: the losses here are Huber's, whose second derivative jumps, and with a small δ they are nearly
 * absolute values.
 */

/** Value at `at`; writes the gradient into `gradient`. */
export type Objective = (at: Float64Array, gradient: Float64Array) => number;

export interface Minimum {
  at: Float64Array;
  value: number;
}

/** Sufficient decrease, and how much of the slope must be gone. */
const DECREASE = 1e-4;
const CURVATURE = 0.9;

/** Share of the value that its own rounding may hide. */
const ROUNDING = 1e-15;

const ITERATIONS = 500;
const BISECTIONS = 60;

/** No step of the search moves a variable farther than this: all of them are logarithms or exponents. */
const LONGEST = 4;

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function identity(n: number): Float64Array[] {
  return Array.from({ length: n }, (_, i) => Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
}

/** `inverse` becomes the estimate of the inverse Hessian that maps `y` to `s`. */
function update(inverse: Float64Array[], s: Float64Array, y: Float64Array, sy: number): void {
  const hy = inverse.map((row) => dot(row, y));
  const scale = (1 + dot(Float64Array.from(hy), y) / sy) / sy;
  for (let i = 0; i < s.length; i++) {
    for (let j = 0; j < s.length; j++) {
      inverse[i]![j]! += scale * s[i]! * s[j]! - (hy[i]! * s[j]! + s[i]! * hy[j]!) / sy;
    }
  }
}

/** The minimum into whose basin `start` leads. Ends when no step lowers the value any more. */
export function minimise(objective: Objective, start: ArrayLike<number>): Minimum {
  const n = start.length;
  let at = Float64Array.from(start);
  let gradient = new Float64Array(n);
  let value = objective(at, gradient);
  let inverse = identity(n);
  let fresh = true;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    let direction = Float64Array.from(inverse, (row) => -dot(row, gradient));
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      inverse = identity(n);
      fresh = true;
      direction = gradient.map((each) => -each);
      slope = dot(direction, gradient);
    }
    // What the step can win at most is lost in the last digit.
    if (!(-slope > ROUNDING * value)) break;

    const longest = LONGEST / Math.max(...direction.map(Math.abs));
    let [low, high, step] = [0, Infinity, Math.min(1, longest)];
    const next = new Float64Array(n);
    const nextGradient = new Float64Array(n);
    let nextValue = NaN;
    for (let i = 0; i < BISECTIONS; i++) {
      for (let j = 0; j < n; j++) next[j] = at[j]! + step * direction[j]!;
      nextValue = objective(next, nextGradient);
      if (!(nextValue <= value + DECREASE * step * slope)) high = step;
      else if (dot(nextGradient, direction) < CURVATURE * slope && step < longest) low = step;
      else break;
      step = high === Infinity ? Math.min(2 * low, longest) : (low + high) / 2;
    }
    if (!(nextValue < value)) {
      // The estimate of the curvature may be to blame: once more along the gradient.
      if (fresh) break;
      inverse = identity(n);
      fresh = true;
      continue;
    }
    const s = next.map((each, j) => each - at[j]!);
    const y = nextGradient.map((each, j) => each - gradient[j]!);
    const sy = dot(s, y);
    if (sy > 0) {
      // The first step tells the scale (Nocedal and Wright 6.20).
      if (fresh) inverse = identity(n).map((row) => row.map((each) => (each * sy) / dot(y, y)));
      update(inverse, s, y, sy);
      fresh = false;
    }
    [at, gradient, value] = [next, nextGradient, nextValue];
  }
  return { at, value };
}
