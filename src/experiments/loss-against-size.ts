/** The ladder of three sizes: does a larger model come closer to the floor on the same data? */
import type { Experiment } from './experiment';

export const lossAgainstSize: Experiment = {
  id: 'loss-against-size',
  title: 'Loss against size',
  question: 'Does a larger model learn more from the same data?',
  base: {
    schemaVersion: 1,
    model: {
      dModel: 16,
      nLayers: 2,
      nHeads: 1,
      dFf: 64,
      norm: 'rmsnorm',
      activation: 'relu',
      bias: false,
    },
    source: { kind: 'topics', vocabSize: 32, topics: 32, lag: 1 },
    seqLen: 32,
    batchSize: 16,
    schedule: { kind: 'wsd', warmupSteps: 30, decayFraction: 0.2 },
    budget: { flops: 3e10 },
    branches: [1],
    hyper: {
      seed: 1,
      lr: 0.0325,
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
    },
  },
  varies: {
    what: 'The width of the model: how many numbers stand for each token. The hidden layer is four times as wide.',
    arms: [
      { name: 'width 8', model: { dModel: 8, dFf: 32 } },
      { name: 'width 16', model: { dModel: 16, dFf: 64 } },
      { name: 'width 24', model: { dModel: 24, dFf: 96 } },
    ],
  },
  match: 'tokens',
  cases: [
    {
      id: 'ladder',
      title: 'Three sizes',
      question: 'Does a larger model learn more from the same data?',
      arms: ['width 8', 'width 16', 'width 24'],
      setting: {},
    },
  ],
  tuned: {
    what: 'The learning rate is 0.13 / √width, within 5 % of the best rate of a sweep at each width.',
    lr: { coefficient: 0.13, exponent: -0.5, long: { steps: 3000, factor: 0.6 } },
    grid: { factors: [0.5, 1, 2], seeds: [101, 102] },
  },
  fixed: [
    'Two layers, one attention head, sequences of 32 tokens, 16 of them a step.',
    'Every size reads the same number of tokens, and seed for seed the very same ones.',
  ],
  seeds: [1, 2, 3],
  budgets: ['smoke', 'quick', '1e11', '3e11', '8e11'],
  measured:
    'Loss above the floor on a held-out set, in nats per token. The floor is known because the text is made by a rule.',
  verdict: 'ladder',
  claim: 'Bigger models are better.',
  literature: {
    says: 'With enough data, loss falls as a power of size towards a floor that no size gets below.',
    sources: ['Kaplan et al. 2020', 'Hoffmann et al. 2022'],
  },
};
