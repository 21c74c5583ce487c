import { describe, expect, test } from 'vitest';
import type { CloserDocument } from '../../src/protocol';
import {
  expertsOf,
  habitOf,
  headOf,
  heeded,
  lookedAt,
  sameWay,
  tokenLabels,
  topicOfDocument,
} from '../../src/ui/closer-model';
import { INITIAL_STATE } from '../../src/ui/store';
import { raceSpec, sparseSpec } from '../config/specs';
import { textSpec, wordsTokens } from '../config/texts';

const V = 32;
const document: CloserDocument = {
  tokens: [V + 2, 0, 1, 0],
  experts: [
    [0, 1, 2, 3, 1, 0, 4, 5],
    [6, 7, 8, 9, 7, 6, 6, 7],
  ],
  attention: [Float32Array.from({ length: 32 }, (_, i) => i), Float32Array.from({ length: 32 }, (_, i) => 100 + i)],
};

describe('whose look it is', () => {
  const spec = sparseSpec();
  const series = [
    { arm: 'dense', cohort: 0, style: 6 },
    { arm: 'sparse', cohort: 1, style: 7 },
  ] as never;
  const cohorts = [
    { cohort: 0, specs: [raceSpec()] },
    { cohort: 1, specs: [spec] },
  ] as never;

  test('only models that were looked at are there', () => {
    const look = { type: 'closer-look', cohort: 1, step: 3, documents: [document] } as const;
    const found = lookedAt({ ...INITIAL_STATE, series, cohorts, closer: { 1: { ...look, documents: [document] } } });
    expect(found.map(({ arm, style }) => [arm, style])).toEqual([['sparse', 7]]);
    expect(found[0]!.spec).toBe(spec);
  });
});

test('tokens in words: the topic first, then syllables', () => {
  expect(topicOfDocument(raceSpec(), document)).toBe(2);
  expect(tokenLabels(raceSpec(), document)).toEqual(['red', 'ka', 'lo', 'ka']);
});

test('characters that nobody could see have signs', async () => {
  const spec = textSpec(await wordsTokens());
  const read = { ...document, tokens: [0, 1, 2, 3], characters: ['a', ' ', '\n', '<'] };
  expect(tokenLabels(spec, read)).toEqual(['a', '␣', '↵', '<']);
  expect(topicOfDocument(spec, read)).toBeUndefined();
});

test('experts of a token, layer by layer, and who goes the same way in all of them', () => {
  expect(expertsOf(document, 2)).toEqual([
    [1, 0],
    [7, 6],
  ]);
  // The first and the third, in another order; the last one only in the second layer.
  expect(sameWay(document, 2)).toBe(1);
  expect(sameWay(document, 3)).toBe(0);
});

describe('a head', () => {
  test('is a part of its layer', () => {
    expect(headOf(document, 1, 1)[0]).toBe(116);
    expect(headOf(document, 0, 0)).toHaveLength(16);
  });

  test('that looks one back, but for a tenth', () => {
    const T = 6;
    const weights = new Float32Array(T * T);
    weights[0] = 1;
    for (let t = 1; t < T; t++) {
      weights[t * T + t - 1] = 0.9;
      weights[t * T + t] = 0.1;
    }
    const { distance, share, first } = habitOf(weights, T);
    expect(distance).toBe(1);
    expect(share).toBeCloseTo(0.9, 6);
    // One token back is the first only from the second.
    expect(first).toBeCloseTo(0.9 / 5, 6);
  });

  test('of one token looks at itself', () => {
    expect(habitOf(Float32Array.of(1), 1)).toEqual({ distance: 0, share: 1, first: 0 });
  });

  test('names those that get most, and counts the rest', () => {
    const weights = Float32Array.of(1, 0, 0, 0, 0.5, 0.5, 0, 0, 0.25, 0.5, 0.25, 0, 0.125, 0.5, 0.25, 0.125);
    expect(heeded(weights, 4, 3, 2)).toEqual({
      top: [
        { token: 1, share: 0.5 },
        { token: 2, share: 0.25 },
      ],
      rest: 2,
      restShare: 0.25,
    });
    expect(heeded(weights, 4, 0, 2)).toEqual({ top: [{ token: 0, share: 1 }], rest: 0, restShare: 0 });
  });
});
