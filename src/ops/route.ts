import layout from '../../shaders/lib/layout.wgsl?raw';
import source from '../../shaders/route.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import type { PlanBuilder } from '../plan/builder';
import type { Tensor } from '../plan/tensor';

const kernel = defineKernel('route', layout, source);

/** Rows that one replica may route: one workgroup walks them all. */
export const MAX_ROUTED_ROWS = 8192;

export interface Routes {
  /** `[groups + 1]`: where each group starts in `order`, and the end. */
  offsets: Tensor;
  /** `[rows]`: row numbers, sorted by group, stable. */
  order: Tensor;
}

/** Sorts rows by a group number. ids `[rows]`, every id below `groups`. */
export function route(b: PlanBuilder, ids: Tensor, groups: number): Routes {
  const rows = ids.size;
  if (rows > MAX_ROUTED_ROWS) throw new Error(`route takes at most ${MAX_ROUTED_ROWS} rows a replica, not ${rows}`);
  const offsets = b.tensor('offsets', [groups + 1]);
  const order = b.tensor('order', [rows]);
  b.dispatch(kernel, 'main', { ids, offsets, order }, { rows }, 1, { label: 'route', constants: { GROUPS: groups } });
  return { offsets, order };
}
