import layout from '../../shaders/lib/layout.wgsl?raw';
import source from '../../shaders/rmsnorm.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import { keptInRegisters } from '../gpu/profile';
import type { PlanBuilder } from '../plan/builder';
import { columns, rows as rowsOf, type Tensor } from '../plan/tensor';
import { once } from './once';

const kernel = defineKernel('rmsnorm', layout, source);

/** y = x · weight / √(mean(x²) + 1e-5) by rows. x, y `[rows, cols]`, weight `[cols]`. */
export function rmsnorm(b: PlanBuilder, name: string, x: Tensor, weight: Tensor): Tensor {
  const [rows, cols] = [rowsOf(x), columns(x)];
  const constants = keptInRegisters(cols);
  const y = b.tensor(name, x.shape);
  const rstd = b.tensor(`${name} rstd`, [rows]);
  b.dispatch(kernel, 'forward', { x, weight, y, rstd }, { rows, cols, accumulate_dx: 0 }, rows, {
    label: name,
    constants,
    flops: 5 * x.size,
  });
  b.backward(y, (dy) => {
    b.dispatch(
      kernel,
      'backward_weight',
      { x, saved_rstd: rstd, dy, dweight: once(b.grad(weight)) },
      { rows, cols, accumulate_dx: 0 },
      cols / 4,
      {
        label: `${name} dweight`,
        flops: 3 * x.size,
      },
    );
    b.dispatch(kernel, 'backward_input', { x, weight, saved_rstd: rstd, dy, dx: b.grad(x) }, { rows, cols }, rows, {
      label: `${name} dx`,
      constants,
      flops: 9 * x.size,
    });
  });
  return y;
}
