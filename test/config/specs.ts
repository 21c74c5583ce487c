/**
 * Specs that tests share: the race's dense model and its sparse one, a small one of each in which nothing is a
 * multiple of 8, a tiny one, and the step S.
 */
import {
  staticConfig,
  type Hyper,
  type MoeConfig,
  type RunSpec,
  type StaticConfig,
  type TopicsSource,
} from '../../src/config/run-spec';

export const raceHyper: Hyper = {
  seed: 1,
  lr: 0.024,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0,
  clipNorm: 1,
  zipf: 0,
  share: 0,
  noise: 0,
  uniqueDocuments: 0,
  curriculum: 'shuffled',
  balanceLoss: 0,
  zLoss: 0,
  biasRate: 0,
};

/** The race: RMSNorm, ReLU, no biases, lag 2. */
export function raceSpec(hyper: Partial<Hyper> = {}): RunSpec<TopicsSource> {
  return {
    schemaVersion: 1,
    model: { dModel: 16, nLayers: 2, nHeads: 2, dFf: 64, norm: 'rmsnorm', activation: 'relu', bias: false },
    source: { kind: 'topics', vocabSize: 32, topics: 16, lag: 2 },
    seqLen: 32,
    batchSize: 16,
    schedule: { kind: 'wsd', warmupSteps: 30, decayFraction: 0.2 },
    budget: { flops: 3e10 },
    branches: [0.25, 0.5, 1],
    hyper: { ...raceHyper, ...hyper },
  };
}

/** LayerNorm, GELU, biases, lag 1, three heads of 8, odd extents. */
export function smallSpec(hyper: Partial<Hyper> = {}): RunSpec<TopicsSource> {
  return {
    schemaVersion: 1,
    model: { dModel: 24, nLayers: 2, nHeads: 3, dFf: 52, norm: 'layernorm', activation: 'gelu', bias: true },
    source: { kind: 'topics', vocabSize: 20, topics: 12, lag: 1 },
    seqLen: 20,
    batchSize: 3,
    schedule: { kind: 'cosine', warmupSteps: 5, decayFraction: 0 },
    budget: { steps: 20 },
    branches: [1],
    hyper: { ...raceHyper, lr: 0.03, weightDecay: 0.1, clipNorm: 0.25, zipf: 1, ...hyper },
  };
}

/** The race's sparse arm: two of sixteen experts, each half as wide as the dense model's MLP. */
export function sparseSpec(hyper: Partial<Hyper> = {}): RunSpec<TopicsSource> {
  const race = raceSpec({ balanceLoss: 0.01, ...hyper });
  return { ...race, model: { ...race.model, dFf: 32, moe: { nExperts: 16, topK: 2, router: 'learned' } } };
}

/** The small model with three of five experts in place of each MLP, and every loss of a router. */
export function smallSparseSpec(hyper: Partial<Hyper> = {}, moe: Partial<MoeConfig> = {}): RunSpec<TopicsSource> {
  const small = smallSpec({ balanceLoss: 0.02, zLoss: 0.001, ...hyper });
  return { ...small, model: { ...small.model, dFf: 28, moe: { nExperts: 5, topK: 3, router: 'learned', ...moe } } };
}

/** As small as a model can be: for tests of what does not depend on size, in which every kernel still runs. */
export function tinySpec(hyper: Partial<Hyper> = {}): RunSpec<TopicsSource> {
  return {
    schemaVersion: 1,
    model: { dModel: 4, nLayers: 1, nHeads: 1, dFf: 4, norm: 'rmsnorm', activation: 'relu', bias: false },
    source: { kind: 'topics', vocabSize: 12, topics: 4, lag: 1 },
    seqLen: 5,
    batchSize: 3,
    schedule: { kind: 'wsd', warmupSteps: 1, decayFraction: 0.25 },
    budget: { steps: 20 },
    branches: [1],
    hyper: { ...raceHyper, ...hyper },
  };
}

/** The step S whose speed is compared with other libraries'. */
export function stepSpec(hyper: Partial<Hyper> = {}): RunSpec<TopicsSource> {
  return {
    schemaVersion: 1,
    model: { dModel: 64, nLayers: 2, nHeads: 4, dFf: 256, norm: 'layernorm', activation: 'gelu', bias: true },
    source: { kind: 'topics', vocabSize: 64, topics: 16, lag: 1 },
    seqLen: 64,
    batchSize: 16,
    schedule: { kind: 'constant', warmupSteps: 10, decayFraction: 0 },
    budget: { steps: 100 },
    branches: [1],
    hyper: { ...raceHyper, lr: 0.01, ...hyper },
  };
}

export function raceConfig(): StaticConfig<TopicsSource> {
  return staticConfig(raceSpec());
}

export function smallConfig(): StaticConfig<TopicsSource> {
  return staticConfig(smallSpec());
}
