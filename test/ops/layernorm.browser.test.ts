import { test } from 'vitest';
import { layernorm } from '../../src/ops/layernorm';
import * as reference from '../reference/norms';
import { doubles, expectClose, normal, runOp } from './harness';

const SHAPES = [
  { rows: 1, cols: 4 },
  { rows: 37, cols: 20 },
  { rows: 130, cols: 68 },
];

test.each(SHAPES)('layernorm [$rows, $cols] used once, and twice', async (shape) => {
  const { rows, cols } = shape;
  const x = normal([rows, cols], 1);
  const weights = [normal([cols], 2), normal([cols], 3)];
  const biases = [normal([cols], 4), normal([cols], 5)];
  const gradients = [normal([rows, cols], 6), normal([rows, cols], 7)];
  const forward = doubles(x).map(
    (values, r) => reference.layernorm(values, doubles(weights[0]!)[r]!, doubles(biases[0]!)[r]!, shape).y,
  );
  const backward = weights.map((weight, i) =>
    doubles(x).map((values, r) =>
      reference.layernormBackward(values, doubles(weight)[r]!, doubles(gradients[i]!)[r]!, shape),
    ),
  );

  const inputs = { x, w: weights[0]!, b: biases[0]! };
  const once = await runOp(inputs, (b, t) => ({ y: layernorm(b, 'y', t.x, t.w, t.b) }), { y: gradients[0]! });
  // Mean and variance, each a sum over the columns.
  expectClose(once.outputs.y, forward, 2 * cols + 10);
  expectClose(
    once.gradients.x,
    backward[0]!.map(({ dx }) => dx),
    4 * cols + 20,
  );
  expectClose(
    once.gradients.w,
    backward[0]!.map(({ dweight }) => dweight),
    rows + 2 * cols + 10,
  );
  expectClose(
    once.gradients.b,
    backward[0]!.map(({ dbias }) => dbias),
    rows,
  );

  // The second reader accumulates into dx.
  const twice = await runOp(
    { ...inputs, w2: weights[1]!, b2: biases[1]! },
    (b, t) => ({ y: layernorm(b, 'y', t.x, t.w, t.b), z: layernorm(b, 'z', t.x, t.w2, t.b2) }),
    { y: gradients[0]!, z: gradients[1]! },
  );
  expectClose(
    twice.gradients.x,
    backward[0]!.map(({ dx }, r) => dx.map((value, i) => value + backward[1]![r]!.dx[i]!)),
    8 * cols + 40,
  );
});

test('rows so even that ε decides', async () => {
  const shape = { rows: 5, cols: 8 };
  const x = normal([5, 8], 1, 1e-3);
  const [weight, bias, dy] = [normal([8], 2), normal([8], 3, 0.1), normal([5, 8], 4)];
  const run = await runOp({ x, weight, bias }, (b, t) => ({ y: layernorm(b, 'y', t.x, t.weight, t.bias) }), { y: dy });
  expectClose(
    run.outputs.y,
    doubles(x).map((values, r) => reference.layernorm(values, doubles(weight)[r]!, doubles(bias)[r]!, shape).y),
    30,
  );
  const backward = doubles(x).map((values, r) =>
    reference.layernormBackward(values, doubles(weight)[r]!, doubles(dy)[r]!, shape),
  );
  expectClose(
    run.gradients.x,
    backward.map(({ dx }) => dx),
    60,
  );
});

test('a large mean is subtracted before squares are summed', async () => {
  const shape = { rows: 3, cols: 20 };
  const shifted = normal([3, 20], 1).values.map((values) => Float64Array.from(values, (x) => Math.fround(x + 1000)));
  const weight = { shape: [20], values: [new Float64Array(20).fill(1), new Float64Array(20).fill(1)] };
  const bias = { shape: [20], values: [new Float64Array(20), new Float64Array(20)] };
  const run = await runOp({ x: { shape: [3, 20], values: shifted }, weight, bias }, (b, t) => ({
    y: layernorm(b, 'y', t.x, t.weight, t.bias),
  }));
  // The mean, about 1000, is known to cols·2^-24·1000 = 1.2e-3; E[x²] − mean² would be wrong by 0.1.
  const want = shifted.map((x) => reference.layernorm(x, weight.values[0]!, bias.values[0]!, shape).y);
  expectClose(run.outputs.y, want, 20 * 1000, 1);
});
