import { describe, expect, it } from 'vitest';
import { blockTable, modelLayout } from '../../src/nn/layout';
import { snapshotBytes, stateBytes } from '../../src/nn/model-state';
import { sizeOf } from '../../src/plan/tensor';
import { smallConfig } from '../config/specs';

const REPLICAS = 3;
const layout = modelLayout(smallConfig(), REPLICAS);
const table = blockTable(layout);
const factors = new Float32Array(table.buffer);

/** Blocks of 64 words of one parameter and replica. */
function blocksOf(name: string, replica: number): number[] {
  const { offset, shape } = layout.parameters.find((parameter) => parameter.name === name)!;
  const blocks = Math.ceil(sizeOf(shape) / 64);
  return Array.from({ length: blocks }, (_, i) => offset / 64 + replica * blocks + i);
}

describe('the slabs', () => {
  it('hold the parameters one behind the other, every replica in a part of its own', () => {
    const all = layout.parameters.flatMap(({ name }) => [0, 1, 2].flatMap((replica) => blocksOf(name, replica)));
    expect(all).toEqual(Array.from({ length: layout.words / 64 }, (_, block) => block));
  });

  it('take the bytes that are announced', () => {
    expect(stateBytes(layout)).toBe(4 * layout.words * 4 + REPLICAS * 256);
    expect(snapshotBytes(layout)).toBe(3 * layout.words * 4 + REPLICAS * 256);
  });
});

describe('the block table', () => {
  it('names the replica of every block, and numbers the blocks of a replica alike', () => {
    for (const replica of [0, 1, 2]) {
      const blocks = layout.parameters.flatMap(({ name }) => blocksOf(name, replica));
      expect(blocks.map((block) => table[4 * block])).toEqual(blocks.map(() => replica));
      expect(blocks.map((block) => table[4 * block + 1])).toEqual(blocks.map((_, index) => index));
    }
  });

  it('decays matrices only, and freezes nothing', () => {
    for (const { name, group } of layout.parameters) {
      for (const block of blocksOf(name, 1)) {
        expect([factors[4 * block + 2], factors[4 * block + 3]], name).toEqual([group === 'matrix' ? 1 : 0, 1]);
      }
    }
  });
});
