/** Products of rows, with a panel in memory of each invocation's own. shaders/panel-rows.wgsl has the formula. */
import gelu from '../../shaders/lib/gelu.wgsl?raw';
import layout from '../../shaders/lib/layout.wgsl?raw';
import source from '../../shaders/panel-rows.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import { NEIGHBOURS, rowsChunk, rowsPanel } from '../gpu/profile';
import type { GradHandle, PlanBuilder } from '../plan/builder';
import { rows as rowsOf, type Tensor } from '../plan/tensor';
import { epilogueBindings, epilogueConstants, type MatmulOptions, type RowsOptions, type Slots } from './product';

const kernel = defineKernel('panel-rows', layout, gelu, source);

interface Grouping {
  slots: Slots;
  /** Places of a tile of the slots' routes. */
  tile: number;
}

/** c = f(a · op(right) + …), `[rows, k] · [k, n] → [rows, n]`; with `grouping` every row meets its group's matrix. */
export function panelRows(
  b: PlanBuilder,
  a: Tensor,
  right: Tensor,
  c: GradHandle,
  sizes: { rows: number; n: number; k: number },
  options: RowsOptions & Pick<MatmulOptions, 'residual'>,
  grouping?: Grouping,
): void {
  const { rows, n, k } = sizes;
  const { gather = false, scatter = false, scale = false, transposeB = false } = options;
  const { residual } = options;
  const panel = rowsPanel(k, n);
  const chunk = grouping?.tile ?? rowsChunk(rows);
  const routes = grouping?.slots.routes;
  const tiles = routes ? routes.tiles.size / 2 : 0;
  b.dispatch(
    kernel,
    'main',
    {
      ...{ a, b: right, c: c.tensor },
      ...(routes && { tiles: routes.tiles, offsets: routes.offsets }),
      ...(routes && (gather || scatter || scale) && { order: routes.order }),
      ...(grouping && scale && { gates: grouping.slots.gates }),
      ...epilogueBindings(options),
      ...(residual && { residual }),
    },
    {
      ...{ rows, n, k, tile_count: tiles, a_rows: rowsOf(a), c_rows: rowsOf(c.tensor) },
      groups: routes ? right.shape[0]! : 1,
    },
    NEIGHBOURS * (routes ? tiles : Math.ceil(rows / chunk)) * (n / (4 * panel.PANEL_N4)),
    {
      label: options.label,
      constants: {
        ...{ ...panel, CHUNK: chunk, TOP_K: grouping?.slots.topK ?? 1, GROUPED: routes !== undefined },
        ...{ GATHER: gather, SCATTER: scatter, SCALE: scale, TRANSPOSE_B: transposeB },
        ...epilogueConstants(options),
        ...{ RESIDUAL: residual !== undefined, ACCUMULATE: c.accumulate },
      },
      flops: 2 * rows * n * k,
    },
  );
}
