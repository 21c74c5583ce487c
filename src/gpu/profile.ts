/**
 * A kernel profile names one consistent choice of kernels and tiles. `register` keeps a wide tile of the output in
 * registers and needs no barrier: correct everywhere. `workgroup` shares tiles of both operands of a matrix product in
 * workgroup memory, as suits most GPUs. `subgroup` is for adapters without a GPU: matrix products keep panels in memory
 * of each invocation's own, and four neighbours exchange what they loaded.
 *
 * A tile is a function of the shape only. It must not depend on the number of replicas, or replica r of R
 * would not equal the same run alone, bit for bit.
 */
export const PROFILES = ['register', 'workgroup', 'subgroup'] as const;
export type KernelProfile = (typeof PROFILES)[number];

/** Whether `subgroup` can run: subgroups must always be those four neighbours, as they are in software adapters. */
export function hasNeighbours({ features, info }: GPUAdapter): boolean {
  const { subgroupMinSize, subgroupMaxSize } = info;
  return features.has('subgroups') && subgroupMinSize === 4 && subgroupMaxSize === 4;
}

/** Version of everything that orders a sum. Raise it when results change by more than nothing. */
export const NUMERICS_VERSION = 2;

export interface MatmulTile {
  /** Rows of the output that one invocation computes; a multiple of 4. */
  TILE_M: number;
  /** Columns, in vec4s. */
  TILE_N4: number;
}

/** Invocations that take row tiles one below the other and share columns. */
export const NEIGHBOURS = 4;

/**
 * Invocations of a workgroup of products or of attention. Where subgroups are four neighbours one of them is enough,
 * and small outputs are shared out evenly among the cores.
 */
export function workgroupSize(profile: KernelProfile): number {
  return profile === 'subgroup' ? NEIGHBOURS : 16;
}

/** vec4s of a row of `cols` numbers that an invocation which goes over it again keeps in registers, and if more follow. */
export function keptInRegisters(cols: number): { KEPT: number; LONGER: boolean } {
  const KEPT = Math.min(cols / 4, 16);
  return { KEPT, LONGER: cols / 4 > KEPT };
}

/** Output tile of a matrix product `[m, n]`; n is a multiple of 4. */
export function matmulTile(m: number, n: number): MatmulTile {
  const columns = n / 4;
  const TILE_N4 = [8, 6, 4, 3, 2].find((width) => columns % width === 0) ?? Math.min(columns, 4);
  return { TILE_M: m > 4 * NEIGHBOURS ? 8 : 4, TILE_N4 };
}

/** Divisors of `count`, ascending. */
function divisors(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1).filter((size) => count % size === 0);
}

/** The pair of sizes, each from its list, that costs least of those that `fits` allows. */
function cheapest(
  lists: [number[], number[]],
  fits: (x: number, y: number) => boolean,
  cost: (x: number, y: number) => number,
): [number, number] {
  const pairs = lists[0].flatMap((x) => lists[1].map((y): [number, number] => [x, y])).filter((pair) => fits(...pair));
  return pairs.reduce((best, pair) => (cost(...pair) < cost(...best) ? pair : best));
}

/** Numbers of a panel of op(b): code is as long as that, and twice as much compiles in twice the time (measured). */
const PANEL = 2048;

/** Panel of op(b) `[k, n]` in a product of rows, in vec4s, and panels along k; k and n are multiples of 4. */
export function rowsPanel(k: number, n: number): { PANEL_K4: number; PANEL_N4: number; PANELS: number } {
  const [k4, n4] = [k / 4, n / 4];
  // What a row loads and stores: itself for every panel of columns, and its sums for every panel along k.
  const moved = (x: number, y: number): number => k * (n4 / y) + n * ((2 * k4) / x - 1);
  const [PANEL_K4, PANEL_N4] = cheapest([divisors(k4), divisors(n4)], (x, y) => 16 * x * y <= PANEL, moved);
  return { PANEL_K4, PANEL_N4, PANELS: k4 / PANEL_K4 };
}

/** Rows that share a panel: enough to be worth its loading, and two chunks at least for the cores. */
export function rowsChunk(rows: number): number {
  return Math.min(512, NEIGHBOURS * Math.ceil(rows / 2 / NEIGHBOURS));
}

/** Steps of k that a tile in workgroup memory holds. */
const WORKGROUP_TILE_K = 16;

export interface WorkgroupTile {
  /** Invocations of a workgroup one below the other, each with 4 rows of the output. */
  LANES_M: number;
  /** Invocations side by side, each with 4 columns. */
  LANES_N: number;
  WORKGROUP: number;
}

/** Whether a product fills tiles in workgroup memory; else it is left to registers. */
export function worthWorkgroup(m: number, n: number, k: number): boolean {
  return m >= 16 && n >= 16 && k >= 8;
}

/** Tile of a product `[m, n]` in workgroup memory: 64 × 64 where that leaves tiles enough for a GPU, else 32 × 32. */
export function workgroupTile(m: number, n: number): WorkgroupTile {
  const most = Math.ceil(m / 64) * Math.ceil(n / 64) >= 32 ? 16 : 8;
  const lanes = (extent: number): number => [4, 8].find((count) => 4 * count >= extent) ?? most;
  const LANES_N = lanes(n);
  // 32 invocations at least, which many GPUs run in step.
  const LANES_M = Math.max(lanes(m), 32 / LANES_N);
  return { LANES_M, LANES_N, WORKGROUP: LANES_M * LANES_N };
}

/** Parts into which a sum over k is cut when `[m, n]` alone gives fewer workgroups than a GPU wants, and their length. */
export function workgroupParts(m: number, n: number, k: number): { parts: number; part: number } {
  const { LANES_M, LANES_N } = workgroupTile(m, n);
  const tiles = Math.ceil(m / (4 * LANES_M)) * Math.ceil(n / (4 * LANES_N));
  const wanted = Math.max(1, Math.min(Math.floor(64 / tiles), Math.floor(k / 128), 16));
  const part = WORKGROUP_TILE_K * Math.ceil(k / wanted / WORKGROUP_TILE_K);
  return { parts: Math.ceil(k / part), part };
}

/** Rows that one invocation of a grouped product computes, when `rows` rows are shared out among `groups`. */
export function groupedTileRows(rows: number, groups: number): number {
  return rows / groups >= 3 * 4 * NEIGHBOURS ? 8 : 4;
}

/** Places of a tile of a grouped product: in panels those of a whole group, unless it has twice its share. */
export function groupedTile(profile: KernelProfile, rows: number, groups: number): number {
  if (profile !== 'subgroup') return NEIGHBOURS * groupedTileRows(rows, groups);
  return Math.min(256, NEIGHBOURS * Math.ceil((2 * rows) / groups / NEIGHBOURS));
}

/** Queries and keys that one invocation of attention handles; fewer where a head is too wide for the registers. */
export function attentionTile(headWidth: number): { QUERY_TILE: number; KEY_TILE: number } {
  return headWidth <= 16 ? { QUERY_TILE: 4, KEY_TILE: 4 } : { QUERY_TILE: 2, KEY_TILE: 2 };
}

/** Keys that attention over short sequences takes or leaves together. */
export const KEY_BLOCK = 8;

/** Numbers of a head's keys beyond which exchange between neighbours is faster. */
const KEPT_KEYS = 512;

/** Blocks of keys, when one invocation keeps a head of a sequence; 0 where that is too much, or there is a GPU. */
export function attentionBlocks(profile: KernelProfile, seqLen: number, headWidth: number): number {
  return profile === 'subgroup' && seqLen * headWidth <= KEPT_KEYS ? Math.ceil(seqLen / KEY_BLOCK) : 0;
}
