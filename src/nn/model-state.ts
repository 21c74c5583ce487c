/** What a session owns and training changes: parameters, gradients, both moments, and the counters. */
import type { Allocator } from '../gpu/allocator';
import type { StaticConfig } from '../config/run-spec';
import { partStride, sizeOf } from '../plan/tensor';
import { initialWeights } from './init';
import type { ModelLayout } from './layout';

/** Slabs that a snapshot copies: gradients are made anew in every step. */
export const SAVED = ['params', 'm', 'v', 'state'] as const;
type SavedSlab = (typeof SAVED)[number];

/** Contents of these slabs on the CPU. */
export type SavedSlabs = Record<SavedSlab, Float32Array<ArrayBuffer>>;

/** A copy of a state on the GPU: the place where a branch leaves the trunk. */
export interface Snapshot {
  buffers: Record<SavedSlab, GPUBuffer>;
  destroy(): void;
}

/** GPU bytes of a state with this layout. */
export function stateBytes(layout: ModelLayout): number {
  return (4 * layout.words + layout.stateWords) * 4;
}

/** GPU bytes of one snapshot. */
export function snapshotBytes(layout: ModelLayout): number {
  return (3 * layout.words + layout.stateWords) * 4;
}

export class ModelState {
  readonly slabs: Record<'params' | 'grads' | 'm' | 'v' | 'state', GPUBuffer>;

  /** Initial weights of each replica's seed; moments, gradients and counters zero. */
  constructor(
    private readonly allocator: Allocator,
    readonly layout: ModelLayout,
    config: StaticConfig,
    seeds: number[],
  ) {
    const slab = (name: string): GPUBuffer => allocator.storage(name, layout.words * 4);
    this.slabs = {
      params: allocator.upload('params', packWeights(layout, config, seeds)),
      grads: slab('grads'),
      m: slab('m'),
      v: slab('v'),
      state: allocator.storage('state', layout.stateWords * 4),
    };
  }

  snapshot(): Snapshot {
    const { allocator, slabs } = this;
    const buffers = Object.fromEntries(
      SAVED.map((name) => [name, allocator.storage(`snapshot of ${name}`, slabs[name].size)]),
    ) as Record<SavedSlab, GPUBuffer>;
    this.#copy(slabs, buffers);
    return { buffers, destroy: () => SAVED.forEach((name) => allocator.destroy(buffers[name])) };
  }

  restore(snapshot: Snapshot): void {
    this.#copy(snapshot.buffers, this.slabs);
  }

  /** Overwrites this state with one that was saved; sizes must be those of its layout. */
  load(saved: SavedSlabs): void {
    for (const name of SAVED) this.allocator.device.queue.writeBuffer(this.slabs[name], 0, saved[name]);
  }

  destroy(): void {
    for (const buffer of Object.values(this.slabs)) this.allocator.destroy(buffer);
  }

  #copy(from: Record<SavedSlab, GPUBuffer>, to: Record<SavedSlab, GPUBuffer>): void {
    const { device } = this.allocator;
    const encoder = device.createCommandEncoder();
    for (const name of SAVED) encoder.copyBufferToBuffer(from[name], 0, to[name], 0, from[name].size);
    device.queue.submit([encoder.finish()]);
  }
}

function packWeights(layout: ModelLayout, config: StaticConfig, seeds: number[]): Float32Array<ArrayBuffer> {
  const data = new Float32Array(layout.words);
  seeds.forEach((seed, replica) => {
    const weights = initialWeights(config, seed);
    for (const { name, offset, shape } of layout.parameters) {
      data.set(weights.get(name)!, offset + replica * partStride(sizeOf(shape)));
    }
  });
  return data;
}
