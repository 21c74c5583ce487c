import layout from '../../shaders/lib/layout.wgsl?raw';
import source from '../../shaders/cross-entropy.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import { keptInRegisters } from '../gpu/profile';
import type { PlanBuilder } from '../plan/builder';
import { columns, rows as rowsOf, type Tensor } from '../plan/tensor';

const kernel = defineKernel('cross-entropy', layout, source);

/**
 * Loss of every row, 0 where the target is masked, and the root of differentiation: the gradient is that of
 * the mean over `scored` rows. logits `[rows, classes]`, targets `[rows]` → losses `[rows]`.
 */
export function crossEntropy(b: PlanBuilder, logits: Tensor, targets: Tensor, scored: number): Tensor {
  const [rows, classes] = [rowsOf(logits), columns(logits)];
  const losses = b.tensor('losses', [rows]);
  const extents = { rows, classes, inverse_count: 1 / scored };
  const dlogits = b.training ? b.tensor('d logits', logits.shape) : undefined;
  b.dispatch(kernel, 'main', { logits, targets, losses, ...(dlogits && { dlogits }) }, extents, rows, {
    label: 'cross-entropy',
    constants: { GRADIENT: b.training, ...keptInRegisters(classes) },
    flops: (b.training ? 7 : 4) * logits.size,
  });
  if (dlogits) b.backwardAll([], () => b.passGradient(logits, dlogits));
  return losses;
}
