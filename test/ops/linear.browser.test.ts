import { expect, test } from 'vitest';
import { linear } from '../../src/ops/linear';
import * as reference from '../reference/linear';
import { doubles, expectClose, normal, PROFILES, runOp } from './harness';

const SHAPES = [
  { rows: 1, inputs: 4, outputs: 4, biased: true },
  { rows: 37, inputs: 20, outputs: 12, biased: true },
  { rows: 37, inputs: 20, outputs: 12, biased: false },
  { rows: 263, inputs: 12, outputs: 28, biased: true },
];

const CASES = PROFILES.flatMap((profile) => SHAPES.map((shape) => ({ profile, ...shape })));

test.each(CASES)('$profile: linear $rows × $inputs × $outputs with a residual, bias: $biased', async (shape) => {
  const { rows, inputs, outputs, biased, profile } = shape;
  const x = normal([rows, inputs], 1);
  const weight = normal([inputs, outputs], 2);
  const residual = normal([rows, outputs], 3);
  const bias = normal([outputs], 4);
  const dy = normal([rows, outputs], 5);
  const run = await runOp(
    { x, weight, residual, bias },
    (b, t) => ({ y: linear(b, 'y', t.x, biased ? t : { weight: t.weight }, t.residual) }),
    { y: dy },
    profile,
  );
  const operands = doubles(x).map((values, r) => ({
    x: values,
    weight: doubles(weight)[r]!,
    residual: doubles(residual)[r]!,
    ...(biased && { bias: doubles(bias)[r]! }),
  }));
  const backward = operands.map((operand, r) => reference.linearBackward(operand, doubles(dy)[r]!, shape));
  expectClose(
    run.outputs.y,
    operands.map((operand) => reference.linear(operand, shape)),
    inputs + 2,
  );
  expectClose(
    run.gradients.x,
    backward.map(({ dx }) => dx),
    outputs,
  );
  expectClose(
    run.gradients.weight,
    backward.map(({ dweight }) => dweight),
    rows,
  );
  expectClose(run.gradients.residual, doubles(dy), 0);
  expect(run.gradients.bias !== undefined).toBe(biased);
  if (biased) {
    expectClose(
      run.gradients.bias,
      backward.map(({ dbias }) => dbias),
      rows,
    );
  }
});

test('two products of one input with one weight add up their gradients', async () => {
  const shape = { rows: 21, inputs: 12, outputs: 20 };
  const x = normal([21, 12], 1);
  const weight = normal([12, 20], 2);
  const [dy, dz] = [normal([21, 20], 3), normal([21, 20], 4)];
  const run = await runOp({ x, weight }, (b, t) => ({ y: linear(b, 'y', t.x, t), z: linear(b, 'z', t.x, t) }), {
    y: dy,
    z: dz,
  });
  const backward = doubles(x).map((values, r) => {
    const sum = doubles(dy)[r]!.map((value, i) => value + doubles(dz)[r]![i]!);
    return reference.linearBackward({ x: values, weight: doubles(weight)[r]! }, sum, shape);
  });
  expectClose(
    run.gradients.x,
    backward.map(({ dx }) => dx),
    2 * shape.outputs,
  );
  expectClose(
    run.gradients.weight,
    backward.map(({ dweight }) => dweight),
    2 * shape.rows,
  );
});

test('a bias gradient that would have to accumulate is refused when the plan is built', async () => {
  const x = normal([5, 4], 1);
  const build = runOp(
    { x, weight: normal([4, 8], 2), bias: normal([8], 3) },
    (b, t) => ({ y: linear(b, 'y', t.x, t), z: linear(b, 'z', t.x, t) }),
    { y: normal([5, 8], 4), z: normal([5, 8], 5) },
  );
  await expect(build).rejects.toThrow('bias gradient');
});
