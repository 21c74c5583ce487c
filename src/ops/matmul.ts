/** Matrix products with what is fused into them. shaders/matmul.wgsl has the formula. */
import gelu from '../../shaders/lib/gelu.wgsl?raw';
import layout from '../../shaders/lib/layout.wgsl?raw';
import source from '../../shaders/matmul.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import { matmulTile, workgroupSize, worthWorkgroup, NEIGHBOURS } from '../gpu/profile';
import type { GradHandle, PlanBuilder } from '../plan/builder';
import type { Tensor } from '../plan/tensor';
import { panelRows } from './panel-matmul';
import { epilogueBindings, epilogueConstants, type MatmulOptions } from './product';
import { workgroupMatmul } from './workgroup-matmul';

const kernel = defineKernel('matmul', layout, gelu, source);

/**
 * c = op(a) · op(b), `[m, k] · [k, n] → [m, n]`, for each replica; one of the two may be transposed.
 *
 * n, and the extents that run along the rows of `a` and `b`, must be multiples of 4.
 */
export function matmul(
  b: PlanBuilder,
  left: Tensor,
  right: Tensor,
  c: GradHandle,
  sizes: { m: number; n: number; k: number },
  options: MatmulOptions,
): void {
  const { m, n, k } = sizes;
  const { transposeA = false, transposeB = false, activation, residual, activationGradient, biasGradient } = options;
  if (n % 4 || (transposeA && m % 4) || ((!transposeA || transposeB) && k % 4)) {
    throw new Error(
      `${options.label}: a product of [${m}, ${k}] and [${k}, ${n}] needs widths that are multiples of 4`,
    );
  }
  if (c.accumulate && (activation || activationGradient || residual)) {
    throw new Error(`${options.label}: a product that accumulates has no epilogue`);
  }
  if (biasGradient && (biasGradient.accumulate || !transposeA || transposeB)) {
    throw new Error(`${options.label}: a bias gradient rides in a first product aᵀ·b only`);
  }
  if (transposeA && transposeB) throw new Error(`${options.label}: no product needs both transposed`);
  if (b.profile === 'subgroup' && !transposeA) {
    panelRows(b, left, right, c, { rows: m, n, k }, options);
    return;
  }
  if (b.profile === 'workgroup' && worthWorkgroup(m, n, k)) {
    workgroupMatmul(b, left, right, c, sizes, options);
    return;
  }
  const tile = matmulTile(m, n);
  const tilesM = Math.ceil(m / tile.TILE_M / NEIGHBOURS) * NEIGHBOURS;
  const tilesN = Math.ceil(n / (4 * tile.TILE_N4));
  b.dispatch(
    kernel,
    'main',
    {
      a: left,
      b: right,
      c: c.tensor,
      ...epilogueBindings(options),
      ...(residual && { residual }),
      ...(biasGradient && { dbias: biasGradient.tensor }),
    },
    { m, n, k },
    tilesM * tilesN,
    {
      label: options.label,
      constants: {
        ...tile,
        SUBGROUP: b.profile === 'subgroup',
        WORKGROUP: workgroupSize(b.profile),
        TRANSPOSE_A: transposeA,
        TRANSPOSE_B: transposeB,
        ...epilogueConstants(options),
        BIAS_GRADIENT: biasGradient !== undefined,
        RESIDUAL: residual !== undefined,
        ACCUMULATE: c.accumulate,
      },
      flops: 2 * tilesM * tile.TILE_M * tilesN * tile.TILE_N4 * 4 * (4 * Math.ceil(k / 4)),
    },
  );
}
