import { expect, test } from 'vitest';
import { embedding } from '../../src/ops/embedding';
import * as reference from '../reference/embedding';
import { randomIntegers } from '../reference/random';
import { asWords, doubles, expectClose, normal, runOp, words } from './harness';

test.each([
  { batch: 1, seqLen: 1, vocab: 4, cols: 4 },
  { batch: 3, seqLen: 7, vocab: 33, cols: 12 },
  { batch: 5, seqLen: 13, vocab: 131, cols: 20 },
])('embedding and its gradients: $batch × $seqLen tokens of $vocab, width $cols', async (shape) => {
  const { batch, seqLen, vocab, cols } = shape;
  const rows = batch * seqLen;
  // Below half of the vocabulary: some tokens come more than once, and the upper half never.
  const ids = [0, 1].map((r) => randomIntegers(rows, Math.ceil(vocab / 2), 10 + r));
  const tokens = normal([vocab, cols], 1);
  const positions = normal([seqLen, cols], 2);
  const dy = normal([rows, cols], 3);
  const run = await runOp(
    { ids: words([rows], ...ids), tokens, positions },
    (b, t) => ({ y: embedding(b, t.ids, t.tokens, t.positions) }),
    { y: dy },
  );
  const backward = ids.map((drawn, r) => reference.embeddingBackward(drawn, doubles(dy)[r]!, vocab, shape));
  expectClose(
    run.outputs.y,
    ids.map((drawn, r) => reference.embedding(drawn, doubles(tokens)[r]!, doubles(positions)[r]!, shape)),
    1,
  );
  expectClose(
    run.gradients.tokens,
    backward.map(({ dtokenTable }) => dtokenTable),
    rows,
  );
  expectClose(
    run.gradients.positions,
    backward.map(({ dpositionTable }) => dpositionTable),
    batch,
  );
  const absent = asWords(run.gradients.tokens!).map((gradient) => gradient.slice(Math.ceil(vocab / 2) * cols));
  expect(absent.flat().every((word) => word === 0)).toBe(true);
});

test('a token that fills the batch collects every row', async () => {
  const rows = 2 * 9;
  const ids = [new Uint32Array(rows).fill(3), new Uint32Array(rows).fill(0)];
  const ones = new Float64Array(rows * 4).fill(1);
  const run = await runOp(
    { ids: words([rows], ...ids), tokens: normal([5, 4], 1), positions: normal([9, 4], 2) },
    (b, t) => ({ y: embedding(b, t.ids, t.tokens, t.positions) }),
    { y: { shape: [rows, 4], values: [ones, ones] } },
  );
  const collected = [3, 0].map((token) =>
    Array.from({ length: 20 }, (_, i) => (Math.floor(i / 4) === token ? rows : 0)),
  );
  expect(run.gradients.tokens!.map((gradient) => [...gradient])).toEqual(collected);
  expect(run.gradients.positions!.every((gradient) => gradient.every((value) => value === 2))).toBe(true);
});
