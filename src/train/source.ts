/** What each kind of source brings to a cohort: what it keeps on the GPU, its sampler, its floor. */
import { heldOut } from '../config/held-out';
import type { Hyper, SourceConfig, StaticConfig, TextSource } from '../config/run-spec';
import { heldOutStart, textWindows } from '../config/text-windows';
import { packedWords, packTokens, tokenise, type Tokens } from '../data/text';
import { topicsEntropy, topicTables } from '../data/topics';
import { LabError } from '../gpu/errors';
import type { Batch } from '../ops/batch';
import { sampleText } from '../ops/sample-text';
import { sampleTopics } from '../ops/sample-topics';
import type { PlanBuilder } from '../plan/builder';
import { partStride, sizeOf, type SlabName, type Tensor } from '../plan/tensor';
import { engineText } from '../text/engine';

/** Tensors that every sampler may read. */
export interface SamplerTensors {
  hyper: Tensor;
  schedule: Tensor;
  counters: Tensor;
}

/** A batch of the training stream or of the held-out set, `batchSize` sequences. */
export function sampleBatch(
  b: PlanBuilder,
  config: StaticConfig,
  tensors: SamplerTensors,
  batchSize: number,
  stream: 'train' | 'evaluate',
): Batch {
  const { source, seqLen } = config;
  if (source.kind === 'topics') {
    const { topics, vocabSize, lag } = source;
    const cdf = b.slab('cdf', 'cdf', [topics]);
    const successors = b.slab('successors', 'successors', [sizeOf([topics, vocabSize, 4])]);
    return sampleTopics(b, { ...tensors, cdf, successors }, { batchSize, seqLen, vocabSize, topics, lag }, stream);
  }
  const { hyper, counters } = tensors;
  const set = heldOut(config);
  const [first, second] = [0, 1].map((window) => heldOutStart(source, window, set.batches * set.batchSize));
  return sampleText(
    b,
    { hyper, counters, tokens: b.slab('tokens', 'text', [packedWords(source)], 0, 1) },
    { batchSize, seqLen, windows: textWindows(source, seqLen).trained, first: first!, stride: second! - first! },
    stream,
  );
}

/** Words that a source keeps on the GPU, for `replicas` runs. */
export function sourceWords({ source }: StaticConfig, replicas: number): number {
  if (source.kind === 'text') return partStride(packedWords(source));
  return replicas * (partStride(source.topics) + partStride(source.topics * source.vocabSize * 4));
}

/** What is uploaded once: a slab, and its parts in order. */
export type SourceSlabs = Partial<Record<SlabName, Uint32Array<ArrayBuffer>[]>>;

/** Throws a LabError for a text that is not at hand. */
export function sourceSlabs({ source }: StaticConfig, hypers: readonly Hyper[], texts: Texts): SourceSlabs {
  if (source.kind === 'topics') {
    const tables = hypers.map((hyper) => topicTables(source, hyper));
    return { cdf: tables.map(({ cdf }) => cdf), successors: tables.map(({ successors }) => successors) };
  }
  return { text: [packTokens(textOf(source, texts).tokens)] };
}

/** Texts by hash, as tokens. */
export type Texts = ReadonlyMap<string, Tokens>;

export async function readTexts(texts: readonly string[]): Promise<Texts> {
  const read = await Promise.all(texts.map((text) => tokenise(text)));
  return new Map(read.map((tokens) => [tokens.source.hash, tokens]));
}

/** Throws a LabError where it is not at hand, or where the spec says of it what is not so. */
export function textOf(source: TextSource, texts: Texts): Tokens {
  const found = texts.get(source.hash);
  if (!found) throw new LabError('text', engineText.textMissing);
  const { length, vocabSize } = found.source;
  if (length !== source.length || vocabSize !== source.vocabSize) {
    throw new LabError('text', engineText.textDiffers(found.source));
  }
  return found;
}

/** Something to time steps on, in place of a text: how long they take does not depend on what is read. */
export function blankText({ source }: StaticConfig): Texts {
  if (source.kind === 'topics') return new Map();
  return new Map([[source.hash, { source, tokens: new Uint8Array(source.length), alphabet: [] }]]);
}

/**
 * Loss of the true process, nats per scored token. Nobody knows a text's: 0, below which no loss lies, stands in its
 * place, so that the excess over it is the loss itself.
 */
export function floorOf(source: SourceConfig, hyper: Hyper): number {
  return source.kind === 'topics' ? topicsEntropy(source, hyper) : 0;
}
