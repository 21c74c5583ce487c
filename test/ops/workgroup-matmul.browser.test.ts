import { expect, test } from 'vitest';
import { matmul } from '../../src/ops/matmul';
import { workgroupMatmul } from '../../src/ops/workgroup-matmul';
import type { Tensor } from '../../src/plan/tensor';
import * as reference from '../reference/linear';
import { doubles, expectClose, normal, runOp, type OpInput } from './harness';

interface Shape {
  m: number;
  n: number;
  k: number;
  transposeA?: boolean;
  transposeB?: boolean;
}

/** Operands of a product as they are stored. */
function operands({ m, n, k, transposeA, transposeB }: Shape): Record<'left' | 'right', OpInput> {
  return { left: normal(transposeA ? [k, m] : [m, k], 1), right: normal(transposeB ? [n, k] : [k, n], 2) };
}

function products(inputs: Record<'left' | 'right', OpInput>, shape: Shape): Float64Array[] {
  return doubles(inputs.left).map((left, r) => reference.matmul(left, doubles(inputs.right)[r]!, shape));
}

// Extents around the tiles' 16, 32 and 64, and around the 16 steps of k that a tile holds.
const PLAIN: Shape[] = [
  { m: 1, n: 4, k: 4 },
  { m: 37, n: 20, k: 36 },
  { m: 33, n: 68, k: 12 },
  { m: 515, n: 260, k: 20 },
];
const TRANSPOSED: Shape[] = [
  { m: 1, n: 4, k: 4, transposeB: true },
  { m: 37, n: 20, k: 36, transposeB: true },
  { m: 515, n: 260, k: 20, transposeB: true },
  { m: 4, n: 4, k: 1, transposeA: true },
  { m: 20, n: 36, k: 37, transposeA: true },
  { m: 36, n: 12, k: 255, transposeA: true },
  { m: 516, n: 260, k: 21, transposeA: true },
];

test.each([...PLAIN, ...TRANSPOSED])('$m × $n × $k, transposed: $transposeA, $transposeB', async (shape) => {
  const inputs = operands(shape);
  const { m, n, k, ...form } = shape;
  const run = await runOp(inputs, (b, { left, right }) => {
    const c = b.tensor('c', [m, n]);
    workgroupMatmul(b, left, right, { tensor: c, accumulate: false }, { m, n, k }, { label: 'product', ...form });
    return { c };
  });
  expect(run.plan.dispatches).toHaveLength(1);
  expectClose(run.outputs.c, products(inputs, shape), k);
});

const ROWS = { m: 37, n: 20, k: 36 };

test.each(['relu', 'gelu'] as const)('bias, %s and what is behind it ride along', async (activation) => {
  const { m, n } = ROWS;
  const inputs = { ...operands(ROWS), bias: normal([n], 3), residual: normal([m, n], 4) };
  const run = await runOp(inputs, (b, { left, right, bias, residual }): Record<string, Tensor> => {
    const [c, slope] = [b.tensor('c', [m, n]), b.tensor('slope', [m, n])];
    const saved = activation === 'gelu' && { saveSlope: slope };
    const options = { label: 'product', bias, residual, activation, ...saved };
    workgroupMatmul(b, left, right, { tensor: c, accumulate: false }, ROWS, options);
    return saved ? { c, slope } : { c };
  });
  const before = products(inputs, ROWS).map((sums, r) => sums.map((sum, i) => sum + doubles(inputs.bias)[r]![i % n]!));
  const want = before.map((values, r) =>
    values.map((x, i) => reference.activate(x, activation) + doubles(inputs.residual)[r]![i]!),
  );
  // Near its zeros GELU adds some ten roundings of its own.
  expectClose(run.outputs.c, want, ROWS.k + 12);
  if (activation === 'gelu') {
    const slopes = before.map((values) => values.map((x) => reference.activateDerivative(x, 'gelu')));
    // The product's error times the second derivative, at most 1.
    expectClose(run.outputs.slope, slopes, 8 * ROWS.k);
  }
});

test.each(['slope', 'activated'] as const)('a gradient goes through an activation by its %s', async (kind) => {
  const shape = { ...ROWS, transposeB: true };
  const { m, n } = shape;
  const inputs = { ...operands(shape), saved: normal([m, n], 3) };
  const run = await runOp(inputs, (b, { left, right, saved }) => {
    const c = b.tensor('c', [m, n]);
    const activationGradient = kind === 'slope' ? { slope: saved } : { activated: saved };
    const options = { label: 'product', transposeB: true, activationGradient };
    workgroupMatmul(b, left, right, { tensor: c, accumulate: false }, ROWS, options);
    return { c };
  });
  const want = products(inputs, shape).map((sums, r) =>
    sums.map((sum, i) => {
      const saved = doubles(inputs.saved)[r]![i]!;
      return kind === 'slope' ? sum * saved : saved > 0 ? sum : 0;
    }),
  );
  expectClose(run.outputs.c, want, shape.k);
});

/** Bias gradients, and a second product on top of the first: in one piece, and in parts. */
test.each([
  { m: 20, n: 36, k: 37, parts: 1 },
  { m: 36, n: 20, k: 389, parts: 3 },
  { m: 16, n: 16, k: 1024, parts: 8 },
])('a weight gradient $m × $n over $k rows in $parts parts, with a bias, twice', async ({ parts, ...sizes }) => {
  const shape = { ...sizes, transposeA: true };
  const { m, n, k } = shape;
  const inputs = operands(shape);
  const run = await runOp(inputs, (b, { left, right }) => {
    const [c, dbias] = [b.tensor('c', [m, n]), b.tensor('dbias', [n])];
    const options = { label: 'product', transposeA: true };
    const biasGradient = { tensor: dbias, accumulate: false };
    workgroupMatmul(b, left, right, { tensor: c, accumulate: false }, sizes, { ...options, biasGradient });
    workgroupMatmul(b, left, right, { tensor: c, accumulate: true }, sizes, options);
    return { c, dbias };
  });
  const once = parts > 1 ? ['main', 'sum'] : ['main'];
  expect(run.plan.dispatches.map(({ entry }) => entry)).toEqual([...once, ...once]);
  expect(run.plan.dispatches[0]!.extents.parts).toBe(parts);
  const twice = products(inputs, shape).map((sums) => sums.map((sum) => 2 * sum));
  expectClose(run.outputs.c, twice, 2 * k);
  const sums = doubles(inputs.right).map((right) =>
    Float64Array.from({ length: n }, (_, j) => {
      let sum = 0;
      for (let l = 0; l < k; l++) sum += right[l * n + j]!;
      return sum;
    }),
  );
  expectClose(run.outputs.dbias, sums, k);
});

test('in this profile products that fill tiles go to workgroup memory, and small ones to registers', async () => {
  const kernels = async (m: number, n: number, k: number): Promise<string[]> => {
    const run = await runOp(
      operands({ m, n, k }),
      (b, { left, right }) => {
        const c = b.tensor('c', [m, n]);
        matmul(b, left, right, { tensor: c, accumulate: false }, { m, n, k }, { label: 'product' });
        return { c };
      },
      {},
      'workgroup',
    );
    return run.plan.dispatches.map(({ kernel }) => kernel.name);
  };
  expect(await kernels(37, 20, 36)).toEqual(['workgroup-matmul']);
  expect(await kernels(37, 12, 36)).toEqual(['matmul']);
});
