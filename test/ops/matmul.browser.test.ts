import { expect, test } from 'vitest';
import { matmul } from '../../src/ops/matmul';
import type { PlanBuilder } from '../../src/plan/builder';
import type { Tensor } from '../../src/plan/tensor';
import { matmul as reference } from '../reference/linear';
import { expectClose, normal, PROFILES, runOp } from './harness';

const SHAPES = [
  { m: 1, n: 4, k: 4 },
  { m: 5, n: 12, k: 8 },
  { m: 20, n: 20, k: 36 },
  { m: 259, n: 28, k: 12 },
  { m: 33, n: 36, k: 132 },
];
const FORMS = [
  { transposeA: false, transposeB: false },
  { transposeA: false, transposeB: true },
  { transposeA: true, transposeB: false },
];

for (const [profile, form] of PROFILES.flatMap((name) => FORMS.map((form) => [name, form] as const))) {
  test.each(SHAPES)(
    `${profile}: $m × $n × $k, transposed: ${form.transposeA}, ${form.transposeB}`,
    async ({ m, n, k }) => {
      // Extents that run along a row are multiples of 4; a sum over rows may have any length.
      const rows = form.transposeA ? Math.ceil(m / 4) * 4 : m;
      const sum = form.transposeA && !form.transposeB ? k + 1 : k;
      const shape = { m: rows, n, k: sum, ...form };
      const left = normal(form.transposeA ? [sum, rows] : [rows, sum], 1);
      const right = normal(form.transposeB ? [n, sum] : [sum, n], 2);
      const product = (b: PlanBuilder, x: Record<'left' | 'right', Tensor>) => {
        const c = b.tensor('c', [rows, n]);
        const sizes = { m: rows, n, k: sum };
        matmul(b, x.left, x.right, { tensor: c, accumulate: false }, sizes, { label: 'product', ...form });
        return { c };
      };
      const run = await runOp({ left, right }, product, {}, profile);
      expectClose(
        run.outputs.c,
        left.values.map((a, r) => reference(a as Float64Array, right.values[r] as Float64Array, shape)),
        sum,
      );
    },
  );
}

test('a product accumulates into what is there', async () => {
  const left = normal([21, 20], 1);
  const right = normal([20, 12], 2);
  const run = await runOp({ left, right }, (b, x) => {
    const c = b.tensor('c', [21, 12]);
    for (const accumulate of [false, true, true]) {
      matmul(b, x.left, x.right, { tensor: c, accumulate }, { m: 21, n: 12, k: 20 }, { label: 'product' });
    }
    return { c };
  });
  const want = left.values.map((a, r) =>
    reference(a as Float64Array, right.values[r] as Float64Array, { m: 21, n: 12, k: 20 }).map((x) => 3 * x),
  );
  expectClose(run.outputs.c, want, 60);
});

test('widths that are no multiple of 4 are refused when the plan is built', async () => {
  const left = normal([4, 8], 1);
  const right = normal([8, 6], 2);
  const build = runOp({ left, right }, (b, x) => {
    const c = b.tensor('c', [4, 6]);
    matmul(b, x.left, x.right, { tensor: c, accumulate: false }, { m: 4, n: 6, k: 8 }, { label: 'product' });
    return { c };
  });
  await expect(build).rejects.toThrow('multiples of 4');
});
