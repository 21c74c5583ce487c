/**
 * What the experiments on scaling laws share: a source whose floor is known, a rule for the learning rate, and models
 * of several widths, dense and sparse.
 */
import type { RunSpec, TopicsSource } from '../config/run-spec';
import type { Amount, Arm, Experiment, LearningRateRule } from './experiment';

/** 128 topics, the frequent ones learned first: what larger models learn next never runs out at these sizes. */
export const LADDER_BASE: RunSpec<TopicsSource> = {
  schemaVersion: 1,
  model: { dModel: 16, nLayers: 2, nHeads: 1, dFf: 64, norm: 'rmsnorm', activation: 'relu', bias: false },
  source: { kind: 'topics', vocabSize: 32, topics: 128, lag: 1 },
  seqLen: 32,
  batchSize: 16,
  schedule: { kind: 'wsd', warmupSteps: 30, decayFraction: 0.2 },
  budget: { tokens: 400_000 },
  branches: [1],
  hyper: {
    seed: 1,
    lr: 0.0325,
    beta1: 0.9,
    beta2: 0.95,
    epsilon: 1e-8,
    weightDecay: 0,
    clipNorm: 1,
    zipf: 1.2,
    share: 0,
    noise: 0,
    uniqueDocuments: 0,
    curriculum: 'shuffled',
    balanceLoss: 0.01,
    zLoss: 0,
    biasRate: 0,
  },
};

export const LADDER_RATE: LearningRateRule = {
  coefficient: 0.13,
  exponent: -0.5,
  long: { steps: 3000, factor: 0.6 },
};

/** Every width and kind is tried at the same multiples of the rule's rate, on seeds that no result uses. */
export const LADDER_TUNED: Experiment['tuned'] = {
  what: 'The learning rate is 0.13 / √width for every size and kind: one rule, so that none is favoured by its own.',
  lr: LADDER_RATE,
  grid: { factors: [0.5, 1, 2], seeds: [101, 102] },
};

export const LADDER_FIXED = [
  'Two layers, attention heads about 16 wide, sequences of 32 tokens.',
  'Seed for seed every model reads the very same documents, and none of them twice.',
];

export const LADDER_MEASURED =
  'Loss above the floor on a held-out set, in nats per token. The floor is known because the text is made by a rule.';

/** A few steps; enough tokens for the law of short runs; and for one that holds over more sizes. */
export const LADDER_AMOUNTS = {
  smoke: { tokens: 20_480 },
  quick: { tokens: 400_000 },
  '1e11': { tokens: 1_000_000, batchSize: 32 },
} satisfies Record<string, Amount>;

function heads(dModel: number): number {
  return Math.max(1, Math.floor(dModel / 16));
}

export function denseName(dModel: number): string {
  return `dense ${dModel}`;
}

export function sparseName(dModel: number): string {
  return `sparse ${dModel}`;
}

export function dense(dModel: number): Arm {
  return { name: denseName(dModel), kind: 'dense', model: { dModel, nHeads: heads(dModel), dFf: 4 * dModel } };
}

/** Two of sixteen experts of half the dense hidden width, for as much compute as the dense model of that width. */
export function sparse(dModel: number): Arm {
  return {
    name: sparseName(dModel),
    kind: 'sparse',
    model: {
      dModel,
      nHeads: heads(dModel),
      dFf: 2 * dModel,
      moe: { nExperts: 16, topK: 2, router: 'learned' },
    },
    computeOf: denseName(dModel),
  };
}
