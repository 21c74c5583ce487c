/**
 * Weights as a `.safetensors` file (github.com/huggingface/safetensors, format 0): eight bytes with the header's
 * length, little-endian; the header, JSON padded with spaces to a multiple of eight; then the tensors, little-endian,
 * one behind the other. The packages that there are for JavaScript only read it.
 */
import type { WeightsEvent } from '../protocol';

const ALIGNMENT = 8;

interface HeaderEntry {
  dtype: 'F32';
  shape: number[];
  /** First byte and the byte behind the last, counted from the end of the header. */
  data_offsets: [number, number];
}

/**
 * @param data all tensors one behind the other, row-major, unpadded
 * @param metadata strings for `__metadata__`
 */
export function safetensorsFile(
  tensors: WeightsEvent['tensors'],
  data: Float32Array,
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  let offset = 0;
  const entries = tensors.map(({ name, shape }): [string, HeaderEntry] => {
    const begin = offset;
    offset += 4 * shape.reduce((product, extent) => product * extent, 1);
    return [name, { dtype: 'F32', shape, data_offsets: [begin, offset] }];
  });
  if (offset !== 4 * data.length) throw new RangeError('The tensors do not fill the data.');
  const text = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const header = new TextEncoder().encode(text);
  const length = Math.ceil(header.length / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(ALIGNMENT + length + offset).fill(0x20, ALIGNMENT, ALIGNMENT + length);
  file.set(header, ALIGNMENT);
  const view = new DataView(file.buffer);
  view.setBigUint64(0, BigInt(length), true);
  // One by one, for the format's order of bytes is not the machine's everywhere. A NaN keeps its meaning, not its bits.
  data.forEach((value, i) => {
    view.setFloat32(ALIGNMENT + length + 4 * i, value, true);
  });
  return file;
}
