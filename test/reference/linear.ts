/** Matrix product in all transpose forms, and the linear layer with bias, activation and residual. */

export interface MatmulShape {
  /** Rows of the result. */
  m: number;
  /** Columns of the result. */
  n: number;
  /** Length of the sums. */
  k: number;
  /** a is stored [k, m]. */
  transposeA?: boolean;
  /** b is stored [n, k]. */
  transposeB?: boolean;
}

/** y[m, n] = op(a)·op(b), op(a) [m, k], op(b) [k, n]. */
export function matmul(a: Float64Array, b: Float64Array, shape: MatmulShape): Float64Array {
  const { m, n, k, transposeA = false, transposeB = false } = shape;
  const y = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) {
        sum += a[transposeA ? l * m + i : i * k + l]! * b[transposeB ? j * k + l : l * n + j]!;
      }
      y[i * n + j] = sum;
    }
  }
  return y;
}

/** da = dy·op(b)ᵀ and db = op(a)ᵀ·dy, each stored as its operand is. */
export function matmulBackward(
  a: Float64Array,
  b: Float64Array,
  dy: Float64Array,
  shape: MatmulShape,
): { da: Float64Array; db: Float64Array } {
  const { m, n, k, transposeA = false, transposeB = false } = shape;
  const da = new Float64Array(m * k);
  const db = new Float64Array(k * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      for (let l = 0; l < k; l++) {
        const atA = transposeA ? l * m + i : i * k + l;
        const atB = transposeB ? j * k + l : l * n + j;
        da[atA]! += dy[i * n + j]! * b[atB]!;
        db[atB]! += dy[i * n + j]! * a[atA]!;
      }
    }
  }
  return { da, db };
}

export type Activation = 'none' | 'relu' | 'gelu';

const GELU_SCALE = Math.sqrt(2 / Math.PI);
const GELU_CUBIC = 0.044715;

/** GELU is the tanh form of Hendrycks and Gimpel 2016, as in GPT-2. */
export function activate(x: number, activation: Activation): number {
  if (activation === 'none') return x;
  if (activation === 'relu') return Math.max(0, x);
  return 0.5 * x * (1 + Math.tanh(GELU_SCALE * (x + GELU_CUBIC * x ** 3)));
}

/** Derivative of `activate` at x; that of ReLU at 0 is 0. */
export function activateDerivative(x: number, activation: Activation): number {
  if (activation === 'none') return 1;
  if (activation === 'relu') return x > 0 ? 1 : 0;
  const tanh = Math.tanh(GELU_SCALE * (x + GELU_CUBIC * x ** 3));
  return 0.5 * (1 + tanh) + 0.5 * x * (1 - tanh * tanh) * GELU_SCALE * (1 + 3 * GELU_CUBIC * x * x);
}

export interface LinearShape {
  rows: number;
  inputs: number;
  outputs: number;
  activation?: Activation;
}

export interface LinearOperands {
  /** [rows, inputs] */
  x: Float64Array;
  /** [inputs, outputs] */
  weight: Float64Array;
  /** [outputs] */
  bias?: Float64Array;
  /** [rows, outputs] */
  residual?: Float64Array;
}

function preactivation({ x, weight, bias }: LinearOperands, { rows, inputs, outputs }: LinearShape): Float64Array {
  const z = matmul(x, weight, { m: rows, n: outputs, k: inputs });
  return bias ? z.map((value, i) => value + bias[i % outputs]!) : z;
}

/** y[rows, outputs] = activation(x·W + b) + residual. */
export function linear(operands: LinearOperands, shape: LinearShape): Float64Array {
  const { residual } = operands;
  const activation = shape.activation ?? 'none';
  return preactivation(operands, shape).map((z, i) => activate(z, activation) + (residual?.[i] ?? 0));
}

/** The residual's gradient is dy itself. */
export function linearBackward(
  operands: LinearOperands,
  dy: Float64Array,
  shape: LinearShape,
): { dx: Float64Array; dweight: Float64Array; dbias: Float64Array } {
  const { rows, inputs, outputs, activation = 'none' } = shape;
  const dz = preactivation(operands, shape).map((z, i) => activateDerivative(z, activation) * dy[i]!);
  const { da, db } = matmulBackward(operands.x, operands.weight, dz, { m: rows, n: outputs, k: inputs });
  const dbias = new Float64Array(outputs);
  for (const [i, value] of dz.entries()) dbias[i % outputs]! += value;
  return { dx: da, dweight: db, dbias };
}
