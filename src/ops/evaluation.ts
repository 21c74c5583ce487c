import layout from '../../shaders/lib/layout.wgsl?raw';
import source from '../../shaders/evaluation.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import type { PlanBuilder } from '../plan/builder';
import { rows, type Tensor } from '../plan/tensor';

const kernel = defineKernel('evaluation', layout, source);

/** Appends one batch's mean loss and the source's own to `ring` `[batches, 4]`, and counts the batch. */
export function evaluation(
  b: PlanBuilder,
  losses: Tensor,
  nll: Tensor,
  counters: Tensor,
  ring: Tensor,
  scored: number,
): void {
  b.dispatch(
    kernel,
    'main',
    { losses, nll, counters, ring },
    { rows: losses.size, inverse_count: 1 / scored, ring_steps: rows(ring) },
    1,
    { label: 'evaluation loss' },
  );
}
