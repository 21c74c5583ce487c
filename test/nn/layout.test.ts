import { describe, expect, it } from 'vitest';
import { staticConfig } from '../../src/config/run-spec';
import { blockTable, modelLayout, routerBiasOffset, type ModelLayout } from '../../src/nn/layout';
import { snapshotBytes, stateBytes } from '../../src/nn/model-state';
import { sizeOf } from '../../src/plan/tensor';
import { smallConfig, smallSparseSpec } from '../config/specs';

const REPLICAS = 3;
const layout = modelLayout(smallConfig(), REPLICAS);
const table = blockTable(layout);
const factors = new Float32Array(table.buffer);

/** Blocks of 64 words of one parameter and replica. */
function blocksOf(name: string, replica: number, { parameters }: ModelLayout = layout): number[] {
  const { offset, shape } = parameters.find((parameter) => parameter.name === name)!;
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

describe('a sparse model', () => {
  const sparse = (router: 'learned' | 'frozen') => modelLayout(staticConfig(smallSparseSpec({}, { router })), REPLICAS);

  it('has a tensor of router biases for each layer behind the step counters', () => {
    const { stateWords } = sparse('learned');
    expect(stateWords).toBe(3 * REPLICAS * 64);
    expect([0, 1].map((layer) => routerBiasOffset(REPLICAS, layer))).toEqual([REPLICAS * 64, 2 * REPLICAS * 64]);
    expect(stateBytes(sparse('learned'))).toBe(4 * sparse('learned').words * 4 + 4 * stateWords);
    expect(snapshotBytes(sparse('learned'))).toBe(3 * sparse('learned').words * 4 + 4 * stateWords);
  });

  it.each(['learned', 'frozen'] as const)('has experts that decay, and a %s router', (router) => {
    const placed = sparse(router);
    const each = new Float32Array(blockTable(placed).buffer);
    const treatment = (name: string) =>
      blocksOf(name, 2, placed).map((block) => [each[4 * block + 2], each[4 * block + 3]].join(' '));
    expect(new Set(treatment('layers.0.fc1.weight'))).toEqual(new Set(['1 1']));
    expect(new Set(treatment('layers.0.fc1.bias'))).toEqual(new Set(['0 1']));
    expect(new Set(treatment('layers.1.router.weight'))).toEqual(new Set([router === 'learned' ? '1 1' : '0 0']));
  });
});
