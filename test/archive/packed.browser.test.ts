import { deleteDB } from 'idb';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/archive/database';
import { pack, unpack } from '../../src/archive/packed';

/** NaNs of every kind, and zeros of both. */
function bits(words: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: words }, (_, i) => (i % 3 === 0 ? 0x7fc00000 + i : i % 3 === 1 ? 0x80000000 : i));
}

const small = { a: [1, [NaN, { b: new Float32Array([1, NaN]) }]], c: null, d: undefined, e: 'text' };

test('small things stay as they are', async () => {
  expect(await pack(small)).toEqual(small);
  expect(await unpack(small)).toEqual(small);
});

test('large arrays come back bit for bit, wherever they are and whatever they are a part of', async () => {
  const words = bits(700_000);
  const large = {
    ...small,
    slabs: { params: new Float32Array(words.buffer), state: words.subarray(1000, 300_000) },
    list: [new Float64Array(200_000).fill(0.1)],
  };
  const packed = (await pack(large)) as Record<string, Record<string, { blob: Blob }>>;
  expect(packed.slabs?.params?.blob.size).toBe(2_800_000);
  const back = (await unpack(packed)) as typeof large;
  expect(back.slabs.params).toBeInstanceOf(Float32Array);
  const same = (a: ArrayBufferView<ArrayBuffer>, b: ArrayBufferView<ArrayBuffer>) => {
    const [x, y] = [a, b].map((view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    return x!.length === y!.length && x!.every((byte, i) => byte === y![i]);
  };
  expect(same(back.slabs.params, large.slabs.params)).toBe(true);
  expect(same(back.slabs.state, large.slabs.state)).toBe(true);
  expect(same(back.list[0]!, large.list[0]!)).toBe(true);
  expect({ ...back, slabs: 0, list: 0 }).toEqual({ ...small, slabs: 0, list: 0 });
});

test('a large checkpoint is stored without holding up the page for long', async () => {
  const never = () => {
    throw new Error('not to be called');
  };
  const storage = await openDatabase({ blocked: never, superseded: never, terminated: never }, 'packed');
  const value = { schemaVersion: 1, key: 'c', step: 1, params: new Float32Array(bits(3_000_000).buffer) };
  // What has been made up here is not to be counted.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const tasks: number[] = [];
  const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)));
  observer.observe({ type: 'longtask' });
  await storage.write([{ store: 'checkpoints', key: ['s', 'c'], value }]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  observer.disconnect();
  const back = (await storage.get('checkpoints', ['s', 'c'])) as typeof value;
  expect(back.params.length).toBe(3_000_000);
  expect(new Uint32Array(back.params.buffer)[2_999_998]).toBe(bits(3_000_000)[2_999_998]);
  // In one go it takes longer than this on the slowest machine at hand.
  expect(Math.max(0, ...tasks), tasks.map(Math.round).join()).toBeLessThan(150);
  storage.close();
  await deleteDB('packed');
});
