import layout from '../../shaders/lib/layout.wgsl?raw';
import source from '../../shaders/route.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import type { PlanBuilder } from '../plan/builder';
import type { Tensor } from '../plan/tensor';

const kernel = defineKernel('route', layout, source);

/** Rows that one replica may route: one workgroup sorts them all. */
export const MAX_ROUTED_ROWS = 8192;

/** Counters that fit into a workgroup's memory: 4 bytes each of 16 KiB. */
const COUNTERS = 4096;
/** Where subgroups are small, further lanes do not run side by side, and each costs a scan of its counters. */
const MOST_LANES = { register: 64, workgroup: 64, subgroup: 16 } as const;

export interface Routes {
  /** `[groups + 1]`: where each group starts in `order`, and the end. */
  offsets: Tensor;
  /** `[rows]`: row numbers, sorted by group, stable. */
  order: Tensor;
}

export interface TiledRoutes extends Routes {
  /** `[count, 2]`: group of each tile and its first place in `order`; the group `groups` where there is no tile. */
  tiles: Tensor;
}

/** Tiles of `tile` rows that any distribution of `rows` rows over `groups` groups fits into. */
export function mostTiles(rows: number, groups: number, tile: number): number {
  return Math.floor((rows + groups * (tile - 1)) / tile);
}

/** Sorts rows by a group number. ids `[rows]`, every id below `groups`. With `tile`, cuts each group into tiles. */
export function route(b: PlanBuilder, ids: Tensor, groups: number): Routes;
export function route(b: PlanBuilder, ids: Tensor, groups: number, tile: number): TiledRoutes;
export function route(b: PlanBuilder, ids: Tensor, groups: number, tile = 0): Routes | TiledRoutes {
  const rows = ids.size;
  if (rows > MAX_ROUTED_ROWS) throw new Error(`route takes at most ${MAX_ROUTED_ROWS} rows a replica, not ${rows}`);
  const lanes = Math.min(MOST_LANES[b.profile], Math.max(1, 2 ** Math.floor(Math.log2(COUNTERS / groups))));
  const offsets = b.tensor('offsets', [groups + 1]);
  const order = b.tensor('order', [rows]);
  const tiles = tile > 0 ? b.tensor('tiles', [mostTiles(rows, groups, tile), 2]) : undefined;
  b.dispatch(
    kernel,
    'main',
    { ids, offsets, order, ...(tiles && { tiles }) },
    { rows, tile_count: tiles ? tiles.size / 2 : 0 },
    1,
    { label: 'route', constants: { GROUPS: groups, LANES: lanes, TILE: tile } },
  );
  return { offsets, order, ...(tiles && { tiles }) };
}
