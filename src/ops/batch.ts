import type { Tensor } from '../plan/tensor';

/** What every sampler makes. */
export interface Batch {
  /** `[B·T]` token ids. */
  inputs: Tensor;
  /** `[B·T]` token ids, 0xffffffff where not scored. */
  targets: Tensor;
  /** `[B·T]`: the process's own −log p of each target; 0 where not scored, and where nobody knows it. */
  nll: Tensor;
}
