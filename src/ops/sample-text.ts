import hyperStruct from '../../shaders/lib/hyper.wgsl?raw';
import layout from '../../shaders/lib/layout.wgsl?raw';
import rng from '../../shaders/lib/rng.wgsl?raw';
import source from '../../shaders/sample-text.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import type { PlanBuilder } from '../plan/builder';
import type { Tensor } from '../plan/tensor';
import type { Batch } from './batch';

const kernel = defineKernel('sample-text', layout, hyperStruct, rng, source);

export interface TextTensors {
  /** `[64]` words: shaders/lib/hyper.wgsl. */
  hyper: Tensor;
  /** `[64]` words; word 0 counts steps, or evaluation batches. */
  counters: Tensor;
  /** `[length / 4]` words of four tokens each, one part for all replicas. */
  tokens: Tensor;
}

export interface TextSizes {
  batchSize: number;
  seqLen: number;
  /** Places at which a training window may begin. */
  windows: number;
  /** First held-out character, and characters from one held-out window to the next. */
  first: number;
  stride: number;
}

/** A batch of windows of a text: of the trained part, a function of (seed, counter), or of the held-out one. */
export function sampleText(
  b: PlanBuilder,
  { hyper, ...others }: TextTensors,
  { batchSize, seqLen, windows, first, stride }: TextSizes,
  stream: 'train' | 'evaluate',
): Batch {
  const shape = [batchSize * seqLen];
  const batch = {
    inputs: b.tensor('inputs', shape),
    targets: b.tensor('targets', shape),
    nll: b.tensor('nll', shape),
  };
  // The held-out windows are the same for every seed, so evaluation reads none.
  const bound = stream === 'train' ? { hyper, ...others } : others;
  b.dispatch(
    kernel,
    stream,
    { ...bound, ...batch },
    { batch_size: batchSize, seq_len: seqLen, windows, first, stride },
    batchSize * seqLen,
    { label: 'sample batch' },
  );
  return batch;
}
