import type { Allocator } from '../gpu/allocator';
import { LabError } from '../gpu/errors';
import { engineText } from '../text/engine';

/** A stretch of a buffer, in bytes. */
export interface Range {
  buffer: GPUBuffer;
  offset: number;
  size: number;
}

/** Copies buffers to the CPU behind the commands of a submit. Staging buffers are kept for the next of their size. */
export class Readback {
  #idle = new Map<number, GPUBuffer[]>();
  #all: GPUBuffer[] = [];

  constructor(private readonly allocator: Allocator) {}

  /** Submits `encoder` followed by a copy of `source`; resolves with its content once the GPU is done. */
  async submit(encoder: GPUCommandEncoder, source: GPUBuffer): Promise<Float32Array<ArrayBuffer>> {
    const [data] = await this.submitRanges(encoder, [{ buffer: source, offset: 0, size: source.size }]);
    return data!;
  }

  /** The same for several stretches, whose contents come in their order. */
  async submitRanges(encoder: GPUCommandEncoder, ranges: Range[]): Promise<Float32Array<ArrayBuffer>[]> {
    const total = ranges.reduce((sum, { size }) => sum + size, 0);
    const staging = this.#take(total);
    let at = 0;
    for (const { buffer, offset, size } of ranges) {
      encoder.copyBufferToBuffer(buffer, offset, staging, at, size);
      at += size;
    }
    this.allocator.device.queue.submit([encoder.finish()]);
    try {
      await staging.mapAsync(GPUMapMode.READ, 0, total);
    } catch (cause) {
      throw new LabError('device-lost', engineText.deviceSilent(String(cause)));
    }
    const data = staging.getMappedRange(0, total).slice(0);
    staging.unmap();
    this.#idle.set(total, [...(this.#idle.get(total) ?? []), staging]);
    let from = 0;
    return ranges.map(({ size }) => {
      const part = new Float32Array(data, from, size / 4).slice();
      from += size;
      return part;
    });
  }

  #take(size: number): GPUBuffer {
    const idle = this.#idle.get(size)?.pop();
    if (idle) return idle;
    const staging = this.allocator.create('read-back', size, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
    this.#all.push(staging);
    return staging;
  }

  destroy(): void {
    for (const buffer of this.#all) this.allocator.destroy(buffer);
    this.#all = [];
    this.#idle.clear();
  }
}
