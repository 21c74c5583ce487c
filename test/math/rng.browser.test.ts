/** shaders/lib/rng.wgsl gives the golden vectors: what src/math/rng.ts gives in Node. */
import { expect, test } from 'vitest';
import rng from '../../shaders/lib/rng.wgsl?raw';
import { defineKernel } from '../../src/gpu/kernel';
import { asWords, runOp, words } from '../ops/harness';
import { MULHI, THREEFRY } from './rng-golden';

const kernel = defineKernel(
  'golden vectors',
  rng,
  `
@group(0) @binding(0) var<storage, read> input: array<vec4u>; // key, counter; or a, b
@group(0) @binding(1) var<storage, read_write> output: array<vec2u>;
@compute @workgroup_size(1)
fn threefry_of(@builtin(global_invocation_id) id: vec3u) {
  output[id.z * 32u + id.x] = threefry(input[id.z * 16u + id.x].xy, input[id.z * 16u + id.x].zw);
}
@compute @workgroup_size(1)
fn mulhi_of(@builtin(global_invocation_id) id: vec3u) {
  let pair = input[id.z * 32u + id.x].xy;
  output[id.z * 32u + id.x] = vec2u(mulhi(pair.x, pair.y), uniform_below(pair.x, pair.y));
}`,
);

/** Runs one entry point on rows of four words; its pairs, for each replica. */
async function compute(entry: string, rows: (readonly number[])[]): Promise<number[][][]> {
  const input = Uint32Array.from(rows.flat());
  const run = await runOp({ input: words([rows.length, 4], input, input) }, (b, t) => {
    const output = b.tensor('output', [rows.length, 2]);
    b.dispatch(kernel, entry, { input: t.input, output }, {}, rows.length);
    return { output };
  });
  return asWords(run.outputs.output).map((part) => rows.map((_, i) => part.slice(2 * i, 2 * i + 2)));
}

test('threefry', async () => {
  const want = THREEFRY.map(({ result }) => [...result]);
  const got = await compute(
    'threefry_of',
    THREEFRY.map(({ key, counter }) => [...key, ...counter]),
  );
  expect(got).toEqual([want, want]);
});

test('mulhi, which is uniform_below', async () => {
  const want = MULHI.map(([, , high]) => [high, high]);
  const got = await compute(
    'mulhi_of',
    MULHI.map(([a, b]) => [a, b, 0, 0]),
  );
  expect(got).toEqual([want, want]);
});
