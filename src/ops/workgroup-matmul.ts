/** Matrix products on tiles in workgroup memory. shaders/workgroup-matmul.wgsl has the formula. */
import gelu from '../../shaders/lib/gelu.wgsl?raw';
import layout from '../../shaders/lib/layout.wgsl?raw';
import source from '../../shaders/workgroup-matmul.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import { workgroupParts, workgroupTile } from '../gpu/profile';
import type { GradHandle, PlanBuilder } from '../plan/builder';
import type { Tensor } from '../plan/tensor';
import { epilogueBindings, epilogueConstants, type MatmulOptions } from './product';

const kernel = defineKernel('workgroup-matmul', layout, gelu, source);

/**
 * c = f(op(a) · op(b) + …), `[m, k] · [k, n] → [m, n]`, under the conditions of `matmul`, which checks them.
 *
 * A weight gradient, with few outputs and a long sum, goes in parts that a second dispatch adds up in their order.
 */
export function workgroupMatmul(
  b: PlanBuilder,
  left: Tensor,
  right: Tensor,
  c: GradHandle,
  sizes: { m: number; n: number; k: number },
  options: MatmulOptions,
): void {
  const { m, n, k } = sizes;
  const { label, transposeA = false, transposeB = false, residual, biasGradient } = options;
  const tile = workgroupTile(m, n);
  const { parts, part } = transposeA ? workgroupParts(m, n, k) : { parts: 1, part: k };
  const extents = { m, n, k, part, parts };
  const tiles = Math.ceil(m / (4 * tile.LANES_M)) * Math.ceil(n / (4 * tile.LANES_N));
  const flops = 2 * tiles * 16 * tile.WORKGROUP * 4 * Math.ceil(k / 4);
  const split = parts > 1;
  const sums = { ACCUMULATE: c.accumulate, BIAS_GRADIENT: biasGradient !== undefined };
  const pieces = split ? b.tensor(`${label} parts`, [parts, biasGradient ? m + 1 : m, n]) : undefined;
  const outputs = { c: c.tensor, ...(biasGradient && { dbias: biasGradient.tensor }) };
  b.dispatch(
    kernel,
    'main',
    {
      ...{ a: left, b: right },
      ...(pieces ? { c: pieces } : outputs),
      ...epilogueBindings(options),
      ...(residual && { residual }),
    },
    extents,
    parts * tiles * tile.WORKGROUP,
    {
      label,
      constants: {
        ...tile,
        ...sums,
        ...(split && { SPLIT: true, ACCUMULATE: false }),
        ...{ TRANSPOSE_A: transposeA, TRANSPOSE_B: transposeB },
        ...epilogueConstants(options),
        RESIDUAL: residual !== undefined,
      },
      flops,
    },
  );
  if (!pieces) return;
  b.dispatch(kernel, 'sum', { pieces, ...outputs }, extents, pieces.size / parts / 4, {
    label: `${label} sum`,
    constants: sums,
    flops: pieces.size,
  });
}
