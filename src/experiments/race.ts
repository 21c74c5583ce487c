/**
 * The race: a dense and a sparse model at equal training compute, with what keeps the comparison honest beside it:
 * controls that take the router away, sources on which sparse experts should not help, and a dense model of equal
 * memory.
 *
 * On lag 2 the key of a rule is not the token that is being read, so no fixed table can send a rule's examples to one
 * expert: the router has to look at content.
 */
import type { BudgetName, ModelConfig, Router } from '../config/run-spec';
import type { Arm, Experiment } from './experiment';

const WIDTH = 16;
const EXPERTS = 16;

/** A larger budget wants a wider dense model: the best of the widths that were tried at each. */
const DENSE_WIDTH: Partial<Record<BudgetName, number>> = { '1e11': 24, '3e11': 32, '8e11': 48 };

function wide(width: number): Partial<ModelConfig> {
  return { dModel: width, nHeads: width / 8, dFf: 4 * width };
}

/** Best rates of race-tuning.json, whose whole grid the page need not load; the rule decides at other budgets. */
const TUNED_RATES: Arm['lr'] = { quick: 0.024 };

/** Two of sixteen experts of half the dense hidden width: as many active numbers in the MLP as the dense model. */
function sparse(name: string, router: Router, topK = 2): Arm {
  return { name, model: { dFf: (4 * WIDTH) / topK, moe: { nExperts: EXPERTS, topK, router } } };
}

const compared = { dense: 'dense', sparse: 'sparse' };

export const race: Experiment = {
  id: 'race',
  title: 'Dense or sparse?',
  question: 'Does a sparse model learn more from the same compute?',
  base: {
    schemaVersion: 1,
    model: {
      dModel: WIDTH,
      nLayers: 2,
      nHeads: 2,
      dFf: 4 * WIDTH,
      norm: 'rmsnorm',
      activation: 'relu',
      bias: false,
    },
    source: { kind: 'topics', vocabSize: 32, topics: 16, lag: 2 },
    seqLen: 32,
    batchSize: 16,
    schedule: { kind: 'wsd', warmupSteps: 30, decayFraction: 0.2 },
    budget: { flops: 3e10 },
    branches: [0.25, 0.5, 1],
    hyper: {
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
      balanceLoss: 0.01,
      zLoss: 0,
      biasRate: 0,
    },
  },
  varies: {
    what: 'Every MLP of the sparse model is sixteen small experts and a router that sends each token to two of them.',
    arms: [
      {
        name: 'dense',
        model: {},
        lr: TUNED_RATES,
        at: Object.fromEntries(Object.entries(DENSE_WIDTH).map(([budget, width]) => [budget, wide(width)])),
      },
      { ...sparse('sparse', 'learned'), lr: TUNED_RATES },
      { name: 'dense, equal memory', model: {}, memoryOf: 'sparse', tokensOf: 'sparse' },
      sparse('table by token', 'token-table'),
      sparse('table by position', 'position-table'),
      sparse('frozen router', 'frozen'),
      sparse('frozen, detached', 'frozen-detached'),
      sparse('told the topic', 'topic-table', 1),
    ],
  },
  match: 'compute',
  cases: [
    {
      id: 'race',
      title: 'The race',
      question: 'Does a sparse model learn more from the same compute?',
      arms: ['dense', 'sparse'],
      compared,
      setting: {},
    },
    {
      id: 'controls',
      title: 'Without a router that looks',
      question: 'Is it the choice of experts by content that pays, or only that there are more of them?',
      arms: ['dense', 'sparse', 'table by token', 'table by position'],
      compared,
      setting: {},
    },
    {
      id: 'frozen',
      title: 'A router that never learns',
      question: 'Must the router itself be trained?',
      arms: ['sparse', 'frozen router', 'frozen, detached', 'told the topic'],
      compared: { dense: 'frozen router', sparse: 'sparse' },
      setting: {},
    },
    {
      id: 'lag-1',
      title: 'When a table is enough',
      question: 'What if the last token alone says which rule applies?',
      arms: ['dense', 'sparse', 'table by token'],
      compared,
      setting: { lag: 1 },
    },
    {
      id: 'shared',
      title: 'When topics have nothing of their own',
      question: 'What if nine of ten rules are the same in every topic?',
      arms: ['dense', 'sparse'],
      compared,
      setting: { lag: 1, share: 0.9 },
    },
    {
      id: 'memory',
      title: 'At equal memory',
      question: 'What if the dense model may be as large, and costs as much more compute?',
      arms: ['sparse', 'dense, equal memory'],
      setting: {},
    },
  ],
  tuned: {
    what: 'One learning rate for each model, the best of the same grid, found on seeds that the race never uses.',
    lr: { coefficient: 0.096, exponent: -0.5, long: { steps: 3000, factor: 0.6 } },
    grid: {
      factors: [0.5, 1, 2],
      widths: { dense: { quick: [12, 16, 24], '1e11': [16, 24, 32], '3e11': [24, 32, 48], '8e11': [32, 48, 64] } },
      seeds: [101, 102],
    },
  },
  fixed: [
    'Two layers, attention heads 8 wide, sequences of 32 tokens, 16 of them a step.',
    'Every run spends the same training compute; the sparse one pays for its router with fewer steps.',
    'Seed for seed both read the very same documents.',
  ],
  seeds: [1, 2, 3],
  budgets: ['smoke', 'quick', '1e11', '3e11', '8e11'],
  measured:
    'Loss above the floor on a held-out set, in nats per token, at a quarter, a half and the whole of the budget.',
  claim: 'Sparse models save compute.',
  literature: {
    says: 'At equal compute sparse experts reach a lower loss; at equal memory they do not.',
    sources: ['Fedus et al. 2022', 'Krajewski et al. 2024'],
  },
};
