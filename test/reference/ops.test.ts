/** Every backward of the reference against central differences of its forward. */
import { describe, expect, it } from 'vitest';
import { dot, expectGradient } from './expect-gradient';
import * as ops from './ops';
import { randomIntegers, randomNormals } from './random';

describe('matmul', () => {
  it('multiplies', () => {
    const a = Float64Array.of(1, 2, 3, 4, 5, 6); // [2, 3] or [3, 2] transposed
    const b = Float64Array.of(1, 0, 2, 1, 0, 3); // [3, 2] or [2, 3] transposed
    expect([...ops.matmul(a, b, { m: 2, n: 2, k: 3 })]).toEqual([5, 11, 14, 23]);
    expect([...ops.matmul(a, b, { m: 2, n: 2, k: 3, transposeB: true })]).toEqual([7, 10, 16, 22]);
    expect([...ops.matmul(a, b, { m: 2, n: 2, k: 3, transposeA: true })]).toEqual([7, 18, 10, 22]);
    expect([...ops.matmul(a, b, { m: 2, n: 2, k: 3, transposeA: true, transposeB: true })]).toEqual([11, 16, 14, 20]);
  });

  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('has the gradients of transposeA %s, transposeB %s', (transposeA, transposeB) => {
    const shape = { m: 3, n: 5, k: 7, transposeA, transposeB };
    const [a, b, dy] = [randomNormals(21, 1), randomNormals(35, 2), randomNormals(15, 3)];
    const { da, db } = ops.matmulBackward(a, b, dy, shape);
    expectGradient(da, (x) => dot(ops.matmul(x, b, shape), dy), a);
    expectGradient(db, (x) => dot(ops.matmul(a, x, shape), dy), b);
  });
});

describe('linear', () => {
  it('adds the residual after the activation', () => {
    const operands = {
      x: Float64Array.of(1, -2),
      weight: Float64Array.of(1, 2, 3, 4),
      bias: Float64Array.of(10, 1),
      residual: Float64Array.of(100, 200),
    };
    const shape = { rows: 1, inputs: 2, outputs: 2, activation: 'relu' } as const;
    expect([...ops.linear(operands, shape)]).toEqual([105, 200]); // relu(1 − 6 + 10), relu(2 − 8 + 1)
  });

  it('has the GELU of PyTorch with approximate="tanh"', () => {
    const values = [-3, -1, -0.25, 0, 0.5, 2].map((x) => ops.activate(x, 'gelu'));
    const torch = [
      -0.003637392081772994, -0.1588080093917232, -0.100324649298315, 0, 0.3457140098251439, 1.954597694087775,
    ];
    for (const [i, value] of values.entries()) expect(value).toBeCloseTo(torch[i]!, 14);
  });

  it.each(['none', 'relu', 'gelu'] as const)('has the gradients of activation %s', (activation) => {
    const shape = { rows: 5, inputs: 7, outputs: 3, activation };
    const operands = {
      x: randomNormals(35, 1),
      weight: randomNormals(21, 2),
      bias: randomNormals(3, 3),
      residual: randomNormals(15, 4),
    };
    const dy = randomNormals(15, 5);
    const { dx, dweight, dbias } = ops.linearBackward(operands, dy, shape);
    expectGradient(dx, (x) => dot(ops.linear({ ...operands, x }, shape), dy), operands.x);
    expectGradient(dweight, (weight) => dot(ops.linear({ ...operands, weight }, shape), dy), operands.weight);
    expectGradient(dbias, (bias) => dot(ops.linear({ ...operands, bias }, shape), dy), operands.bias);
    expectGradient(dy, (residual) => dot(ops.linear({ ...operands, residual }, shape), dy), operands.residual);
  });
});

describe('norms', () => {
  const shape = { rows: 3, cols: 7 };
  const [x, weight, bias, dy] = [1, 2, 3, 4].map((stream) =>
    randomNormals(stream === 1 || stream === 4 ? 21 : 7, stream),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array];

  it('rmsnorm brings the mean square to 1', () => {
    const { y } = ops.rmsnorm(x, new Float64Array(7).fill(1), shape);
    for (let r = 0; r < 3; r++) {
      const row = y.subarray(r * 7, r * 7 + 7);
      expect(dot(row, row) / 7).toBeCloseTo(1, 4);
    }
  });

  it('layernorm brings mean and variance to 0 and 1', () => {
    const { y } = ops.layernorm(x, new Float64Array(7).fill(1), new Float64Array(7), shape);
    for (let r = 0; r < 3; r++) {
      const row = y.subarray(r * 7, r * 7 + 7);
      expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
      expect(dot(row, row) / 7).toBeCloseTo(1, 4);
    }
  });

  it('rmsnorm has its gradients', () => {
    const { dx, dweight } = ops.rmsnormBackward(x, weight, dy, shape);
    expectGradient(dx, (moved) => dot(ops.rmsnorm(moved, weight, shape).y, dy), x);
    expectGradient(dweight, (moved) => dot(ops.rmsnorm(x, moved, shape).y, dy), weight);
  });

  it('layernorm has its gradients', () => {
    const { dx, dweight, dbias } = ops.layernormBackward(x, weight, dy, shape);
    expectGradient(dx, (moved) => dot(ops.layernorm(moved, weight, bias, shape).y, dy), x);
    expectGradient(dweight, (moved) => dot(ops.layernorm(x, moved, bias, shape).y, dy), weight);
    expectGradient(dbias, (moved) => dot(ops.layernorm(x, weight, moved, shape).y, dy), bias);
  });
});

describe('attention', () => {
  const shape = { batch: 2, seqLen: 5, heads: 3, headWidth: 4 };
  const qkv = randomNormals(2 * 5 * 3 * 12, 1);

  it('averages the values so far where all keys are alike', () => {
    const alike = qkv.map((value, i) => (Math.floor(i / 12) % 3 === 1 ? 0 : value));
    const { y, lse } = ops.attention(alike, shape);
    for (let t = 0; t < 5; t++) {
      let mean = 0;
      for (let s = 0; s <= t; s++) mean += alike[(5 + s) * 36 + 24 + 6]! / (t + 1); // batch 1, v, head 1, element 2
      expect(y[(5 + t) * 12 + 6]).toBeCloseTo(mean, 12);
      expect(lse[(5 + t) * 3 + 1]).toBeCloseTo(Math.log(t + 1), 12);
    }
  });

  it('does not see the future, other sequences or other heads', () => {
    const { y } = ops.attention(qkv, shape);
    const moved = qkv.slice();
    moved[3 * 36 + 12] = 9; // batch 0, t 3, k of head 0
    const after = ops.attention(moved, shape).y;
    const changed = [...after.keys()].filter((i) => after[i] !== y[i]);
    expect(changed).toEqual([36, 37, 38, 39, 48, 49, 50, 51]); // head 0 of t 3 and t 4
  });

  it('has its gradient', () => {
    const dy = randomNormals(2 * 5 * 12, 2);
    expectGradient(ops.attentionBackward(qkv, dy, shape), (x) => dot(ops.attention(x, shape).y, dy), qkv);
  });
});

describe('crossEntropy', () => {
  const vocab = 7;
  const logits = randomNormals(5 * vocab, 1);
  const targets = Uint32Array.of(3, ops.MASKED, 6, 0, ops.MASKED);

  it('is log V for logits that are all alike, and ignores masked rows', () => {
    const { loss, losses, scored } = ops.crossEntropy(new Float64Array(35).fill(4), targets, vocab);
    expect(loss).toBeCloseTo(Math.log(7), 14);
    expect([losses[1], losses[4], scored]).toEqual([0, 0, 3]);
  });

  it('survives logits of any size', () => {
    const { loss } = ops.crossEntropy(Float64Array.of(1000, -1000, 999), Uint32Array.of(0), 3);
    expect(loss).toBeCloseTo(Math.log(1 + Math.exp(-1)), 12);
  });

  it('has its gradient', () => {
    const dlogits = ops.crossEntropyBackward(logits, targets, vocab);
    expectGradient(dlogits, (x) => ops.crossEntropy(x, targets, vocab).loss, logits);
    expect([...dlogits.subarray(7, 14)]).toEqual(new Array(7).fill(0));
  });
});

describe('embedding', () => {
  it('has its gradients, with tokens that repeat', () => {
    const shape = { seqLen: 3, cols: 4 };
    const tokens = randomIntegers(9, 5, 1);
    expect(new Set(tokens).size).toBeLessThan(9);
    const [token, position, dy] = [randomNormals(20, 2), randomNormals(12, 3), randomNormals(36, 4)];
    const { dtokenTable, dpositionTable } = ops.embeddingBackward(tokens, dy, 5, shape);
    expectGradient(dtokenTable, (x) => dot(ops.embedding(tokens, x, position, shape), dy), token);
    expectGradient(dpositionTable, (x) => dot(ops.embedding(tokens, token, x, shape), dy), position);
  });
});

describe('adamw', () => {
  const settings = { lr: 0.1, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0 };

  it('moves by the learning rate against a steady gradient, whatever its size', () => {
    const w = Float64Array.of(1, 1);
    const [m, v] = [new Float64Array(2), new Float64Array(2)];
    for (let step = 1; step <= 3; step++) ops.adamw(w, Float64Array.of(5, -0.01), m, v, step, settings);
    expect(w[0]).toBeCloseTo(0.7, 6);
    expect(w[1]).toBeCloseTo(1.3, 6);
  });

  it('decays weights apart from the gradient', () => {
    const w = Float64Array.of(2);
    ops.adamw(w, Float64Array.of(0), new Float64Array(1), new Float64Array(1), 1, { ...settings, weightDecay: 0.5 });
    expect(w[0]).toBeCloseTo(2 * (1 - 0.1 * 0.5), 14);
  });
});

describe('clipFactor', () => {
  it('brings the global norm down to the limit, and never up', () => {
    const grads = [Float64Array.of(3, 0), Float64Array.of(4)];
    expect(ops.globalNorm(grads)).toBe(5);
    expect(ops.clipFactor(5, 1) * 5).toBeCloseTo(1, 6);
    expect(ops.clipFactor(0.5, 1)).toBe(1);
    expect(ops.clipFactor(5, 0)).toBe(1);
  });
});
