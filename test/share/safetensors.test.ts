import { expect, test } from 'vitest';
import { safetensorsFile } from '../../src/share/safetensors';

const tensors = [
  { name: 'embedding', shape: [2, 3] },
  { name: 'norm – weight', shape: [1] },
];

/** A reader that knows only the format's description. */
function read(file: Uint8Array<ArrayBuffer>) {
  const view = new DataView(file.buffer);
  const length = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const values = (name: string) => {
    const [begin, end] = header[name]!.data_offsets;
    return Array.from({ length: (end - begin) / 4 }, (_, i) => view.getFloat32(8 + length + begin + 4 * i, true));
  };
  return { length, header, values };
}

test('a reader finds every tensor, its shape and the metadata', () => {
  const data = new Float32Array([1, -2.5, NaN, Infinity, 1e-40, 6, 7]);
  const file = safetensorsFile(tensors, data, { format: 'pt', run: '{"arm":"“dense”"}' });
  const { length, header, values } = read(file);
  expect(length % 8).toBe(0);
  expect(file.length).toBe(8 + length + 28);
  expect(header).toEqual({
    __metadata__: { format: 'pt', run: '{"arm":"“dense”"}' },
    embedding: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
    'norm – weight': { dtype: 'F32', shape: [1], data_offsets: [24, 28] },
  });
  expect(values('embedding')).toEqual([...data.subarray(0, 6)]);
  expect(values('norm – weight')).toEqual([7]);
});

test.each([0, 1, 2, 3, 4, 5, 6, 7])('the header ends on a multiple of eight (%i)', (more) => {
  const file = safetensorsFile([{ name: 'a', shape: [1] }], new Float32Array(1), { a: 'x'.repeat(more) });
  const { length } = read(file);
  expect(length % 8).toBe(0);
  expect(file.length).toBe(8 + length + 4);
});

test('data that the tensors do not fill are refused', () => {
  expect(() => safetensorsFile(tensors, new Float32Array(8), {})).toThrow(/do not fill/);
});
