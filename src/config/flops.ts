/**
 * Counts that are pure functions of a config: parameters, training FLOPs, steps.
 *
 * `trainFlops` is a convention, not a measurement: matrix products and attention in full, times three for
 * forward and backward, a multiply-add counted as two. Norms, softmax and the optimiser are left out. It
 * defines budgets and x axes, so it must not move when a kernel does; what the kernels really execute is
 * `executedFlops`, summed from a plan.
 */
import type { Budget, ModelConfig, RunSpec, StaticConfig } from './run-spec';

export interface ParameterCount {
  /** Every trained number. */
  total: number;
  /** Without token and position embeddings; the head counts. */
  nonEmbedding: number;
  /** Non-embedding parameters that one token uses: k of the E experts. Equal to `nonEmbedding` for a dense model. */
  active: number;
}

/** Whether the entropy of what is read is known. Nobody knows a text's. */
export function hasFloor({ source }: Pick<StaticConfig, 'source'>): boolean {
  return source.kind === 'topics';
}

/** Topics that documents belong to: none in a text. */
export function topicsOf({ source }: Pick<StaticConfig, 'source'>): number {
  return source.kind === 'topics' ? source.topics : 0;
}

/** Input vocabulary: shared tokens plus one tag a topic. */
export function inputVocabulary(config: StaticConfig): number {
  return config.source.vocabSize + topicsOf(config);
}

/** Output vocabulary: the shared tokens, or the characters of a text. */
export function outputVocabulary(config: StaticConfig): number {
  return config.source.vocabSize;
}

/** First targets of a document that are not scored: in `topics` they are uniform. */
function unscoredPerSequence({ source }: StaticConfig): number {
  return source.kind === 'topics' ? source.lag : 0;
}

/** Number of scored tokens in one document. */
export function scoredPerSequence(config: StaticConfig): number {
  return config.seqLen - unscoredPerSequence(config);
}

/** True when a router's matrix is trained; tables have none, and a frozen one stays as it was drawn. */
export function trainsRouter({ moe }: ModelConfig): boolean {
  return moe?.router === 'learned';
}

/** Trained numbers of a layer in which a token visits `experts` MLPs; of all of them, with all experts. */
function perLayerParameters(model: ModelConfig, experts: number): number {
  const { dModel: d, dFf, norm, bias, moe } = model;
  const attention = 4 * d * d + (bias ? 4 * d : 0);
  const mlp = 2 * d * dFf + (bias ? dFf + d : 0);
  const norms = 2 * (norm === 'layernorm' ? 2 * d : d);
  const router = moe && trainsRouter(model) ? d * moe.nExperts : 0;
  return attention + norms + router + experts * mlp;
}

/** Parameters of the decoder described by `config`. */
export function countParameters(config: StaticConfig): ParameterCount {
  const { model, seqLen } = config;
  const d = model.dModel;
  const finalNorm = model.norm === 'layernorm' ? 2 * d : d;
  const without = (experts: number): number =>
    model.nLayers * perLayerParameters(model, experts) + finalNorm + d * outputVocabulary(config);
  const nonEmbedding = without(model.moe?.nExperts ?? 1);
  const embedding = (inputVocabulary(config) + seqLen) * d;
  return { total: nonEmbedding + embedding, nonEmbedding, active: without(model.moe?.topK ?? 1) };
}

/**
 * Training FLOPs for one token: 6·[L·(4d² + 2·T·d + MLP) + d·V], MLP = 2·d·dFf dense, d·E + 2·k·d·dFf sparse.
 * A table in place of the router is charged for one too: a control differs from its arm in one thing only.
 */
export function trainFlopsPerToken(config: StaticConfig): number {
  const { dModel: d, nLayers, dFf, moe } = config.model;
  const mlp = moe ? d * moe.nExperts + 2 * moe.topK * d * dFf : 2 * d * dFf;
  const layer = 4 * d * d + 2 * config.seqLen * d + mlp;
  return 6 * (nLayers * layer + d * outputVocabulary(config));
}

export function tokensPerStep(config: StaticConfig): number {
  return config.batchSize * config.seqLen;
}

/** Training FLOPs of one optimiser step of one replica. */
export function trainFlopsPerStep(config: StaticConfig): number {
  return trainFlopsPerToken(config) * tokensPerStep(config);
}

/** Optimiser steps that `budget` buys, rounded to the nearest; may be 0, which `checkSpec` refuses. */
export function stepsForBudget(config: StaticConfig, budget: Budget): number {
  if ('steps' in budget) return budget.steps;
  if ('tokens' in budget) return Math.round(budget.tokens / tokensPerStep(config));
  return Math.round(budget.flops / trainFlopsPerStep(config));
}

/** Steps of the whole budget. */
export function totalSteps(config: StaticConfig): number {
  return stepsForBudget(config, config.budget);
}

/** One decay branch: it leaves the trunk after `from` steps and ends, fully decayed, after `steps`. */
export interface Branch {
  fraction: number;
  from: number;
  steps: number;
}

/** Branches in the order in which they are trained. */
export function branchesOf(config: StaticConfig): Branch[] {
  const total = totalSteps(config);
  return config.branches.map((fraction) => {
    const steps = Math.round(total * fraction);
    const from = config.schedule.kind === 'wsd' ? steps - Math.round(steps * config.schedule.decayFraction) : steps;
    return { fraction, from, steps };
  });
}

/** Steps really executed, trunk and branches together (1.15 of the budget for ¼, ½, 1 with 20 % decay). */
export function executedSteps(config: StaticConfig): number {
  const branches = branchesOf(config);
  const trunk = branches.at(-1)?.from ?? 0;
  return branches.reduce((sum, branch) => sum + (branch.steps - branch.from), trunk);
}

/** Width of one head for a spec's model. */
export function headWidth(spec: Pick<RunSpec, 'model'>): number {
  return spec.model.dModel / spec.model.nHeads;
}
