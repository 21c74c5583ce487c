/** What can be seen inside a model: how it routes a batch, and what it makes of some documents. Plain arithmetic. */
import { outputVocabulary, topicsOf } from '../config/flops';
import type { StaticConfig } from '../config/run-spec';
import type { CloserDocument, LayerRouting, ReadDocument } from '../protocol';

/** Documents that a look reports. */
export const LOOK_DOCUMENTS = 3;

/** Topic of each document, `[B]`. inputs `[B·T]`. */
function documentTopics({ seqLen, source }: StaticConfig, inputs: Uint32Array): number[] {
  return Array.from({ length: inputs.length / seqLen }, (_, b) => inputs[b * seqLen]! - source.vocabSize);
}

/**
 * Use of one layer's experts. inputs `[B·T]`, experts `[B·T·k]`, entropy `[B·T]` in nats, or none for a table.
 */
export function layerRouting(
  config: StaticConfig,
  inputs: Uint32Array,
  experts: Uint32Array,
  entropy?: Float32Array,
): LayerRouting {
  const { nExperts, topK } = config.model.moe!;
  const topics = documentTopics(config, inputs);
  const visits = Array.from({ length: topicsOf(config) }, () => new Array<number>(nExperts).fill(0));
  const total = new Array<number>(nExperts).fill(0);
  for (const [slot, expert] of experts.entries()) {
    total[expert]! += 1;
    // A text has no topics.
    const row = visits[topics[Math.floor(slot / topK / config.seqLen)]!];
    if (row) row[expert]! += 1;
  }
  const shares = (row: number[]): number[] => {
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map((count) => (sum > 0 ? count / sum : 0));
  };
  return {
    load: shares(total),
    byTopic: visits.map(shares),
    entropy: entropy ? entropy.reduce((sum, value) => sum + value, 0) / entropy.length : 0,
    dead: total.filter((count) => count === 0).length,
  };
}

/**
 * The first `count` documents token by token. inputs `[B·T]`; of each layer experts `[B·T·k]`, none for a dense model,
 * and weights `[count, H, T, T]`.
 */
export function closerDocuments(
  { model, seqLen }: StaticConfig,
  count: number,
  inputs: Uint32Array,
  experts: readonly Uint32Array[],
  weights: readonly Float32Array[],
): CloserDocument[] {
  const visits = seqLen * (model.moe?.topK ?? 0);
  const pairs = model.nHeads * seqLen * seqLen;
  return Array.from({ length: count }, (_, i) => ({
    tokens: [...inputs.subarray(i * seqLen, (i + 1) * seqLen)],
    experts: experts.map((layer) => [...layer.subarray(i * visits, (i + 1) * visits)]),
    attention: weights.map((layer) => layer.slice(i * pairs, (i + 1) * pairs)),
  }));
}

/** Probabilities of one row of logits. */
function softmax(logits: Float32Array): number[] {
  const largest = Math.max(...logits);
  const weights = Array.from(logits, (logit) => Math.exp(logit - largest));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * The first documents, each of another topic while there are others. inputs, targets `[B·T]`, logits `[B·T, V]` of
 * them.
 */
export function readDocuments(
  config: StaticConfig,
  inputs: Uint32Array,
  targets: Uint32Array,
  logits: Float32Array,
): ReadDocument[] {
  const { seqLen } = config;
  const vocabulary = outputVocabulary(config);
  const topics = documentTopics(config, inputs);
  const first = topics.flatMap((topic, b) => (topics.indexOf(topic) === b ? [b] : []));
  const rest = topics.flatMap((topic, b) => (topics.indexOf(topic) === b ? [] : [b]));
  return [...first, ...rest].slice(0, LOOK_DOCUMENTS).map((b) => {
    const document: ReadDocument = {
      topic: topics[b]!,
      tokens: [],
      probability: [],
      guess: [],
      guessProbability: [],
    };
    for (let t = 0; t < seqLen; t++) {
      const row = b * seqLen + t;
      const token = t + 1 < seqLen ? inputs[row + 1]! : targets[row]!;
      const p = softmax(logits.subarray(row * vocabulary, (row + 1) * vocabulary));
      const guess = p.indexOf(Math.max(...p));
      document.tokens.push(token);
      document.probability.push(p[token] ?? 0);
      document.guess.push(guess);
      document.guessProbability.push(p[guess] ?? NaN);
    }
    return document;
  });
}
