import { test } from 'vitest';
import { linear } from '../../src/ops/linear';
import { rmsnorm } from '../../src/ops/rmsnorm';
import * as reference from '../reference/norms';
import { linearBackward } from '../reference/linear';
import { doubles, expectClose, normal, runOp } from './harness';

const SHAPES = [
  { rows: 1, cols: 4 },
  { rows: 37, cols: 20 },
  { rows: 130, cols: 68 },
];

test.each(SHAPES)('rmsnorm [$rows, $cols] used once, and twice', async (shape) => {
  const { rows, cols } = shape;
  const x = normal([rows, cols], 1);
  const weights = [normal([cols], 2), normal([cols], 3)];
  const gradients = [normal([rows, cols], 4), normal([rows, cols], 5)];
  const forward = weights.map((weight) =>
    doubles(x).map((values, r) => reference.rmsnorm(values, doubles(weight)[r]!, shape).y),
  );
  const backward = weights.map((weight, i) =>
    doubles(x).map((values, r) =>
      reference.rmsnormBackward(values, doubles(weight)[r]!, doubles(gradients[i]!)[r]!, shape),
    ),
  );

  const once = await runOp({ x, w: weights[0]! }, (b, t) => ({ y: rmsnorm(b, 'y', t.x, t.w) }), { y: gradients[0]! });
  expectClose(once.outputs.y, forward[0]!, cols + 5);
  expectClose(
    once.gradients.x,
    backward[0]!.map(({ dx }) => dx),
    2 * cols + 10,
  );
  expectClose(
    once.gradients.w,
    backward[0]!.map(({ dweight }) => dweight),
    rows + cols + 5,
  );

  // The second reader accumulates into dx.
  const twice = await runOp(
    { x, w: weights[0]!, w2: weights[1]! },
    (b, t) => ({ y: rmsnorm(b, 'y', t.x, t.w), z: rmsnorm(b, 'z', t.x, t.w2) }),
    { y: gradients[0]!, z: gradients[1]! },
  );
  expectClose(
    twice.gradients.x,
    backward[0]!.map(({ dx }, r) => dx.map((value, i) => value + backward[1]![r]!.dx[i]!)),
    4 * cols + 20,
  );
});

test('rows so small that ε decides', async () => {
  const shape = { rows: 5, cols: 8 };
  const x = normal([5, 8], 1, 1e-3);
  const [weight, dy] = [normal([8], 2), normal([5, 8], 3)];
  const run = await runOp({ x, weight }, (b, t) => ({ y: rmsnorm(b, 'y', t.x, t.weight) }), { y: dy });
  expectClose(
    run.outputs.y,
    doubles(x).map((values, r) => reference.rmsnorm(values, doubles(weight)[r]!, shape).y),
    20,
  );
  const backward = doubles(x).map((values, r) =>
    reference.rmsnormBackward(values, doubles(weight)[r]!, doubles(dy)[r]!, shape),
  );
  expectClose(
    run.gradients.x,
    backward.map(({ dx }) => dx),
    40,
  );
});

test('a residual around rmsnorm: dx is added to the gradient that was passed on', async () => {
  const shape = { rows: 19, cols: 12 };
  const linearShape = { rows: 19, inputs: 12, outputs: 12 };
  const x = normal([19, 12], 1);
  const weight = normal([12], 2);
  const matrix = normal([12, 12], 3);
  const dy = normal([19, 12], 4);
  const run = await runOp(
    { x, weight, matrix },
    (b, t) => ({ y: linear(b, 'y', rmsnorm(b, 'normed', t.x, t.weight), { weight: t.matrix }, t.x) }),
    { y: dy },
  );
  const want = doubles(x).map((values, r) => {
    const normed = reference.rmsnorm(values, doubles(weight)[r]!, shape).y;
    const above = linearBackward({ x: normed, weight: doubles(matrix)[r]! }, doubles(dy)[r]!, linearShape).dx;
    const { dx } = reference.rmsnormBackward(values, doubles(weight)[r]!, above, shape);
    return dx.map((value, i) => value + doubles(dy)[r]![i]!);
  });
  expectClose(run.gradients.x, want, 3 * shape.cols + 10);
});
