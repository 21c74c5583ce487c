/**
 * A tensor is a name, a shape and a home. Its data is `[R, …shape]`: one contiguous part a replica, each
 * padded to 64 floats, which is the alignment that WebGPU asks of binding offsets.
 */

/** Floats to which each replica's part of a tensor is padded (256 bytes). */
export const PART_ALIGNMENT = 64;

/** Buffers that live longer than a plan; they are bound when it is replayed. */
export type SlabName =
  | 'params'
  | 'grads'
  | 'm'
  | 'v'
  | 'state'
  | 'biases'
  | 'blocks'
  | 'hyper'
  | 'schedule'
  | 'cdf'
  | 'successors'
  | 'text'
  | 'written'
  | 'tables'
  | 'ring';

export type Home =
  /** A slot that the plan owns, assigned by liveness. */
  | { kind: 'activation' }
  /** A range of a buffer that the session owns; `offset` in 4-byte words. */
  | { kind: 'slab'; slab: SlabName; offset: number };

export interface Tensor {
  readonly id: number;
  readonly name: string;
  /** Shape of one replica's part. */
  readonly shape: readonly number[];
  readonly home: Home;
  /** Words of one replica's part, without padding. */
  readonly size: number;
  /** Parts: the number of replicas, or 1 for what all replicas share. */
  readonly parts: number;
}

/** Words from one replica's part to the next. */
export function partStride(size: number): number {
  return Math.ceil(size / PART_ALIGNMENT) * PART_ALIGNMENT;
}

/** Words of all parts of a tensor, padding included. */
export function wordsOf(tensor: Pick<Tensor, 'size' | 'parts'>): number {
  return tensor.parts * partStride(tensor.size);
}

/** Whether two tensors share words of a slab. */
export function shareSlab(a: Tensor, b: Tensor): boolean {
  if (a.home.kind !== 'slab' || b.home.kind !== 'slab' || a.home.slab !== b.home.slab) return false;
  return a.home.offset < b.home.offset + wordsOf(b) && b.home.offset < a.home.offset + wordsOf(a);
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Last extent. */
export function columns(tensor: Tensor): number {
  return tensor.shape.at(-1) ?? 1;
}

/** Product of all extents but the last. */
export function rows(tensor: Tensor): number {
  return tensor.size / columns(tensor);
}
