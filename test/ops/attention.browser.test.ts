import { expect, test } from 'vitest';
import { attention } from '../../src/ops/attention';
import { attention as reference, attentionBackward } from '../reference/attention';
import { expectClose, normal, PROFILES, runOp } from './harness';

const SHAPES = [
  { batch: 2, seqLen: 8, heads: 1, headWidth: 16 },
  { batch: 1, seqLen: 1, heads: 1, headWidth: 4 },
  { batch: 2, seqLen: 13, heads: 3, headWidth: 8 },
  { batch: 3, seqLen: 5, heads: 2, headWidth: 12 },
  { batch: 1, seqLen: 33, heads: 1, headWidth: 24 },
];
const CASES = PROFILES.flatMap((profile) => SHAPES.map((shape) => ({ profile, ...shape })));

test.each(CASES)('$profile: attention, batch $batch, T $seqLen, $heads heads of $headWidth', async (each) => {
  const { profile, ...shape } = each;
  const rows = shape.batch * shape.seqLen;
  const d = shape.heads * shape.headWidth;
  const qkv = normal([rows, 3 * d], 1);
  const dy = normal([rows, d], 2);
  const run = await runOp(
    { qkv },
    (b, x) => ({ y: attention(b, x.qkv, shape.batch, shape.seqLen, shape.heads) }),
    { y: dy },
    profile,
  );
  const values = qkv.values as Float64Array[];
  // Scores are sums of headWidth products; exp turns their absolute error into a relative one, some 10 times 2^-24.
  const terms = shape.headWidth + shape.seqLen + 20;
  expectClose(
    run.outputs.y,
    values.map((x) => reference(x, shape).y),
    terms,
  );
  expectClose(
    run.gradients.qkv,
    values.map((x, r) => attentionBackward(x, dy.values[r] as Float64Array, shape)),
    terms,
  );
  // Where one invocation keeps a head of a short sequence, its backward pass is one dispatch.
  const short = shape.seqLen * shape.headWidth <= 512;
  expect(run.plan.dispatches.length).toBe(profile === 'subgroup' && !short ? 3 : 2);
});

test('a second reader of qkv is refused when the plan is built: attention stores its gradient', async () => {
  const dy = normal([6, 8], 2);
  const build = runOp(
    { qkv: normal([6, 24], 1) },
    (b, t) => ({ y: attention(b, t.qkv, 2, 3, 1), z: attention(b, t.qkv, 1, 6, 1) }),
    { y: dy, z: dy },
  );
  await expect(build).rejects.toThrow('d qkv is written twice');
});
