import { expect, test } from 'vitest';
import { linear } from '../../src/ops/linear';
import { mlp } from '../../src/ops/mlp';
import * as reference from '../reference/linear';
import { doubles, expectClose, normal, PROFILES, runOp } from './harness';

const [ROWS, D, F] = [37, 12, 44];

/** Forward and backward of one replica in float64. */
function expected(at: Record<string, Float64Array>, activation: 'relu' | 'gelu', dy: Float64Array) {
  const up = { x: at.x!, weight: at.w1!, ...(at.b1 && { bias: at.b1 }) };
  const upShape = { rows: ROWS, inputs: D, outputs: F, activation };
  const hidden = reference.linear(up, upShape);
  const down = { x: hidden, weight: at.w2!, residual: at.residual!, ...(at.b2 && { bias: at.b2 }) };
  const downShape = { rows: ROWS, inputs: F, outputs: D };
  const below = reference.linearBackward(down, dy, downShape);
  return { y: reference.linear(down, downShape), below, above: reference.linearBackward(up, below.dx, upShape) };
}

const CASES = PROFILES.flatMap((profile) =>
  (['relu', 'gelu'] as const).flatMap((activation) => [false, true].map((biased) => ({ profile, activation, biased }))),
);

test.each(CASES)('$profile: mlp with $activation, biases: $biased', async ({ profile, activation, biased }) => {
  const inputs = {
    x: normal([ROWS, D], 1),
    w1: normal([D, F], 2, 0.5),
    w2: normal([F, D], 3),
    residual: normal([ROWS, D], 4),
    other: normal([D, D], 5),
    b1: normal([F], 6),
    b2: normal([D], 7),
  };
  const [dy, dz] = [normal([ROWS, D], 8), normal([ROWS, D], 9)];
  const run = await runOp(
    inputs,
    (b, t) => {
      const up = { weight: t.w1, ...(biased && { bias: t.b1 }) };
      const down = { weight: t.w2, ...(biased && { bias: t.b2 }) };
      return { y: mlp(b, t.x, up, down, activation, t.residual), z: linear(b, 'z', t.x, { weight: t.other }) };
    },
    { y: dy, z: dz },
    profile,
  );
  const want = [0, 1].map((r) => {
    const used = Object.entries(inputs).filter(([name]) => biased || !name.startsWith('b'));
    const at = Object.fromEntries(used.map(([name, input]) => [name, doubles(input)[r]!]));
    const { y, below, above } = expected(at, activation, doubles(dy)[r]!);
    const dxOther = reference.matmul(doubles(dz)[r]!, at.other!, { m: ROWS, n: D, k: D, transposeB: true });
    return { y, below, above, dx: above.dx.map((value, i) => value + dxOther[i]!) };
  });
  // Two products in a row; near its zeros GELU adds some ten roundings of its own.
  const terms = D + F + 20;
  expectClose(
    run.outputs.y,
    want.map(({ y }) => y),
    terms,
  );
  expectClose(
    run.gradients.x,
    want.map(({ dx }) => dx),
    terms + D,
  );
  expectClose(
    run.gradients.w1,
    want.map(({ above }) => above.dweight),
    terms + ROWS,
  );
  expectClose(
    run.gradients.w2,
    want.map(({ below }) => below.dweight),
    terms + ROWS,
  );
  expectClose(run.gradients.residual, doubles(dy), 0);
  expect([run.gradients.b1 !== undefined, run.gradients.b2 !== undefined]).toEqual([biased, biased]);
  if (biased) {
    expectClose(
      run.gradients.b1,
      want.map(({ above }) => above.dbias),
      terms + ROWS,
    );
    expectClose(
      run.gradients.b2,
      want.map(({ below }) => below.dbias),
      ROWS,
    );
  }
});

test('GELU and its derivative stay finite and exact for large arguments', async () => {
  // x·W1 with W1 = the identity scaled: arguments up to ±4,000, where tanh of the cube would overflow.
  const values = [-4000, -100, -10, -6, 6, 10, 100, 4000].map((x) => Math.fround(x));
  const x = { shape: [2, 4], values: [Float64Array.from(values), Float64Array.from(values.toReversed())] };
  const one = Float64Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0));
  const identity = { shape: [4, 4], values: [one, one] };
  const zero = { shape: [2, 4], values: [new Float64Array(8), new Float64Array(8)] };
  const ones = { shape: [2, 4], values: [new Float64Array(8).fill(1), new Float64Array(8).fill(1)] };
  const run = await runOp(
    { x, w1: identity, w2: identity, residual: zero },
    (b, t) => ({ y: mlp(b, t.x, { weight: t.w1 }, { weight: t.w2 }, 'gelu', t.residual) }),
    { y: ones },
  );
  for (const [r, inputs] of x.values.entries()) {
    for (const [i, value] of inputs.entries()) {
      const [y, slope] = [reference.activate(value, 'gelu'), reference.activateDerivative(value, 'gelu')];
      expect(Math.abs(run.outputs.y[r]![i]! - y)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(y)));
      expect(Math.abs(run.gradients.x![r]![i]! - slope)).toBeLessThanOrEqual(1e-6);
    }
  }
});
