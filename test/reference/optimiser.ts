/** AdamW (Loshchilov and Hutter 2019) and clipping by the global norm (Pascanu, Mikolov and Bengio 2013). */

/** Added to the norm that divides, as PyTorch does. */
export const CLIP_EPSILON = 1e-6;

/** √ of the sum of all squares of all gradients. */
export function globalNorm(grads: Iterable<Float64Array>): number {
  let squares = 0;
  for (const grad of grads) for (const value of grad) squares += value * value;
  return Math.sqrt(squares);
}

/** Factor for every gradient: min(1, clipNorm / (norm + 1e-6)). A clipNorm of 0 switches clipping off. */
export function clipFactor(norm: number, clipNorm: number): number {
  return clipNorm > 0 ? Math.min(1, clipNorm / (norm + CLIP_EPSILON)) : 1;
}

export interface AdamW {
  /** Learning rate of this step, schedule included. */
  lr: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
}

/**
 * One step, in place; `step` counts from 1.
 * m ← β1·m + (1 − β1)·g, v ← β2·v + (1 − β2)·g², m̂ = m/(1 − β1^step), v̂ = v/(1 − β2^step),
 * w ← w − lr·weightDecay·w − lr·m̂/(√v̂ + ε).
 */
export function adamw(
  w: Float64Array,
  g: Float64Array,
  m: Float64Array,
  v: Float64Array,
  step: number,
  { lr, beta1, beta2, epsilon, weightDecay }: AdamW,
): void {
  for (let i = 0; i < w.length; i++) {
    m[i] = beta1 * m[i]! + (1 - beta1) * g[i]!;
    v[i] = beta2 * v[i]! + (1 - beta2) * g[i]! * g[i]!;
    const mhat = m[i]! / (1 - beta1 ** step);
    const vhat = v[i]! / (1 - beta2 ** step);
    w[i] = w[i]! - lr * weightDecay * w[i]! - (lr * mhat) / (Math.sqrt(vhat) + epsilon);
  }
}
