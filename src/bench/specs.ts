import type { Hyper, RunSpec } from '../config/run-spec';
import { expand } from '../experiments/experiment';
import { race } from '../experiments/race';

const hyper: Hyper = {
  seed: 1,
  lr: 0.016,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0,
  clipNorm: 1,
  zipf: 1,
  share: 0,
  noise: 0,
  uniqueDocuments: 0,
  curriculum: 'shuffled',
  balanceLoss: 0,
  zLoss: 0,
  biasRate: 0,
};

/** The model of the learning gate: the ladder's middle size, at the gate's own rate. */
export const ladder16: RunSpec = {
  schemaVersion: 1,
  model: { dModel: 16, nLayers: 2, nHeads: 1, dFf: 64, norm: 'rmsnorm', activation: 'relu', bias: false },
  source: { kind: 'topics', vocabSize: 32, topics: 32, lag: 1 },
  seqLen: 32,
  batchSize: 16,
  schedule: { kind: 'wsd', warmupSteps: 30, decayFraction: 0.2 },
  budget: { flops: 3e10 },
  branches: [1],
  hyper: { ...hyper, lr: 0.032 },
};

/** Step S, on which other libraries were measured: GELU, pre-LayerNorm, biases. */
export const stepS: RunSpec = {
  ...ladder16,
  model: { dModel: 64, nLayers: 2, nHeads: 4, dFf: 256, norm: 'layernorm', activation: 'gelu', bias: true },
  source: { kind: 'topics', vocabSize: 64, topics: 16, lag: 1 },
  seqLen: 64,
  budget: { steps: 1000 },
  hyper,
};

/** `count` replicas of a spec with seeds 1 … count. */
export function seeds(spec: RunSpec, count: number): RunSpec[] {
  return Array.from({ length: count }, (_, i) => ({ ...spec, hyper: { ...spec.hyper, seed: i + 1 } }));
}

/** Step M, of the size that a GPU begins to be busy with. */
export const stepM: RunSpec = {
  ...stepS,
  model: { ...stepS.model, dModel: 128, nLayers: 4, dFf: 512 },
  seqLen: 128,
  batchSize: 8,
};

/** An arm of the quick race, a spec for each of its seeds. */
export function raceArm(name: string): RunSpec[] {
  return expand(race, 'quick', {})
    .filter(({ arm }) => arm === name)
    .map(({ spec }) => spec);
}
