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
import type { StaticConfig } from '../../src/config/run-spec';
import { raceConfig, smallConfig } from './specs';

function dense(dModel: number, changes: Partial<StaticConfig> = {}): StaticConfig {
  const race = raceConfig();
  return { ...race, model: { ...race.model, dModel, dFf: 4 * dModel }, ...changes };
}

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
