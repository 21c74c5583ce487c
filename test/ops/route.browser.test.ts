import { expect, test } from 'vitest';
import { MAX_ROUTED_ROWS, mostTiles, route } from '../../src/ops/route';
import { randomIntegers } from '../reference/random';
import { asWords, runOp, words } from './harness';

/** Rows sorted by id, rows of one id in their order, and where each id begins. */
function expected(ids: Uint32Array, groups: number): { offsets: number[]; order: number[] } {
  const order = [...ids.keys()].sort((a, b) => ids[a]! - ids[b]! || a - b);
  const offsets = Array.from({ length: groups + 1 }, (_, group) => ids.filter((id) => id < group).length);
  return { offsets, order };
}

test.each([
  { name: 'one row', rows: 1, groups: 1, draw: () => 0 },
  { name: 'rows no multiple of 4', rows: 37, groups: 5, draw: (id: number) => id },
  { name: 'empty groups, the first and the last too', rows: 42, groups: 9, draw: (id: number) => 1 + (id % 2) * 6 },
  { name: 'all in the last group', rows: 29, groups: 6, draw: () => 5 },
  { name: 'more groups than invocations', rows: 203, groups: 131, draw: (id: number) => id },
  { name: 'as many rows as are allowed', rows: MAX_ROUTED_ROWS, groups: 70, draw: (id: number) => id },
])('route: $name', async ({ rows, groups, draw }) => {
  const ids = [0, 1].map((r) => randomIntegers(rows, groups, 40 + r).map(draw));
  const run = await runOp({ ids: words([rows], ...ids) }, (b, t) => ({ ...route(b, t.ids, groups) }));
  const want = ids.map((drawn) => expected(drawn, groups));
  expect(asWords(run.outputs.offsets)).toEqual(want.map(({ offsets }) => offsets));
  expect(asWords(run.outputs.order)).toEqual(want.map(({ order }) => order));
});

/** Every group cut into tiles of `tile` places, and then none, up to the most there can be. */
function expectedTiles(offsets: number[], rows: number, tile: number): number[] {
  const groups = offsets.length - 1;
  const tiles = offsets.slice(0, -1).flatMap((first, group) => {
    const count = Math.ceil((offsets[group + 1]! - first) / tile);
    return Array.from({ length: count }, (_, i) => [group, first + i * tile]);
  });
  const most = mostTiles(rows, groups, tile);
  return [...tiles, ...Array.from({ length: most - tiles.length }, () => [groups, 0])].flat();
}

test.each([
  { name: 'one group', rows: 70, groups: 1, tile: 16, draw: () => 0 },
  { name: 'all rows in one of many', rows: 64, groups: 64, tile: 32, draw: () => 63 },
  { name: 'groups without rows', rows: 61, groups: 7, tile: 8, draw: (id: number) => id - (id % 3) },
  { name: 'groups of one row', rows: 5, groups: 5, tile: 16, draw: (_id: number, row: number) => row },
  { name: 'full tiles only', rows: 96, groups: 6, tile: 16, draw: (_id: number, row: number) => row % 6 },
])('tiles: $name', async ({ rows, groups, tile, draw }) => {
  const ids = [0, 1].map((r) => randomIntegers(rows, groups, 50 + r).map(draw));
  const run = await runOp({ ids: words([rows], ...ids) }, (b, t) => ({ ...route(b, t.ids, groups, tile) }));
  const want = ids.map((drawn) => expected(drawn, groups));
  expect(asWords(run.outputs.offsets)).toEqual(want.map(({ offsets }) => offsets));
  expect(asWords(run.outputs.order)).toEqual(want.map(({ order }) => order));
  expect(asWords(run.outputs.tiles)).toEqual(want.map(({ offsets }) => expectedTiles(offsets, rows, tile)));
});

test('more rows than one workgroup may walk are refused when the plan is built', async () => {
  const rows = MAX_ROUTED_ROWS + 1;
  const ids = words([rows], new Uint32Array(rows), new Uint32Array(rows));
  await expect(runOp({ ids }, (b, t) => ({ ...route(b, t.ids, 4) }))).rejects.toThrow('at most 8192 rows');
});
