/**
 * RunSpec: everything that determines one training run, in one versioned, JSON-serialisable value.
 * Links, the terminal, experiments and result files all carry this type, and only this type.
 *
 * It has two halves. `StaticConfig` decides shapes and kernels, and so is the key of a plan; `Hyper` is
 * the row of numbers that one replica reads from the GPU while the plan replays. Runs whose static halves
 * are equal train as replicas of one plan, in the same dispatches.
 */
import * as v from 'valibot';

/** The only version of the format there is so far; a reader refuses any other. */
export const SCHEMA_VERSION = 1;

const positiveInteger = v.pipe(v.number(), v.integer(), v.minValue(1));
const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const finitePositive = v.pipe(v.number(), v.finite(), v.gtValue(0));
const finiteNonNegative = v.pipe(v.number(), v.finite(), v.minValue(0));

/** Most experts of a layer, and most that one token visits. */
export const MAX_EXPERTS = 64;
export const MAX_TOP_K = 4;

/**
 * What decides which experts a token visits. `learned` is trained; `frozen` keeps the router's random matrix but
 * passes its gradient on to the residual stream; `frozen-detached` has no gradient at all. The tables fix the experts
 * of a token id, of a position or of a document's topic, drawn once from the seed.
 */
export const ROUTERS = [
  'learned',
  'frozen',
  'frozen-detached',
  'token-table',
  'position-table',
  'topic-table',
] as const;

/** Sparse experts in place of every MLP (Shazeer et al. 2017, arXiv 1701.06538). `dFf` is each expert's width. */
export const MoeSchema = v.strictObject({
  /** Experts E of each layer. */
  nExperts: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_EXPERTS)),
  /** Experts k that each token visits, at most E. */
  topK: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_TOP_K)),
  router: v.picklist(ROUTERS),
});

/** The decoder: pre-norm, learned positions, untied head; dense, or sparse with `moe`. */
export const ModelSchema = v.strictObject({
  /** Width of the residual stream, a multiple of 4. */
  dModel: positiveInteger,
  nLayers: positiveInteger,
  /** Attention heads; dModel / nHeads must be a multiple of 4. */
  nHeads: positiveInteger,
  /** Hidden width of the MLP, of each expert's with `moe`; a multiple of 4. */
  dFf: positiveInteger,
  norm: v.picklist(['rmsnorm', 'layernorm']),
  activation: v.picklist(['relu', 'gelu']),
  /** Biases in every linear layer except the head. */
  bias: v.boolean(),
  /** Absent in a dense model. */
  moe: v.optional(MoeSchema),
});

/** The "topics" source: documents `[topic tag, s1 … sT]` in which a topic decides what follows what. */
export const TopicsSchema = v.strictObject({
  kind: v.literal('topics'),
  /** Shared tokens V, a multiple of 4: the output vocabulary. The input vocabulary is V + topics. */
  vocabSize: positiveInteger,
  /** Number of topics K, a multiple of 4. */
  topics: positiveInteger,
  /** s(t) depends on the topic and on s(t − lag); the first `lag` tokens are uniform and not scored. */
  lag: v.picklist([1, 2]),
});

/**
 * The "text" source: windows of a text, in characters. The spec names the text by its hash and knows all that shapes
 * depend on; the text itself goes to the worker beside the runs. src/data/text.ts makes these numbers.
 */
export const TextSchema = v.strictObject({
  kind: v.literal('text'),
  /** Tokens V, padded to a multiple of 4: one for each frequent character, and one for all the others. */
  vocabSize: positiveInteger,
  /** Characters of the whole text; the last tenth is held out. */
  length: positiveInteger,
  /** First 16 hexadecimal digits of the SHA-256 of the text in UTF-8. */
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
});

export const SourceSchema = v.variant('kind', [TopicsSchema, TextSchema]);

export const ScheduleSchema = v.strictObject({
  /** `wsd` is warm-up, stable, decay: linear to zero over the last `decayFraction` of the steps. */
  kind: v.picklist(['constant', 'cosine', 'wsd']),
  warmupSteps: v.pipe(v.number(), v.integer(), v.minValue(0)),
  decayFraction: fraction,
});

/** How long to train: in training FLOPs (the convention of flops.ts), tokens, or optimiser steps. */
export const BudgetSchema = v.union([
  v.strictObject({ flops: finitePositive }),
  v.strictObject({ tokens: finitePositive }),
  v.strictObject({ steps: positiveInteger }),
]);

/** One replica's row of numbers. None of them changes a shape or a kernel. */
export const HyperSchema = v.strictObject({
  /** Fixes the source's tables, the order of the data and the initial weights. A 32-bit unsigned integer. */
  seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff)),
  /** Peak learning rate of AdamW. */
  lr: finiteNonNegative,
  beta1: v.pipe(v.number(), v.minValue(0), v.ltValue(1)),
  beta2: v.pipe(v.number(), v.minValue(0), v.ltValue(1)),
  epsilon: finitePositive,
  /** Decoupled weight decay, applied to matrices only. */
  weightDecay: finiteNonNegative,
  /** Largest global norm of the gradient; Infinity is written as 0, which switches clipping off. */
  clipNorm: finiteNonNegative,
  /** Zipf exponent of the topics: p(rank) ∝ rank^−zipf. 0 is uniform. */
  zipf: finiteNonNegative,
  /** Fraction of the source's rows that all topics have in common. */
  share: fraction,
  /** Fraction of training tokens replaced by a uniform one. Evaluation is always clean. */
  noise: fraction,
  /** Training documents before they repeat; 0 means that they never do. */
  uniqueDocuments: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff)),
  /** Order in which topics open over the first half of training. Rank 1 (most frequent) is easiest. */
  curriculum: v.picklist(['shuffled', 'easy-first', 'hard-first']),
  /** Weight of the load-balancing loss of a router (Fedus et al. 2022, arXiv 2101.03961, eq. 4). */
  balanceLoss: v.optional(finiteNonNegative, 0),
  /** Weight of the router's z-loss (Zoph et al. 2022, arXiv 2202.08906, eq. 5). */
  zLoss: v.optional(finiteNonNegative, 0),
  /** Step by which an overloaded expert's bias falls, without any loss (Wang et al. 2024, arXiv 2408.15664). 0: none. */
  biasRate: v.optional(finiteNonNegative, 0),
});

export const RunSpecSchema = v.strictObject({
  schemaVersion: v.literal(SCHEMA_VERSION),
  model: ModelSchema,
  source: SourceSchema,
  /** Tokens in a sequence T. */
  seqLen: positiveInteger,
  /** Sequences in a batch B. */
  batchSize: positiveInteger,
  schedule: ScheduleSchema,
  budget: BudgetSchema,
  /**
   * Fractions of the budget, ascending, last 1: at each of them a decay branch ends and is evaluated.
   * Fractions below 1 need the `wsd` schedule.
   */
  branches: v.pipe(v.array(v.pipe(v.number(), v.gtValue(0), v.maxValue(1))), v.minLength(1), v.maxLength(16)),
  hyper: HyperSchema,
});

export type Router = (typeof ROUTERS)[number];
export type MoeConfig = v.InferOutput<typeof MoeSchema>;
export type ModelConfig = v.InferOutput<typeof ModelSchema>;
export type TopicsSource = v.InferOutput<typeof TopicsSchema>;
export type TextSource = v.InferOutput<typeof TextSchema>;
export type SourceConfig = TopicsSource | TextSource;
export type ScheduleConfig = v.InferOutput<typeof ScheduleSchema>;
export type Budget = v.InferOutput<typeof BudgetSchema>;
export type Hyper = v.InferOutput<typeof HyperSchema>;
/** A run spec; `RunSpec<TopicsSource>` where only one kind of source will do. */
export type RunSpec<Source extends SourceConfig = SourceConfig> = Omit<
  v.InferOutput<typeof RunSpecSchema>,
  'source'
> & { source: Source };

/** The half of a spec that decides shapes, kernels and the number of steps: runs that agree share a plan. */
export type StaticConfig<Source extends SourceConfig = SourceConfig> = Omit<RunSpec<Source>, 'hyper'>;

/** The fields of `Hyper` that may be changed while a run is under way. */
export const LIVE_FIELDS = ['lr', 'weightDecay', 'clipNorm'] as const;
export type LiveField = (typeof LIVE_FIELDS)[number];
export type HyperPatch = Partial<Pick<Hyper, LiveField>>;

/** FLOPs a run for each named budget. `smoke` checks the mechanics in seconds; it shows no law. */
export const BUDGETS = { smoke: 1e9, quick: 3e10, '1e11': 1e11, '3e11': 3e11, '8e11': 8e11 } as const;
export type BudgetName = keyof typeof BUDGETS;

/** The static half of a spec. */
export function staticConfig<Source extends SourceConfig>(spec: RunSpec<Source>): StaticConfig<Source> {
  const { hyper: _hyper, ...rest } = spec;
  return rest;
}

/** Equal for two specs exactly when they can train as replicas of one plan. */
export function staticKey(spec: RunSpec): string {
  return canonicalJson(staticConfig(spec));
}

/** JSON with keys in alphabetical order, so that equal values have equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
