import layout from '../../shaders/lib/layout.wgsl?raw';
import source from '../../shaders/combine.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import type { PlanBuilder } from '../plan/builder';
import { columns, rows as rowsOf, type Tensor } from '../plan/tensor';
import { groupedRows, groupedWeights } from './grouped-matmul';
import type { LinearParameters } from './linear';
import { once } from './once';
import type { Activation, Slots } from './product';

const kernel = defineKernel('combine', layout, source);

/**
 * y_r = Σ_j gate_(r·k+j) · (act(x_r·W1_e + b1_e)·W2_e + b2_e) + residual_r, e the j-th expert of row r.
 *
 * x, y, residual `[rows, D]`, weights `[E, D, F]` and `[E, F, D]`, biases `[E, F]` and `[E, D]`. Only chosen experts are
 * computed. One op, so that activations ride in the products, as in mlp.ts, and the weighted sum in what reads it.
 */
export function sparseMlp(
  b: PlanBuilder,
  x: Tensor,
  slots: Slots,
  up: LinearParameters,
  down: LinearParameters,
  activation: Activation,
  residual: Tensor,
): Tensor {
  const { topK, gates } = slots;
  const [rows, cols, hiddenCols] = [rowsOf(x), columns(x), columns(up.weight)];
  const visits = rows * topK;
  const constants = { TOP_K: topK };
  const extents = { rows, cols, accumulate_dx: 0 };

  // In the order of places: rows of one expert lie together.
  const hidden = b.tensor('hidden', [visits, hiddenCols]);
  const slope = activation === 'gelu' && b.training ? b.tensor('gelu slope', [visits, hiddenCols]) : undefined;
  // In the order of slots: what one token gets lies together.
  const outputs = b.tensor('expert outputs', [visits, cols]);
  const y = b.tensor('experts', x.shape);
  groupedRows(b, slots, x, up.weight, hidden, {
    ...{ label: 'experts fc1', gather: true, activation },
    ...(up.bias && { bias: up.bias }),
    ...(slope && { saveSlope: slope }),
  });
  groupedRows(b, slots, hidden, down.weight, outputs, {
    ...{ label: 'experts fc2', scatter: true },
    ...(down.bias && { bias: down.bias }),
  });
  b.dispatch(kernel, 'forward', { outputs, gates, residual, y }, extents, y.size / 4, {
    ...{ label: 'combine', constants, flops: 2 * outputs.size },
  });

  b.backward(y, (dy) => {
    b.dispatch(kernel, 'backward_gates', { outputs, dy, dgates: once(b.grad(gates)) }, extents, visits, {
      ...{ label: 'd gates', constants, flops: 2 * outputs.size },
    });
    groupedWeights(b, slots, hidden, dy, b.grad(down.weight), {
      ...{ label: 'experts fc2 dW', gather: 'b', scale: true },
      ...(down.bias && { biasGradient: b.grad(down.bias) }),
    });
    const dhidden = once(b.grad(hidden));
    groupedRows(b, slots, dy, down.weight, dhidden, {
      ...{ label: 'experts fc2 dx', gather: true, scale: true, transposeB: true },
      activationGradient: slope ? { slope } : { activated: hidden },
    });
    groupedWeights(b, slots, x, dhidden, b.grad(up.weight), {
      ...{ label: 'experts fc1 dW', gather: 'a' },
      ...(up.bias && { biasGradient: b.grad(up.bias) }),
    });
    const dslots = b.tensor('d expert inputs', outputs.shape);
    groupedRows(b, slots, dhidden, up.weight, dslots, {
      ...{ label: 'experts fc1 dx', scatter: true, transposeB: true },
    });
    b.dispatch(kernel, 'backward_input', { dslots, dx: b.grad(x) }, { rows, cols }, x.size / 4, {
      ...{ label: 'd experts input', constants, flops: outputs.size },
    });
    b.passGradient(residual, dy);
  });
  return y;
}
