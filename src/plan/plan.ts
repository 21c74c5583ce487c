/** The plan: what a training or evaluation step does, as plain data. What is not in it does not happen. */
import type { Kernel } from '../gpu/kernel';
import type { Constants } from '../gpu/specialise';
import type { Access } from '../gpu/reflect';
import type { Tensor } from './tensor';

export interface BoundTensor {
  name: string;
  index: number;
  access: Access;
  tensor: Tensor;
}

export interface Dispatch {
  kernel: Kernel;
  entry: string;
  constants: Constants;
  label: string;
  bindings: BoundTensor[];
  /** Values of the extents struct, by field. */
  extents: Record<string, number>;
  /** Workgroups in x, y and z. */
  grid: [number, number, number];
  /** FLOPs that the kernel executes, all replicas. */
  flops: number;
}

export interface Plan {
  /** Number of replicas. */
  replicas: number;
  dispatches: Dispatch[];
  /** Slot of each activation tensor, by tensor id. */
  slots: Map<number, number>;
  /** Words of each slot. */
  slotWords: number[];
}

/** Bytes that one dispatch moves if every tensor that it binds is touched once. */
export function bytesMoved(dispatch: Dispatch): number {
  return dispatch.bindings.reduce((sum, { tensor }) => sum + tensor.parts * tensor.size * 4, 0);
}

/** Kernel and entry point, as shown to readers. */
export function kernelName(dispatch: Dispatch): string {
  return `${dispatch.kernel.name}/${dispatch.entry}`;
}
