import { expect, test } from 'vitest';
import { evaluation } from '../../src/ops/evaluation';
import { partStride } from '../../src/plan/tensor';
import { expectClose, normal, REPLICAS, runSlabs } from './harness';

const [ROWS, BATCHES, SCORED] = [103, 5, 90];

/** Replicas one behind the other, each padded. */
function packed(parts: Float64Array[]): Float32Array<ArrayBuffer> {
  const stride = partStride(parts[0]!.length);
  const data = new Float32Array(parts.length * stride).fill(NaN);
  parts.forEach((part, r) => data.set(part, r * stride));
  return data;
}

test('every batch appends its mean loss and floor, and is counted', async () => {
  const losses = Array.from({ length: BATCHES }, (_, batch) => normal([ROWS], 10 + batch).values as Float64Array[]);
  const nlls = Array.from({ length: BATCHES }, (_, batch) => normal([ROWS], 20 + batch).values as Float64Array[]);
  // What the op reads stands in two slabs that it does not otherwise use.
  const after = await runSlabs(
    {
      cdf: packed(losses[0]!),
      successors: packed(nlls[0]!),
      state: new Uint32Array(REPLICAS * 64),
      ring: new Float32Array(REPLICAS * partStride(BATCHES * 4)),
    },
    (b) => {
      const [loss, nll] = [b.slab('losses', 'cdf', [ROWS]), b.slab('nll', 'successors', [ROWS])];
      evaluation(b, loss, nll, b.slab('counters', 'state', [64]), b.slab('ring', 'ring', [BATCHES, 4]), SCORED);
    },
    BATCHES,
    (step) => ({ cdf: packed(losses[step]!), successors: packed(nlls[step]!) }),
  );
  const { ring, state } = after.at(-1)!;
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / SCORED;
  for (let r = 0; r < REPLICAS; r++) {
    const want = losses.flatMap((loss, batch) => [mean(loss[r]!), mean(nlls[batch]![r]!), 0, 0]);
    const start = r * partStride(BATCHES * 4);
    expectClose([ring.slice(start, start + want.length)], [Float64Array.from(want)], ROWS);
  }
  expect([...new Uint32Array(state.buffer)].filter((word) => word !== 0)).toEqual([BATCHES, BATCHES]);
});
