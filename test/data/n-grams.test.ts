import { describe, expect, it } from 'vitest';
import { staticConfig } from '../../src/config/run-spec';
import { nGramLosses, NGrams } from '../../src/data/n-grams';
import { threefry, uniform } from '../../src/math/rng';
import { textSpec, wordsTokens } from '../config/texts';

/** Witten–Bell by its definition, counting anew for every question. */
function probability(train: number[], vocabSize: number, context: number[], token: number): number {
  const shorter = context.length === 0 ? 1 / vocabSize : probability(train, vocabSize, context.slice(1), token);
  const behind = train.filter(
    (_, i) => i >= context.length && context.every((each, j) => train[i - context.length + j] === each),
  );
  if (behind.length === 0) return shorter;
  const types = new Set(behind).size;
  return (behind.filter((each) => each === token).length + types * shorter) / (behind.length + types);
}

function randomTokens(n: number, vocabSize: number, seed: number): Uint8Array {
  return Uint8Array.from({ length: n }, (_, i) => uniform(threefry([seed, 7], [i, 0])[0], vocabSize));
}

/** Each token depends on the two before it: `likely` with p = 3/4, else any. Its entropy is known. */
function chain(n: number, vocabSize: number): { tokens: Uint8Array; entropy: number } {
  const tokens = new Uint8Array(n);
  const likely = (a: number, b: number): number => threefry([5, 8], [a * vocabSize + b, 0])[0] % vocabSize;
  for (let i = 2; i < n; i++) {
    const [x, y] = threefry([6, 9], [i, 0]);
    tokens[i] = x < 0.75 * 2 ** 32 ? likely(tokens[i - 2]!, tokens[i - 1]!) : uniform(y, vocabSize);
  }
  const first = 0.75 + 0.25 / vocabSize;
  const other = 0.25 / vocabSize;
  return { tokens, entropy: -first * Math.log(first) - (vocabSize - 1) * other * Math.log(other) };
}

describe('n-grams', () => {
  it('have the probabilities of the definition', () => {
    const train = randomTokens(300, 4, 1);
    const test = randomTokens(40, 4, 2);
    const grams = new NGrams(train, 4);
    for (let at = 5; at < test.length; at++) {
      const want = [0, 1, 2, 3, 4].map(
        (n) => -Math.log(probability([...train], 4, [...test.subarray(at - n, at)], test[at]!)),
      );
      for (const [i, nll] of grams.nll(test, at, 0).entries()) expect(nll).toBeCloseTo(want[i]!, 12);
    }
  });

  it('sum to one over all that may follow', () => {
    const grams = new NGrams(randomTokens(2_000, 6, 3), 8);
    const context = randomTokens(5, 6, 4);
    const sums = [0, 0, 0, 0, 0];
    for (let token = 0; token < 8; token++) {
      const nlls = grams.nll(Uint8Array.of(...context, token), 5, 0);
      for (const [i, nll] of nlls.entries()) sums[i]! += Math.exp(-nll);
    }
    for (const sum of sums) expect(sum).toBeCloseTo(1, 12);
  });

  it('see nothing before the beginning', () => {
    const train = randomTokens(500, 4, 5);
    const nlls = new NGrams(train, 4).nll(train, 10, 9);
    expect(new Set(nlls.slice(1)).size).toBe(1);
    expect(nlls[0]).not.toBe(nlls[1]);
  });

  it('of the right order come within .04 of a known entropy; shorter ones do not', () => {
    const { tokens, entropy } = chain(200_000, 12);
    const config = staticConfig(textSpec({ source: { kind: 'text', vocabSize: 12, length: tokens.length, hash: '' } }));
    const [one, two, three, , five] = nGramLosses({ ...config, seqLen: 64 }, tokens);
    // In windows of 64 the first character lacks one of the two before it.
    expect(three! - entropy).toBeGreaterThan(-0.02);
    expect(three! - entropy).toBeLessThan(0.04);
    expect(one!).toBeGreaterThan(entropy + 0.8);
    expect(two!).toBeGreaterThan(entropy + 0.8);
    expect(five!).toBeGreaterThan(three!);
  });

  it('of a text fall with their order, for as long as there is enough to count', async () => {
    const text = await wordsTokens(40_000);
    const losses = nGramLosses(staticConfig(textSpec(text)), text.tokens);
    const four = losses.slice(0, 4);
    expect(four).toEqual([...four].sort((a, b) => b - a));
    expect(losses[0]!).toBeLessThan(Math.log(text.source.vocabSize));
  });
});
