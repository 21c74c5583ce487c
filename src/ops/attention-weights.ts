import layout from '../../shaders/lib/layout.wgsl?raw';
import source from '../../shaders/attention-weights.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import type { PlanBuilder } from '../plan/builder';
import { columns, type Tensor } from '../plan/tensor';

const kernel = defineKernel('attention-weights', layout, source);

export interface AttendedShape {
  /** Sequences of the batch B, and how many of them are looked at, S. */
  batch: number;
  sequences: number;
  seqLen: number;
  heads: number;
}

/**
 * How much each query heeds each key: what `attention` sums with. qkv `[B·T, 3·D]` → weights `[S, H, T, T]`, whose rows
 * add up to 1. To be looked at only: nothing flows back.
 */
export function attentionWeights(
  b: PlanBuilder,
  qkv: Tensor,
  { batch, sequences, seqLen, heads }: AttendedShape,
): Tensor {
  const width = columns(qkv) / 3 / heads;
  const weights = b.tensor('attention weights', [sequences, heads, seqLen, seqLen]);
  const extents = { batch, sequences, seq_len: seqLen, heads, head4: width / 4, scale: 1 / Math.sqrt(width) };
  const pairs = (sequences * heads * seqLen * (seqLen + 1)) / 2;
  b.dispatch(kernel, 'main', { qkv, weights }, extents, sequences * heads * seqLen, {
    label: 'attention weights',
    flops: pairs * 2 * width,
  });
  return weights;
}
