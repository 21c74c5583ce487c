import hyperStruct from '../../shaders/lib/hyper.wgsl?raw';
import layout from '../../shaders/lib/layout.wgsl?raw';
import rng from '../../shaders/lib/rng.wgsl?raw';
import source from '../../shaders/sample-topics.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import type { PlanBuilder } from '../plan/builder';
import { rows, type Tensor } from '../plan/tensor';
import type { Batch } from './batch';

const kernel = defineKernel('sample-topics', layout, hyperStruct, rng, source);

/** What the sampler reads: all made on the CPU, once for a run. */
export interface TopicsTensors {
  /** `[64]` words: shaders/lib/hyper.wgsl. */
  hyper: Tensor;
  /** `[rows, 4]`: src/config/schedule.ts. */
  schedule: Tensor;
  /** `[64]` words; word 0 counts steps, or evaluation batches. */
  counters: Tensor;
  /** `[topics]` */
  cdf: Tensor;
  /** `[topics · vocabSize · 4]` */
  successors: Tensor;
}

export interface TopicsSizes {
  batchSize: number;
  seqLen: number;
  vocabSize: number;
  topics: number;
  lag: number;
}

/** A batch of documents, a function of (seed, counter): the training stream, or the held-out one. */
export function sampleTopics(
  b: PlanBuilder,
  tensors: TopicsTensors,
  sizes: TopicsSizes,
  stream: 'train' | 'evaluate',
): Batch {
  const { batchSize, seqLen, vocabSize, topics, lag } = sizes;
  const { schedule, ...others } = tensors;
  const tokens = [batchSize * seqLen];
  const batch = {
    inputs: b.tensor('inputs', tokens),
    targets: b.tensor('targets', tokens),
    nll: b.tensor('nll', tokens),
  };
  // Evaluation is clean and knows no curriculum, so it does not read the schedule.
  const bound = stream === 'train' ? tensors : others;
  b.dispatch(
    kernel,
    stream,
    { ...bound, ...batch },
    { batch_size: batchSize, seq_len: seqLen, vocab_size: vocabSize, topics, lag, schedule_rows: rows(schedule) },
    batchSize,
    { label: 'sample batch' },
  );
  return batch;
}
