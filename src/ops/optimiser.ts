import hyperStruct from '../../shaders/lib/hyper.wgsl?raw';
import layout from '../../shaders/lib/layout.wgsl?raw';
import source from '../../shaders/optimiser.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import type { PlanBuilder } from '../plan/builder';
import { rows, type Tensor } from '../plan/tensor';

const kernel = defineKernel('optimiser', layout, hyperStruct, source);

/** Whole slabs and tables that the end of a step works on. */
export interface OptimiserTensors {
  /** `[blocks · 64]`, all parameters of all replicas; `grads`, `m` and `v` have the same layout. */
  params: Tensor;
  grads: Tensor;
  m: Tensor;
  v: Tensor;
  /** `[blocks · 4]` words: replica, index, decay, learning-rate multiplier. */
  blocks: Tensor;
  hyper: Tensor;
  schedule: Tensor;
  counters: Tensor;
  /** `[steps, 4]`: the metrics ring. */
  ring: Tensor;
}

/**
 * Clips by the global norm of each replica, appends a row of metrics, advances the step and applies AdamW:
 * three dispatches. losses, nll `[rows]`; `scored` is the number of rows that count.
 */
export function optimiser(
  b: PlanBuilder,
  tensors: OptimiserTensors,
  losses: Tensor,
  nll: Tensor,
  scored: number,
): void {
  const { params, grads, m, v, blocks, hyper, schedule, counters, ring } = tensors;
  const count = params.size / 64;
  const replicaBlocks = count / b.replicas;
  const partials = b.tensor('squared gradients', [replicaBlocks]);
  const update = b.tensor('update', [64]);
  const extents = {
    blocks: count,
    replica_blocks: replicaBlocks,
    rows: losses.size,
    inverse_count: 1 / scored,
    schedule_rows: rows(schedule),
    ring_steps: rows(ring),
  };
  b.dispatch(kernel, 'squares', { blocks, grads, partials }, extents, count, {
    label: 'gradient norm',
    replicas: 1,
    flops: 128 * replicaBlocks,
  });
  b.dispatch(
    kernel,
    'finish',
    { saved_partials: partials, losses, nll, hyper, schedule, counters, update_row: update, ring },
    extents,
    1,
    {
      label: 'clip, metrics, step + 1',
    },
  );
  b.dispatch(kernel, 'update', { blocks, grads, update_of: update, params, m, v }, extents, count * 4, {
    label: 'AdamW',
    replicas: 1,
    flops: 64 * 15 * replicaBlocks,
  });
}
