/** Counts against those of an independent implementation and against sums by hand. */
import { describe, expect, it } from 'vitest';
import {
  branchesOf,
  countParameters,
  executedSteps,
  scoredPerSequence,
  totalSteps,
  trainFlopsPerStep,
  trainFlopsPerToken,
} from '../../src/config/flops';
import { ROUTERS, staticConfig, type MoeConfig, type StaticConfig } from '../../src/config/run-spec';
import { raceConfig, smallConfig, smallSparseSpec, sparseSpec } from './specs';

function dense(dModel: number, changes: Partial<StaticConfig> = {}): StaticConfig {
  const race = raceConfig();
  return { ...race, model: { ...race.model, dModel, dFf: 4 * dModel }, ...changes };
}

/** Two of E experts, each 2·dModel wide. */
function sparse(dModel: number, nExperts: number, changes: Partial<StaticConfig> = {}): StaticConfig {
  const race = staticConfig(sparseSpec());
  const moe: MoeConfig = { nExperts, topK: 2, router: 'learned' };
  return { ...race, model: { ...race.model, dModel, dFf: 2 * dModel, moe }, ...changes };
}

const withRouter = (router: MoeConfig['router']) => staticConfig(smallSparseSpec({}, { router }));

const topics = (count: number) => ({ kind: 'topics', vocabSize: 32, topics: count, lag: 1 }) as const;

describe('trainFlopsPerToken', () => {
  it.each([
    [8, 16_896],
    [16, 52_224],
    [24, 105_984],
    [32, 178_176],
    [48, 377_856],
  ])('of width %i with V = T = 32 and two layers', (dModel, flops) => {
    expect(trainFlopsPerToken(dense(dModel))).toBe(flops);
  });

  it('adds up for the small model by hand', () => {
    // d 24, dFf 52, T 20, V 20: a layer has 4·576 + 2·20·24 + 2·24·52 = 5760 multiply-adds, the head 480.
    expect(trainFlopsPerToken(smallConfig())).toBe(6 * (2 * 5760 + 480));
    expect(trainFlopsPerStep(smallConfig())).toBe(6 * (2 * 5760 + 480) * 3 * 20);
  });

  it('charges a sparse model for its router and for the experts that a token visits', () => {
    // A layer of d 16: 4·256 + 2·32·16 + router 16·16 + 2·2·16·32 = 4352 multiply-adds, the head 512.
    expect(trainFlopsPerToken(sparse(16, 16))).toBe(6 * (2 * 4352 + 512));
    expect(trainFlopsPerToken(sparse(16, 16))).toBe(55_296);
    expect(trainFlopsPerToken(sparse(32, 16))).toBe(184_320);
    // d 24, dFf 28, E 5, k 3, T 20, V 20: 4·576 + 2·20·24 + 24·5 + 2·3·24·28 = 7416.
    expect(trainFlopsPerToken(withRouter('learned'))).toBe(6 * (2 * 7416 + 480));
  });

  it('charges every router alike, so that controls train as long as their arm', () => {
    const each = ROUTERS.map((router) => trainFlopsPerToken(withRouter(router)));
    expect(new Set(each)).toEqual(new Set([6 * (2 * 7416 + 480)]));
  });
});

describe('countParameters', () => {
  it('of the race, and of the largest dense model', () => {
    expect(countParameters(dense(16, { source: topics(32) }))).toEqual({
      total: 8272,
      nonEmbedding: 6736,
      active: 6736,
    });
    expect(countParameters(dense(48, { source: topics(128) }))).toMatchObject({ total: 66_288, nonEmbedding: 57_072 });
  });

  it('of sparse models, in which a token uses two experts', () => {
    // A layer of d 16: attention 1024, norms 32, router 16·E, an expert 1024; final norm and head 528.
    expect(countParameters(sparse(16, 16, { source: topics(32) }))).toEqual({
      total: 2 * (1056 + 256 + 16 * 1024) + 528 + (64 + 32) * 16,
      nonEmbedding: 2 * (1056 + 256 + 16 * 1024) + 528,
      active: 2 * (1056 + 256 + 2 * 1024) + 528,
    });
    expect(countParameters(sparse(16, 16, { source: topics(32) }))).toMatchObject({ total: 37_456, active: 7248 });
    expect(countParameters(sparse(16, 32, { source: topics(32) }))).toMatchObject({ total: 70_736, active: 7760 });
    expect(countParameters(sparse(32, 16, { source: topics(128) }))).toMatchObject({ total: 147_616, active: 26_784 });
  });

  it('leaves out a router that is not trained, and padding', () => {
    // An expert of the small sparse model: 24·28 + 28 + 28·24 + 24. Else a layer is as in the dense one, below.
    const rest = 2 * (96 + 1800 + 600) + 48 + 24 * 20;
    const expert = 672 + 28 + 672 + 24;
    const embeddings = (20 + 12) * 24 + 20 * 24;
    for (const router of ROUTERS) {
      const routers = router === 'learned' ? 2 * 24 * 5 : 0;
      const nonEmbedding = rest + 2 * 5 * expert + routers;
      const active = rest + 2 * 3 * expert + routers;
      expect(countParameters(withRouter(router))).toEqual({ total: nonEmbedding + embeddings, nonEmbedding, active });
    }
  });

  it('adds up for the small model by hand', () => {
    // A layer: norms 4·24, qkv 24·72 + 72, proj 24·24 + 24, fc1 24·52 + 52, fc2 52·24 + 24.
    const layer = 96 + 1800 + 600 + 1300 + 1272;
    const embeddings = (20 + 12) * 24 + 20 * 24;
    const nonEmbedding = 2 * layer + 48 + 24 * 20;
    expect(countParameters(smallConfig())).toEqual({
      total: nonEmbedding + embeddings,
      nonEmbedding,
      active: nonEmbedding,
    });
  });
});

describe('steps', () => {
  it('are what a budget buys', () => {
    expect(totalSteps(dense(16))).toBe(1122);
    expect(totalSteps(dense(24))).toBe(553);
    expect([totalSteps(sparse(16, 16)), totalSteps(sparse(16, 32))]).toEqual([1060, 1004]);
    expect(totalSteps(dense(48, { source: topics(128), batchSize: 32, budget: { flops: 8e11 } }))).toBe(2068);
    expect(totalSteps(dense(16, { budget: { tokens: 512_000 } }))).toBe(1000);
    expect(totalSteps(dense(16, { budget: { steps: 7 } }))).toBe(7);
  });

  it('of branches leave the trunk where their decay begins, 1.15 budgets in all', () => {
    const config = dense(16, { budget: { steps: 1000 } });
    expect(branchesOf(config)).toEqual([
      { fraction: 0.25, from: 200, steps: 250 },
      { fraction: 0.5, from: 400, steps: 500 },
      { fraction: 1, from: 800, steps: 1000 },
    ]);
    expect(executedSteps(config)).toBe(1150);
    expect(executedSteps(smallConfig())).toBe(20);
  });
});

it('the first `lag` tokens of a sequence are not scored', () => {
  expect([scoredPerSequence(raceConfig()), scoredPerSequence(smallConfig())]).toEqual([30, 19]);
});
