/**
 * The runs that PyTorch repeats: short, odd in their extents, and between them every option of the decoder. Seeds of
 * runs with a router are such that no token is ever close to visiting another expert: rounding must not decide.
 */
import type { RunSpec, TopicsSource } from '../../src/config/run-spec';
import { raceSpec, smallSpec, sparseSpec } from '../config/specs';

/** Optimiser steps of each run. */
export const ORACLE_STEPS = 20;

/** Step whose logits and gradients are compared: by then every tensor has a gradient. */
export const PROBE_STEP = 5;

const race = raceSpec();
const sparse = sparseSpec({ seed: 37 });

/** A warm-up, a stable part and a decay in few steps. */
const short = {
  schedule: { kind: 'wsd', warmupSteps: 6, decayFraction: 0.3 },
  budget: { steps: ORACLE_STEPS },
  branches: [1],
} satisfies Partial<RunSpec>;

export const oracleCases: Record<string, RunSpec<TopicsSource>> = {
  /** The race's model in small batches: RMSNorm, ReLU, no biases, lag 2, warm-up–stable–decay. */
  race: {
    ...race,
    ...short,
    batchSize: 3,
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
  /** The race's sparse arm in small batches, its experts narrower: two of sixteen, balance loss. */
  sparse: {
    ...sparse,
    ...short,
    model: { ...sparse.model, dFf: 8 },
    batchSize: 3,
  },
  /** One of five experts: LayerNorm, GELU, biases; balance loss and z-loss, weight decay, biases of the router. */
  single: {
    ...short,
    schemaVersion: 1,
    model: {
      dModel: 12,
      nLayers: 2,
      nHeads: 3,
      dFf: 20,
      norm: 'layernorm',
      activation: 'gelu',
      bias: true,
      moe: { nExperts: 5, topK: 1, router: 'learned' },
    },
    source: { kind: 'topics', vocabSize: 12, topics: 8, lag: 1 },
    seqLen: 7,
    batchSize: 5,
    hyper: {
      ...race.hyper,
      seed: 34,
      weightDecay: 0.1,
      clipNorm: 0.5,
      balanceLoss: 0.05,
      zLoss: 0.01,
      biasRate: 0.002,
    },
  },
  /** Three of six experts, chosen by a router that stays as it was drawn, but through which gradients flow. */
  frozen: {
    ...short,
    schemaVersion: 1,
    model: {
      dModel: 8,
      nLayers: 2,
      nHeads: 1,
      dFf: 12,
      norm: 'rmsnorm',
      activation: 'gelu',
      bias: false,
      moe: { nExperts: 6, topK: 3, router: 'frozen' },
    },
    source: { kind: 'topics', vocabSize: 12, topics: 4, lag: 2 },
    seqLen: 9,
    batchSize: 3,
    hyper: { ...race.hyper, seed: 24, weightDecay: 0.1, balanceLoss: 0.1, zLoss: 0.02 },
  },
  /** Two of seven experts, which the first token of a document fixes. */
  table: {
    ...short,
    schemaVersion: 1,
    model: {
      dModel: 8,
      nLayers: 2,
      nHeads: 2,
      dFf: 8,
      norm: 'rmsnorm',
      activation: 'relu',
      bias: true,
      moe: { nExperts: 7, topK: 2, router: 'topic-table' },
    },
    source: { kind: 'topics', vocabSize: 12, topics: 8, lag: 2 },
    seqLen: 9,
    batchSize: 5,
    hyper: { ...race.hyper, balanceLoss: 0.1, zLoss: 0.1, biasRate: 0.1 },
  },
};
