/** Matrix products: one kernel for all transposes, with what is fused into it. shaders/matmul.wgsl has the formula. */
import layout from '../../shaders/lib/layout.wgsl?raw';
import source from '../../shaders/matmul.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import { matmulTile } from '../gpu/profile';
import type { GradHandle, PlanBuilder } from '../plan/builder';
import type { Tensor } from '../plan/tensor';

const kernel = defineKernel('matmul', layout, source);

export type Activation = 'relu' | 'gelu';

export interface MatmulOptions {
  label: string;
  transposeA?: boolean;
  transposeB?: boolean;
  /** Added to every row before the activation, `[n]`. */
  bias?: Tensor;
  activation?: Activation;
  /** Where the values before the activation are kept, `[m, n]`. */
  savePre?: Tensor;
  /** Added after the activation, `[m, n]`. */
  residual?: Tensor;
  /** Multiplies the result by the activation's derivative at `pre`, `[m, n]`. */
  activationGradient?: { activation: Activation; pre: Tensor };
  /** Receives the column sums of `b`; for a product with `transposeA` only. */
  biasGradient?: GradHandle;
}

/**
 * c = op(a) · op(b), `[m, k] · [k, n] → [m, n]`, for each replica.
 *
 * n, and m with `transposeA`, must be multiples of 4.
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
    savePre,
    residual,
    activationGradient,
    biasGradient,
  } = options;
  if (n % 4 || (transposeA && m % 4)) {
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
  const tilesM = Math.ceil(m / tile.TILE_M);
  const tilesN = Math.ceil(n / (4 * tile.TILE_N4));
  b.dispatch(
    kernel,
    'main',
    {
      [transposeA ? 'a' : 'a_scalar']: left,
      [transposeB ? 'b_scalar' : 'b']: right,
      c: c.tensor,
      ...(bias && { bias }),
      ...(residual && { residual }),
      ...(savePre && { save_pre: savePre }),
      ...(activationGradient && { pre: activationGradient.pre }),
      ...(biasGradient && { dbias: biasGradient.tensor }),
    },
    { m, n, k },
    tilesM * tilesN,
    {
      label: options.label,
      constants: {
        ...tile,
        TRANSPOSE_A: transposeA,
        TRANSPOSE_B: transposeB,
        BIAS: bias !== undefined,
        BIAS_GRADIENT: biasGradient !== undefined,
        RESIDUAL: residual !== undefined,
        ACCUMULATE: c.accumulate,
        RELU: activation === 'relu',
        GELU: activation === 'gelu',
        SAVE_PRE: savePre !== undefined,
        RELU_GRADIENT: activationGradient?.activation === 'relu',
        GELU_GRADIENT: activationGradient?.activation === 'gelu',
      },
      flops: 2 * tilesM * tile.TILE_M * tilesN * tile.TILE_N4 * 4 * k,
    },
  );
}
