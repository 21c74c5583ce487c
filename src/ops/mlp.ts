import type { PlanBuilder } from '../plan/builder';
import { columns, rows, type Tensor } from '../plan/tensor';
import { linearBackward, type LinearParameters } from './linear';
import { matmul } from './matmul';
import type { Activation } from './product';

/**
 * y = act(x·W1 + b1)·W2 + b2 + residual. x, y, residual `[rows, D]`, hidden `[rows, F]`.
 *
 * One op, so that the activation and its derivative ride in the epilogues of the products beside them.
 */
export function mlp(
  b: PlanBuilder,
  x: Tensor,
  up: LinearParameters,
  down: LinearParameters,
  activation: Activation,
  residual: Tensor,
): Tensor {
  const [m, d, f] = [rows(x), columns(x), columns(up.weight)];
  const hidden = b.tensor('hidden', [m, f]);
  const y = b.tensor('fc2', [m, d]);
  // ReLU's derivative can be read off its output; GELU's is dear, and made where its parts are at hand.
  const slope = activation === 'gelu' && b.training ? b.tensor('gelu slope', [m, f]) : undefined;
  matmul(
    b,
    x,
    up.weight,
    { tensor: hidden, accumulate: false },
    { m, n: f, k: d },
    {
      label: 'fc1',
      activation,
      ...(up.bias && { bias: up.bias }),
      ...(slope && { saveSlope: slope }),
    },
  );
  matmul(
    b,
    hidden,
    down.weight,
    { tensor: y, accumulate: false },
    { m, n: d, k: f },
    {
      label: 'fc2',
      residual,
      ...(down.bias && { bias: down.bias }),
    },
  );
  b.backward(y, (dy) => {
    matmul(
      b,
      hidden,
      dy,
      b.grad(down.weight),
      { m: f, n: d, k: m },
      {
        label: 'fc2 dW',
        transposeA: true,
        ...(down.bias && { biasGradient: b.grad(down.bias) }),
      },
    );
    const dpre = b.grad(hidden);
    matmul(
      b,
      dy,
      down.weight,
      dpre,
      { m, n: f, k: d },
      { label: 'fc2 dx', transposeB: true, activationGradient: slope ? { slope } : { activated: hidden } },
    );
    linearBackward(b, 'fc1', x, up, dpre.tensor);
    b.passGradient(residual, dy);
  });
  return y;
}
