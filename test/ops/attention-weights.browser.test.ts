import { expect, test } from 'vitest';
import { attentionWeights } from '../../src/ops/attention-weights';
import { attention, attentionWeights as reference } from '../reference/attention';
import { expectClose, normal, PROFILES, runOp } from './harness';

const SHAPES = [
  { batch: 2, sequences: 2, seqLen: 8, heads: 1, headWidth: 16 },
  { batch: 1, sequences: 1, seqLen: 1, heads: 1, headWidth: 4 },
  { batch: 3, sequences: 2, seqLen: 13, heads: 3, headWidth: 8 },
  { batch: 5, sequences: 3, seqLen: 5, heads: 2, headWidth: 12 },
  { batch: 1, sequences: 1, seqLen: 65, heads: 2, headWidth: 4 },
];
const CASES = PROFILES.flatMap((profile) => SHAPES.map((shape) => ({ profile, ...shape })));

test.each(CASES)(
  '$profile: attention weights, $sequences of $batch, T $seqLen, $heads heads of $headWidth',
  async (each) => {
    const { profile, ...shape } = each;
    const { batch, sequences, seqLen, heads, headWidth } = shape;
    const qkv = normal([batch * seqLen, 3 * heads * headWidth], 1);
    const run = await runOp({ qkv }, (b, x) => ({ weights: attentionWeights(b, x.qkv, shape) }), {}, profile);
    const values = qkv.values as Float64Array[];
    expectClose(
      run.outputs.weights,
      values.map((x) => reference(x, { ...shape, batch: sequences })),
      headWidth + seqLen + 20,
    );
    for (const weights of run.outputs.weights) {
      for (let row = 0; row < sequences * heads * seqLen; row++) {
        const query = row % seqLen;
        const heeded = weights.subarray(row * seqLen, (row + 1) * seqLen);
        expect(heeded.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
        expect(heeded.subarray(query + 1).every((p) => p === 0)).toBe(true);
      }
    }
  },
);

test('scores that no float can be raised to leave no infinity', async () => {
  const shape = { batch: 1, sequences: 1, seqLen: 9, heads: 1, headWidth: 4 };
  const qkv = normal([9, 12], 3, 40);
  const run = await runOp({ qkv }, (b, x) => ({ weights: attentionWeights(b, x.qkv, shape) }));
  // Scores of some thousands: their rounding is what the weights differ by.
  const want = (qkv.values as Float64Array[]).map((x) => reference(x, shape));
  want.forEach((weights, replica) => {
    weights.forEach((p, i) => expect(Math.abs(run.outputs.weights[replica]![i]! - p)).toBeLessThan(1e-2));
  });
});

test('the reference weighs values as attention does', () => {
  const shape = { batch: 2, seqLen: 7, heads: 2, headWidth: 4 };
  const { batch, seqLen, heads, headWidth } = shape;
  const qkv = normal([batch * seqLen, 3 * heads * headWidth], 5).values[0] as Float64Array;
  const weights = reference(qkv, shape);
  const { y } = attention(qkv, shape);
  for (let i = 0; i < y.length; i++) {
    const c = i % headWidth;
    const h = Math.floor(i / headWidth) % heads;
    const row = Math.floor(i / headWidth / heads);
    const [b, t] = [Math.floor(row / seqLen), row % seqLen];
    let sum = 0;
    for (let s = 0; s < seqLen; s++) {
      const v = ((b * seqLen + s) * 3 + 2) * heads * headWidth + h * headWidth + c;
      sum += weights[((b * heads + h) * seqLen + t) * seqLen + s]! * qkv[v]!;
    }
    expect(sum).toBeCloseTo(y[i]!, 12);
  }
});
