import type { PlanBuilder } from '../plan/builder';
import { columns, rows, type Tensor } from '../plan/tensor';
import { matmul } from './matmul';

export interface LinearParameters {
  /** `[inputs, outputs]` */
  weight: Tensor;
  /** `[outputs]` */
  bias?: Tensor;
}

/** y = x·W + bias + residual. x `[rows, inputs]`, y and residual `[rows, outputs]`. */
export function linear(
  b: PlanBuilder,
  name: string,
  x: Tensor,
  { weight, bias }: LinearParameters,
  residual?: Tensor,
): Tensor {
  const m = rows(x);
  const k = columns(x);
  const n = columns(weight);
  const y = b.tensor(name, [m, n]);
  matmul(
    b,
    x,
    weight,
    { tensor: y, accumulate: false },
    { m, n, k },
    { label: name, ...(bias && { bias }), ...(residual && { residual }) },
  );
  b.backward(y, (dy) => {
    linearBackward(b, name, x, { weight, ...(bias && { bias }) }, dy);
    if (residual) b.passGradient(residual, dy);
  });
  return y;
}

/** dx = dy·Wᵀ, dW = xᵀ·dy, dbias = Σ dy. */
export function linearBackward(
  b: PlanBuilder,
  name: string,
  x: Tensor,
  { weight, bias }: LinearParameters,
  dy: Tensor,
): void {
  const [m, k, n] = [rows(x), columns(x), columns(weight)];
  matmul(
    b,
    x,
    dy,
    b.grad(weight),
    { m: k, n, k: m },
    { label: `${name} dW`, transposeA: true, ...(bias && { biasGradient: b.grad(bias) }) },
  );
  matmul(b, dy, weight, b.grad(x), { m, n: k, k: n }, { label: `${name} dx`, transposeB: true });
}
