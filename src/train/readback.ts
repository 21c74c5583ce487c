import type { Allocator } from '../gpu/allocator';
import { LabError } from '../gpu/errors';
import { engineText } from '../text/engine';

/** Copies a buffer to the CPU behind the commands of a submit. Staging buffers are kept for the next time. */
export class Readback {
  #idle: GPUBuffer[] = [];
  #all: GPUBuffer[] = [];

  constructor(private readonly allocator: Allocator) {}

  /** Submits `encoder` followed by a copy of `source`; resolves with its content once the GPU is done. */
  async submit(encoder: GPUCommandEncoder, source: GPUBuffer): Promise<Float32Array<ArrayBuffer>> {
    const staging = this.#take(source.size);
    encoder.copyBufferToBuffer(source, 0, staging, 0, source.size);
    this.allocator.device.queue.submit([encoder.finish()]);
    try {
      await staging.mapAsync(GPUMapMode.READ, 0, source.size);
    } catch (cause) {
      throw new LabError('device-lost', engineText.deviceSilent(String(cause)));
    }
    const data = new Float32Array(staging.getMappedRange(0, source.size).slice(0));
    staging.unmap();
    this.#idle.push(staging);
    return data;
  }

  #take(size: number): GPUBuffer {
    const at = this.#idle.findIndex((buffer) => buffer.size >= size);
    if (at >= 0) return this.#idle.splice(at, 1)[0]!;
    const staging = this.allocator.create('read-back', size, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
    this.#all.push(staging);
    return staging;
  }

  destroy(): void {
    for (const buffer of this.#all) this.allocator.destroy(buffer);
    this.#all = [];
    this.#idle = [];
  }
}
