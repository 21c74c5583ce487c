/** The runs that PyTorch repeats: short, odd in their extents, and between them every option of the decoder. */
import type { RunSpec } from '../../src/config/run-spec';
import { raceSpec, smallSpec } from '../config/specs';

/** Optimiser steps of each run. */
export const ORACLE_STEPS = 20;

/** Step whose logits and gradients are compared: by then every tensor has a gradient. */
export const PROBE_STEP = 5;

const race = raceSpec();

export const oracleCases: Record<string, RunSpec> = {
  /** The race's model in small batches: RMSNorm, ReLU, no biases, lag 2, warm-up–stable–decay. */
  race: {
    ...race,
    batchSize: 3,
    schedule: { kind: 'wsd', warmupSteps: 6, decayFraction: 0.3 },
    budget: { steps: ORACLE_STEPS },
    branches: [1],
  },
  /** LayerNorm, GELU, biases, lag 1, cosine; weight decay, and clipping at most steps. */
  small: smallSpec(),
  /** RMSNorm with GELU and biases, three layers; noise, repeated documents, a curriculum; no clipping. */
  odd: {
    schemaVersion: 1,
    model: { dModel: 12, nLayers: 3, nHeads: 3, dFf: 20, norm: 'rmsnorm', activation: 'gelu', bias: true },
    source: { kind: 'topics', vocabSize: 12, topics: 8, lag: 2 },
    seqLen: 7,
    batchSize: 5,
    schedule: { kind: 'constant', warmupSteps: 4, decayFraction: 0 },
    budget: { steps: ORACLE_STEPS },
    branches: [1],
    hyper: {
      ...race.hyper,
      seed: 4_000_000_000,
      weightDecay: 0.05,
      clipNorm: 0,
      zipf: 1.2,
      share: 0.5,
      noise: 0.2,
      uniqueDocuments: 13,
      curriculum: 'hard-first',
    },
  },
};
