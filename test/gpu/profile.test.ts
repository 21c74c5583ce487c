import { expect, test } from 'vitest';
import {
  attentionBlocks,
  groupedTile,
  rowsChunk,
  rowsPanel,
  workgroupParts,
  workgroupTile,
} from '../../src/gpu/profile';

const WIDTHS = [4, 12, 16, 20, 48, 64, 68, 132, 256];

test('panels tile every shape exactly, and none is longer than code may be', () => {
  for (const k of WIDTHS) {
    for (const n of WIDTHS) {
      const { PANEL_K4, PANEL_N4, PANELS } = rowsPanel(k, n);
      expect(4 * PANEL_K4 * PANELS, `${k} × ${n}`).toBe(k);
      expect((n / 4) % PANEL_N4, `${k} × ${n}`).toBe(0);
      expect(16 * PANEL_K4 * PANEL_N4).toBeLessThanOrEqual(2048);
    }
  }
});

test('a panel is the whole matrix where that fits, and of the others the one that moves least', () => {
  expect(rowsPanel(16, 64)).toEqual({ PANEL_K4: 4, PANEL_N4: 16, PANELS: 1 });
  // 64 × 32: a row is loaded 8 times, 512 numbers, and its 256 sums are stored once. 32 × 64 would move 896.
  expect(rowsPanel(64, 256)).toEqual({ PANEL_K4: 16, PANEL_N4: 8, PANELS: 1 });
});

test('chunks are whole groups of four rows, two at least for two cores', () => {
  expect([1, 5, 512, 4096].map(rowsChunk)).toEqual([4, 4, 256, 512]);
});

test('without a GPU a tile holds an expert with twice its share, at most 256 visits', () => {
  expect(groupedTile('subgroup', 1024, 16)).toBe(128);
  expect(groupedTile('subgroup', 2048, 4)).toBe(256);
  expect(groupedTile('subgroup', 3, 64)).toBe(4);
  expect(groupedTile('register', 1024, 16)).toBe(32);
});

test('one invocation keeps a head of a short sequence only', () => {
  expect(attentionBlocks('subgroup', 32, 8)).toBe(4);
  expect(attentionBlocks('subgroup', 33, 8)).toBe(5);
  expect(attentionBlocks('subgroup', 64, 16)).toBe(0);
  expect(attentionBlocks('register', 32, 8)).toBe(0);
});

test('tiles in workgroup memory are as large as leaves a GPU enough of them, and hold 32 invocations at least', () => {
  expect(workgroupTile(512, 512)).toEqual({ LANES_M: 16, LANES_N: 16, WORKGROUP: 256 });
  expect(workgroupTile(1024, 64)).toEqual({ LANES_M: 8, LANES_N: 8, WORKGROUP: 64 });
  expect(workgroupTile(4096, 16)).toEqual({ LANES_M: 16, LANES_N: 4, WORKGROUP: 64 });
  expect(workgroupTile(16, 16)).toEqual({ LANES_M: 8, LANES_N: 4, WORKGROUP: 32 });
});

test('a long sum with few outputs goes in parts of whole tiles that cover it, a short one in one', () => {
  expect(workgroupParts(64, 256, 1024)).toEqual({ parts: 4, part: 256 });
  expect(workgroupParts(16, 64, 512)).toEqual({ parts: 4, part: 128 });
  expect(workgroupParts(16, 16, 1e6)).toEqual({ parts: 16, part: 62_512 });
  expect(workgroupParts(64, 64, 255)).toEqual({ parts: 1, part: 256 });
  expect(workgroupParts(512, 512, 4096)).toEqual({ parts: 1, part: 4096 });
  for (const k of [1, 127, 389, 1023, 4097]) {
    const { parts, part } = workgroupParts(20, 36, k);
    expect(part % 16).toBe(0);
    expect(parts * part).toBeGreaterThanOrEqual(k);
    expect((parts - 1) * part).toBeLessThan(k);
  }
});
