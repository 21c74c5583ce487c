/** What the matrix products can have fused into them, whichever kernel computes them. */
import type { Constants } from '../gpu/specialise';
import type { GradHandle } from '../plan/builder';
import type { Tensor } from '../plan/tensor';
import type { TiledRoutes } from './route';

export type Activation = 'relu' | 'gelu';

/** What rides in a product of rows. */
export interface Epilogue {
  label: string;
  transposeB?: boolean;
  /** Added to every row before the activation, `[n]`, or `[groups, n]`. */
  bias?: Tensor;
  activation?: Activation;
  /** Where GELU's derivative is kept for the backward pass, `[m, n]`. */
  saveSlope?: Tensor;
  /** Multiplies the result by an activation's derivative: GELU's as it was saved, ReLU's as its output tells. */
  activationGradient?: { slope: Tensor } | { activated: Tensor };
}

/** What of an epilogue a kernel binds, by the names that all of them have. */
export function epilogueBindings({ bias, saveSlope, activationGradient }: Epilogue): Record<string, Tensor> {
  return { ...(bias && { bias }), ...(saveSlope && { save_slope: saveSlope }), ...activationGradient };
}

/** Constants that choose among a kernel's epilogues. */
export function epilogueConstants({ bias, activation, saveSlope, activationGradient }: Epilogue): Constants {
  return {
    BIAS: bias !== undefined,
    RELU: activation === 'relu',
    GELU: activation === 'gelu',
    SAVE_SLOPE: saveSlope !== undefined,
    RELU_GRADIENT: activationGradient !== undefined && 'activated' in activationGradient,
    GELU_GRADIENT: activationGradient !== undefined && 'slope' in activationGradient,
  };
}

export interface MatmulOptions extends Epilogue {
  transposeA?: boolean;
  /** Added after the activation, `[m, n]`. */
  residual?: Tensor;
  /** Receives the column sums of `b`; for a product with `transposeA` only. */
  biasGradient?: GradHandle;
}

/** The slots of a grouped product: their order by group, and how many of them each row of tokens has. */
export interface Slots {
  routes: TiledRoutes;
  topK: number;
  /** `[slots]` */
  gates: Tensor;
}

export interface RowsOptions extends Epilogue {
  /** Rows of `a` are tokens, taken where a slot wants them; else they lie in the order of places. */
  gather?: boolean;
  /** Rows of `c` go to their slots; else they stay in the order of places. */
  scatter?: boolean;
  /** Multiplies each row by its slot's gate. */
  scale?: boolean;
}

export interface WeightsOptions {
  label: string;
  /** Rows of `a`, or of `right`, are tokens; else they lie in the order of places. */
  gather: 'a' | 'b';
  /** Multiplies each row of `right` by its slot's gate. */
  scale?: boolean;
  /** Receives the sums of `right` by group, `[groups, n]`. */
  biasGradient?: GradHandle;
}
