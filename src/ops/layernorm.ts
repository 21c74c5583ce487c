import layout from '../../shaders/lib/layout.wgsl?raw';
import source from '../../shaders/layernorm.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import { keptInRegisters } from '../gpu/profile';
import type { PlanBuilder } from '../plan/builder';
import { columns, rows as rowsOf, type Tensor } from '../plan/tensor';
import { once } from './once';

const kernel = defineKernel('layernorm', layout, source);

/** y = (x − mean) / √(var + 1e-5) · weight + bias by rows. x, y `[rows, cols]`, weight, bias `[cols]`. */
export function layernorm(b: PlanBuilder, name: string, x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const [rows, cols] = [rowsOf(x), columns(x)];
  const constants = keptInRegisters(cols);
  const y = b.tensor(name, x.shape);
  const moments = b.tensor(`${name} moments`, [rows, 2]);
  const extents = { rows, cols, accumulate_dx: 0 };
  b.dispatch(kernel, 'forward', { x, weight, bias, y, moments }, extents, rows, {
    label: name,
    constants,
    flops: 7 * x.size,
  });
  b.backward(y, (dy) => {
    const dweight = once(b.grad(weight));
    const dbias = once(b.grad(bias));
    b.dispatch(kernel, 'backward_weight', { x, saved_moments: moments, dy, dweight, dbias }, extents, cols / 4, {
      label: `${name} dweight`,
      flops: 5 * x.size,
    });
    b.dispatch(
      kernel,
      'backward_input',
      { x, weight, saved_moments: moments, dy, dx: b.grad(x) },
      { rows, cols },
      rows,
      {
        label: `${name} dx`,
        constants,
        flops: 13 * x.size,
      },
    );
  });
  return y;
}
