/**
 * The "topics" source: documents in which the topic decides what follows what, with a known entropy.
 *
 * A document is `[tag z, s1, s2, …, sT]`. Its topic z has p(rank) ∝ rank^−zipf. The first `lag` tokens are
 * uniform and not scored; then s(t) = successors[z][s(t − lag)][j] with j drawn from `SUCCESSOR_PROBABILITIES`.
 * A training token is replaced by a uniform one with probability `noise`, and the chain goes on from what
 * was seen, so that the entropy stays exact under noise too.
 *
 * This is the CPU's account of shaders/sample-topics.wgsl: the same integers, bit for bit. All probability
 * is in thresholds on uniform u32. Counters are (document index, draw): draw 0 chooses the topic, draw 1 + t
 * the token s(t + 1).
 */
import type { Hyper, StaticConfig, TopicsSource } from '../config/run-spec';
import { firstOfPermutation } from '../math/permutation';
import { STREAM, threefry, uniform } from '../math/rng';

/** Probabilities of a row's four successors. */
export const SUCCESSOR_PROBABILITIES = [0.7, 0.15, 0.1, 0.05] as const;

/** Cumulative probabilities of the first three successors, times 2^32. */
export const SUCCESSOR_THRESHOLDS = [3006477107, 3650722202, 4080218931] as const;

/** Successors of one (topic, token). */
export const SUCCESSORS = SUCCESSOR_PROBABILITIES.length;

/** Target of a position that is not scored. */
export const MASKED = 0xffffffff;

const U32_MAX = 0xffffffff;

/** The source's tables, which its seed fixes. */
export interface TopicTables {
  /** `[K]`: topic z is drawn when cdf[z − 1] ≤ u < cdf[z], u uniform in [0, 2^32 − 1). Strictly ascending. */
  cdf: Uint32Array<ArrayBuffer>;
  /** `[K, V, 4]`: successors of token v in topic z, the most probable first. */
  successors: Uint32Array<ArrayBuffer>;
}

export interface TopicsDocument {
  /** `[T]`: the tag V + z, then s1 … s(T − 1). */
  inputs: Uint32Array<ArrayBuffer>;
  /** `[T]`: s1 … sT; `MASKED` for the first `lag`. */
  targets: Uint32Array<ArrayBuffer>;
  /** `[T]`: the process's own −log p of each target, nats; 0 where masked. */
  nll: Float32Array<ArrayBuffer>;
}

/**
 * Cumulative Zipf thresholds. Each topic is given one unit of the 2^32 − 1 outright, so that no range of
 * topics is ever empty; that moves a probability by at most K / 2^32.
 */
function zipfThresholds(topics: number, zipf: number): Uint32Array<ArrayBuffer> {
  const weights = Array.from({ length: topics }, (_, rank) => (rank + 1) ** -zipf);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let cumulative = 0;
  return Uint32Array.from(weights, (weight, rank) => {
    cumulative += weight;
    const share = rank === topics - 1 ? 1 : Math.min(1, cumulative / total);
    return rank + 1 + Math.floor(share * (U32_MAX - topics));
  });
}

/** The first four of a random permutation of the tokens: successors of row `row` = topic·V + token. */
function drawSuccessors(seed: number, row: number, vocabSize: number): number[] {
  return firstOfPermutation(vocabSize, SUCCESSORS, (j) => threefry([seed, STREAM.tables], [row, j])[0]);
}

/**
 * The tables of the source with this seed. `share` of the tokens (the first round(share·V); tokens are
 * exchangeable) have the row of topic 0 in every topic; the other rows do not depend on `share`.
 */
export function topicTables(source: TopicsSource, hyper: Pick<Hyper, 'seed' | 'zipf' | 'share'>): TopicTables {
  const { vocabSize, topics } = source;
  const shared = Math.round(hyper.share * vocabSize);
  const successors = new Uint32Array(topics * vocabSize * SUCCESSORS);
  for (let topic = 0; topic < topics; topic++) {
    for (let token = 0; token < vocabSize; token++) {
      const owner = token < shared ? 0 : topic;
      const drawn = drawSuccessors(hyper.seed, owner * vocabSize + token, vocabSize);
      successors.set(drawn, (topic * vocabSize + token) * SUCCESSORS);
    }
  }
  return { cdf: zipfThresholds(topics, hyper.zipf), successors };
}

/** A training token is replaced when a uniform u32 lies below this. */
export function noiseThreshold(noise: number): number {
  return Math.min(U32_MAX, Math.round(noise * 2 ** 32));
}

/**
 * −log p in nats of the four successors and of any other token, given topic and s(t − lag). Without noise
 * another token is impossible: Infinity.
 */
export function successorNll(
  hyper: Pick<Hyper, 'noise'>,
  vocabSize: number,
): { successors: [number, number, number, number]; other: number } {
  const uniformPart = hyper.noise / vocabSize;
  const nll = (p: number) => -Math.log((1 - hyper.noise) * p + uniformPart);
  const [p0, p1, p2, p3] = SUCCESSOR_PROBABILITIES;
  return { successors: [nll(p0), nll(p1), nll(p2), nll(p3)], other: -Math.log(uniformPart) };
}

/**
 * Exact entropy of a scored token given what precedes it, in nats: no model's expected loss is lower.
 * `noise` 0, as in evaluation, gives .91429.
 */
export function topicsEntropy(source: TopicsSource, hyper: Pick<Hyper, 'noise'>): number {
  const { successors, other } = successorNll(hyper, source.vocabSize);
  const likely = successors.reduce((sum, nll) => sum + Math.exp(-nll) * nll, 0);
  const others = source.vocabSize - SUCCESSORS;
  return hyper.noise > 0 ? likely + others * Math.exp(-other) * other : likely;
}

/**
 * The range of topics [first, end) that a curriculum has opened: the most frequent ones under `easy-first`,
 * the rarest under `hard-first`. In integers, so that the GPU rounds alike: round(K·openFraction), at least 1.
 */
export function openTopics(topics: number, curriculum: Hyper['curriculum'], openFraction: number): [number, number] {
  if (curriculum === 'shuffled') return [0, topics];
  const fraction = Math.floor(Math.fround(openFraction) * 0x10000);
  const open = Math.max(1, Math.floor((topics * fraction + 0x8000) / 0x10000));
  return curriculum === 'easy-first' ? [0, open] : [topics - open, topics];
}

/** Index of document `b` of training step `step`. With `uniqueDocuments` > 0 documents repeat. */
export function trainingDocument(config: StaticConfig<TopicsSource>, hyper: Hyper, step: number, b: number): number {
  const index = (step * config.batchSize + b) % 2 ** 32;
  return hyper.uniqueDocuments > 0 ? index % hyper.uniqueDocuments : index;
}

/** Index of document `b` of evaluation batch `batch`. */
export function evaluationDocument(config: StaticConfig<TopicsSource>, batch: number, b: number): number {
  return (batch * config.batchSize + b) % 2 ** 32;
}

function drawTopic({ cdf }: TopicTables, x: number, [first, end]: [number, number]): number {
  const low = first === 0 ? 0 : cdf[first - 1]!;
  const high = cdf[end - 1]!;
  const u = low + uniform(x, high - low);
  return cdf.findIndex((threshold) => u < threshold);
}

/**
 * Document `index` of a stream. The evaluation stream knows neither noise nor curriculum, whatever `hyper`
 * and `openFraction` say.
 */
export function sampleDocument(
  config: StaticConfig<TopicsSource>,
  hyper: Hyper,
  tables: TopicTables,
  stream: 'train' | 'evaluation',
  index: number,
  openFraction = 1,
): TopicsDocument {
  const { seqLen, source } = config;
  const { vocabSize, topics, lag } = source;
  const training = stream === 'train';
  const key = [hyper.seed, STREAM[stream]] as const;
  const noise = training ? hyper.noise : 0;
  const threshold = noiseThreshold(noise);
  const nll = successorNll({ noise }, vocabSize);
  const open = openTopics(topics, training ? hyper.curriculum : 'shuffled', openFraction);

  const topic = drawTopic(tables, threefry(key, [index, 0])[0], open);
  const document: TopicsDocument = {
    inputs: new Uint32Array(seqLen),
    targets: new Uint32Array(seqLen).fill(MASKED),
    nll: new Float32Array(seqLen),
  };
  document.inputs[0] = vocabSize + topic;

  const tokens: number[] = [];
  for (let t = 0; t < seqLen; t++) {
    const [x, y] = threefry(key, [index, 1 + t]);
    let token = uniform(x, vocabSize);
    if (t >= lag) {
      const row = (topic * vocabSize + tokens[t - lag]!) * SUCCESSORS;
      const successors = tables.successors.subarray(row, row + SUCCESSORS);
      const rank = SUCCESSOR_THRESHOLDS.filter((successorThreshold) => x >= successorThreshold).length;
      if (y >= threshold) token = successors[rank]!;
      document.targets[t] = token;
      document.nll[t] = nll.successors[successors.indexOf(token)] ?? nll.other;
    }
    tokens.push(token);
    if (t + 1 < seqLen) document.inputs[t + 1] = token;
  }
  return document;
}

/** Documents of one training step, `[B]`. */
export function trainingBatch(
  config: StaticConfig<TopicsSource>,
  hyper: Hyper,
  tables: TopicTables,
  step: number,
  openFraction: number,
): TopicsDocument[] {
  return Array.from({ length: config.batchSize }, (_, b) =>
    sampleDocument(config, hyper, tables, 'train', trainingDocument(config, hyper, step, b), openFraction),
  );
}

/** Documents of one evaluation batch, `[B]`. */
export function evaluationBatch(
  config: StaticConfig<TopicsSource>,
  hyper: Hyper,
  tables: TopicTables,
  batch: number,
): TopicsDocument[] {
  return Array.from({ length: config.batchSize }, (_, b) =>
    sampleDocument(config, hyper, tables, 'evaluation', evaluationDocument(config, batch, b)),
  );
}
