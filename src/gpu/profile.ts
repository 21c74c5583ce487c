/**
 * A kernel profile names one consistent choice of kernels and tiles. `register` keeps a wide tile of the output in
 * registers and needs no barrier: the form that is fast without a GPU, and correct everywhere. `subgroup` is the
 * same, but four neighbours exchange what they loaded.
 *
 * A tile is a function of the shape only. It must not depend on the number of replicas, or replica r of R
 * would not equal the same run alone, bit for bit.
 */
export type KernelProfile = 'register' | 'subgroup';

/** The profile for an adapter: `subgroup` where subgroups are always those four neighbours, as in software adapters. */
export function kernelProfile({ features, info }: GPUAdapter): KernelProfile {
  const { subgroupMinSize, subgroupMaxSize } = info;
  return features.has('subgroups') && subgroupMinSize === 4 && subgroupMaxSize === 4 ? 'subgroup' : 'register';
}

/** Version of everything that orders a sum. Raise it when results change by more than nothing. */
export const NUMERICS_VERSION = 1;

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

/** vec4s of a row of `cols` numbers that one invocation keeps in registers while it goes over the row again. */
export function keptInRegisters(cols: number): number {
  return Math.min(cols / 4, 16);
}

/** Output tile of a matrix product `[m, n]`; n is a multiple of 4. */
export function matmulTile(m: number, n: number): MatmulTile {
  const columns = n / 4;
  const TILE_N4 = [8, 6, 4, 3, 2].find((width) => columns % width === 0) ?? Math.min(columns, 4);
  return { TILE_M: m > 4 * NEIGHBOURS ? 8 : 4, TILE_N4 };
}

/** Rows that one invocation of a grouped product computes, when `rows` rows are shared out among `groups`. */
export function groupedTileRows(rows: number, groups: number): number {
  return rows / groups >= 3 * 4 * NEIGHBOURS ? 8 : 4;
}

/** Queries and keys that one invocation of attention handles; fewer where a head is too wide for the registers. */
export function attentionTile(headWidth: number): { QUERY_TILE: number; KEY_TILE: number } {
  return headWidth <= 16 ? { QUERY_TILE: 4, KEY_TILE: 4 } : { QUERY_TILE: 2, KEY_TILE: 2 };
}
