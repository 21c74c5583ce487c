/** Matrix products: one kernel for all transposes, with what is fused into it. shaders/matmul.wgsl has the formula. */
import gelu from '../../shaders/lib/gelu.wgsl?raw';
import layout from '../../shaders/lib/layout.wgsl?raw';
import source from '../../shaders/matmul.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import { matmulTile, workgroupSize, NEIGHBOURS } from '../gpu/profile';
import type { GradHandle, PlanBuilder } from '../plan/builder';
import type { Tensor } from '../plan/tensor';

const kernel = defineKernel('matmul', layout, gelu, source);

export type Activation = 'relu' | 'gelu';

export interface MatmulOptions {
  label: string;
  transposeA?: boolean;
  transposeB?: boolean;
  /** Added to every row before the activation, `[n]`. */
  bias?: Tensor;
  activation?: Activation;
  /** Where GELU's derivative is kept for the backward pass, `[m, n]`. */
  saveSlope?: Tensor;
  /** Added after the activation, `[m, n]`. */
  residual?: Tensor;
  /** Multiplies the result by an activation's derivative: GELU's as it was saved, ReLU's as its output tells. */
  activationGradient?: { slope: Tensor } | { activated: Tensor };
  /** Receives the column sums of `b`; for a product with `transposeA` only. */
  biasGradient?: GradHandle;
}

/**
 * c = op(a) · op(b), `[m, k] · [k, n] → [m, n]`, for each replica.
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
  const {
    transposeA = false,
    transposeB = false,
    bias,
    activation,
    saveSlope,
    residual,
    activationGradient,
    biasGradient,
  } = options;
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
      ...(bias && { bias }),
      ...(residual && { residual }),
      ...(saveSlope && { save_slope: saveSlope }),
      ...activationGradient,
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
        BIAS: bias !== undefined,
        BIAS_GRADIENT: biasGradient !== undefined,
        RESIDUAL: residual !== undefined,
        ACCUMULATE: c.accumulate,
        RELU: activation === 'relu',
        GELU: activation === 'gelu',
        SAVE_SLOPE: saveSlope !== undefined,
        RELU_GRADIENT: activationGradient !== undefined && 'activated' in activationGradient,
        GELU_GRADIENT: activationGradient !== undefined && 'slope' in activationGradient,
      },
      flops: 2 * tilesM * tile.TILE_M * tilesN * tile.TILE_N4 * 4 * (4 * Math.ceil(k / 4)),
    },
  );
}
