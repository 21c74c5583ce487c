import type { GradHandle } from '../plan/builder';
import type { Tensor } from '../plan/tensor';

/** A gradient that one op alone writes: its kernel stores and cannot accumulate. */
export function once(handle: GradHandle): Tensor {
  if (handle.accumulate) throw new Error(`${handle.tensor.name} is written twice, and this kernel does not accumulate`);
  return handle.tensor;
}
