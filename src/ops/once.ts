import type { GradHandle } from '../plan/builder';
import type { Tensor } from '../plan/tensor';

/** The gradient of a parameter that one op alone uses: its kernel stores and cannot accumulate. */
export function once(handle: GradHandle): Tensor {
  if (handle.accumulate) throw new Error(`${handle.tensor.name} is written twice, and this kernel does not accumulate`);
  return handle.tensor;
}
