/**
 * A kernel profile names one consistent choice of tiles. `register` keeps a wide tile of the output in
 * registers and needs no barrier: the form that is fast without a GPU, and correct everywhere.
 *
 * A tile is a function of the shape only. It must not depend on the number of replicas, or replica r of R
 * would not equal the same run alone, bit for bit.
 */
export const KERNEL_PROFILE = 'register';

/** Version of everything that orders a sum. Raise it when results change by more than nothing. */
export const NUMERICS_VERSION = 1;

export interface MatmulTile {
  /** Rows of the output that one invocation computes; a multiple of 4. */
  TILE_M: number;
  /** Columns, in vec4s. */
  TILE_N4: number;
}

/** Output tile of a matrix product `[m, n]`; n is a multiple of 4. */
export function matmulTile(m: number, n: number): MatmulTile {
  const columns = n / 4;
  const TILE_N4 = columns <= 3 ? columns : columns % 3 === 0 && columns % 2 !== 0 ? 3 : 2;
  return { TILE_M: m >= 256 ? 16 : 8, TILE_N4 };
}

/** Queries and keys that one invocation of attention handles; fewer where a head is too wide for the registers. */
export function attentionTile(headWidth: number): { QUERY_TILE: number; KEY_TILE: number } {
  return headWidth <= 16 ? { QUERY_TILE: 4, KEY_TILE: 4 } : { QUERY_TILE: 2, KEY_TILE: 2 };
}
