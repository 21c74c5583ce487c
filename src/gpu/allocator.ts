/**
 * The one place that creates buffers. No API reports GPU memory, so live bytes are counted here, and what
 * does not fit is refused in words before the device is asked.
 */
import { engineText } from '../text/engine';
import { LabError } from './errors';

export class Allocator {
  #live = new Map<GPUBuffer, number>();
  #bytes = 0;

  constructor(readonly device: GPUDevice) {}

  /** Bytes in buffers that exist now. */
  get liveBytes(): number {
    return this.#bytes;
  }

  /** A zero-filled buffer. `label` names it in error messages. */
  create(label: string, bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const size = Math.ceil(Math.max(bytes, 16) / 16) * 16;
    const limit = Math.min(this.device.limits.maxBufferSize, this.device.limits.maxStorageBufferBindingSize);
    if (size > limit) {
      throw new LabError('memory', engineText.bufferTooLarge(label, size, limit));
    }
    const buffer = this.device.createBuffer({ label, size, usage });
    this.#live.set(buffer, size);
    this.#bytes += size;
    return buffer;
  }

  /** A storage buffer that can be copied from and to. */
  storage(label: string, bytes: number): GPUBuffer {
    return this.create(label, bytes, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST);
  }

  /** A storage buffer holding `data`. */
  upload(label: string, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): GPUBuffer {
    const buffer = this.storage(label, data.byteLength);
    this.device.queue.writeBuffer(buffer, 0, data);
    return buffer;
  }

  destroy(buffer: GPUBuffer): void {
    this.#bytes -= this.#live.get(buffer) ?? 0;
    this.#live.delete(buffer);
    buffer.destroy();
  }
}
