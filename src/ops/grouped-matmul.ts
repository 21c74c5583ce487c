/** Matrix products of rows with the matrix of their own expert. shaders/grouped-matmul.wgsl has the formulas. */
import gelu from '../../shaders/lib/gelu.wgsl?raw';
import layout from '../../shaders/lib/layout.wgsl?raw';
import source from '../../shaders/grouped-matmul.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import { groupedTile, groupedTileRows, matmulTile, workgroupSize, NEIGHBOURS } from '../gpu/profile';
import type { GradHandle, PlanBuilder } from '../plan/builder';
import { columns, rows as rowsOf, type Tensor } from '../plan/tensor';
import { once } from './once';
import { panelRows } from './panel-matmul';
import { epilogueBindings, epilogueConstants, type RowsOptions, type Slots, type WeightsOptions } from './product';

const kernel = defineKernel('grouped-matmul', layout, gelu, source);

/** c_i = f(a_i · op(weight_group)) for every place i. a `[*, k]`, weight `[groups, k, n]` or transposed, c `[slots, n]`. */
export function groupedRows(
  b: PlanBuilder,
  { routes, topK, gates }: Slots,
  a: Tensor,
  weight: Tensor,
  c: Tensor,
  options: RowsOptions,
): void {
  const { gather = false, scatter = false, scale = false, transposeB = false } = options;
  const [groups, slots, k, n] = [weight.shape[0]!, routes.order.size, columns(a), columns(c)];
  if (b.profile === 'subgroup') {
    const grouping = { slots: { routes, topK, gates }, tile: groupedTile(b.profile, slots, groups) };
    panelRows(b, a, weight, { tensor: c, accumulate: false }, { rows: slots, n, k }, options, grouping);
    return;
  }
  const rows = groupedTileRows(slots, groups);
  const { TILE_N4 } = matmulTile(slots, n);
  const tiles = routes.tiles.size / 2;
  b.dispatch(
    kernel,
    'rows',
    {
      ...{ tiles: routes.tiles, offsets: routes.offsets, a, b: weight, c },
      ...((gather || scatter || scale) && { order: routes.order }),
      ...(scale && { gates }),
      ...epilogueBindings(options),
    },
    { groups, slots, a_rows: rowsOf(a), b_rows: 0, c_rows: rowsOf(c), m: 0, n, k, tile_count: tiles },
    tiles * NEIGHBOURS * Math.ceil(n / (4 * TILE_N4)),
    {
      label: options.label,
      constants: {
        ...{ TILE_M: rows, TILE_N4, TOP_K: topK, TRANSPOSE_B: transposeB },
        ...{ GATHER_A: gather, SCATTER: scatter, SCALE: scale },
        ...epilogueConstants(options),
      },
      // Of full tiles; what the last tile of each expert pads depends on the routing.
      flops: 2 * slots * n * k,
    },
  );
}

/** c_g = Σ a_iᵀ · right_i over the places i of group g. a `[*, m]`, right `[*, n]`, c `[groups, m, n]`. */
export function groupedWeights(
  b: PlanBuilder,
  { routes, topK, gates }: Slots,
  a: Tensor,
  right: Tensor,
  c: GradHandle,
  { label, gather, scale = false, biasGradient }: WeightsOptions,
): void {
  const weight = once(c);
  const [groups, slots, m, n] = [weight.shape[0]!, routes.order.size, columns(a), columns(right)];
  const tile = matmulTile(m, n);
  const tilesM = Math.ceil(m / (tile.TILE_M * NEIGHBOURS));
  b.dispatch(
    kernel,
    'weights',
    {
      ...{ offsets: routes.offsets, order: routes.order, a, b: right, c: weight },
      ...(scale && { gates }),
      ...(biasGradient && { dbias: once(biasGradient) }),
    },
    { groups, slots, a_rows: rowsOf(a), b_rows: rowsOf(right), c_rows: 0, m, n, k: 0, tile_count: 0 },
    groups * tilesM * NEIGHBOURS * Math.ceil(n / (4 * tile.TILE_N4)),
    {
      label,
      constants: {
        ...{ ...tile, TOP_K: topK, SUBGROUP: b.profile === 'subgroup', SCALE: scale },
        ...{ WORKGROUP: workgroupSize(b.profile) },
        ...{ GATHER_A: gather === 'a', GATHER_B: gather === 'b', BIAS_GRADIENT: biasGradient !== undefined },
      },
      flops: 2 * slots * m * n,
    },
  );
}
