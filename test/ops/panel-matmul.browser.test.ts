import { expect, test } from 'vitest';
import { panelRows } from '../../src/ops/panel-matmul';
import { matmul as reference } from '../reference/linear';
import { doubles, expectClose, normal, runOp } from './harness';

const [ROWS, N, K] = [37, 36, 132];

test('over several panels an epilogue is applied once, to the whole sum', async () => {
  const inputs = {
    x: normal([ROWS, K], 1),
    w: normal([K, N], 2),
    bias: normal([N], 3),
    residual: normal([ROWS, N], 4),
  };
  const run = await runOp(
    inputs,
    (b, { x, w, bias, residual }) => {
      const y = b.tensor('y', [ROWS, N]);
      const options = { label: 'product', bias, residual, activation: 'relu' } as const;
      panelRows(b, x, w, { tensor: y, accumulate: false }, { rows: ROWS, n: N, k: K }, options);
      return { y };
    },
    {},
    'subgroup',
  );
  expect(run.plan.dispatches[0]!.constants).toMatchObject({ PANELS: 3 });
  const [bias, residual] = [doubles(inputs.bias), doubles(inputs.residual)];
  const want = doubles(inputs.x).map((x, r) =>
    reference(x, doubles(inputs.w)[r]!, { m: ROWS, n: N, k: K }).map(
      (sum, i) => Math.max(0, sum + bias[r]![i % N]!) + residual[r]![i]!,
    ),
  );
  expectClose(run.outputs.y, want, K + 2);
});

test.each([20, K])('a product over %i adds to what is there, in each of its panels once', async (k) => {
  const inputs = { x: normal([ROWS, k], 1), w: normal([N, k], 2) };
  const run = await runOp(
    inputs,
    (b, { x, w }) => {
      const y = b.tensor('y', [ROWS, N]);
      for (const accumulate of [false, true]) {
        const options = { label: 'product', transposeB: true };
        panelRows(b, x, w, { tensor: y, accumulate }, { rows: ROWS, n: N, k }, options);
      }
      return { y };
    },
    {},
    'subgroup',
  );
  const shape = { m: ROWS, n: N, k, transposeB: true };
  const want = doubles(inputs.x).map((x, r) => reference(x, doubles(inputs.w)[r]!, shape).map((sum) => 2 * sum));
  expectClose(run.outputs.y, want, 2 * k);
});
