/** AdamW, clipping, metrics and the step counter, over several steps with a schedule that changes. */
import { expect, test } from 'vitest';
import type { Hyper } from '../../src/config/run-spec';
import { lrScale, scheduleTable } from '../../src/config/schedule';
import { blockTable, type ModelLayout, type PlacedParameter } from '../../src/nn/layout';
import { optimiser } from '../../src/ops/optimiser';
import { partStride, sizeOf } from '../../src/plan/tensor';
import { hyperRow } from '../../src/train/hyper-row';
import { raceHyper, smallConfig } from '../config/specs';
import { adamw, clipFactor, globalNorm } from '../reference/optimiser';
import { randomNormals } from '../reference/random';
import { asWords, expectClose, REPLICAS, runSlabs } from './harness';

const [STEPS, SCHEDULE_ROWS, RING, ROWS, SCORED] = [7, 5, 4, 39, 31];
const SCHEDULE = { kind: 'wsd', warmupSteps: 3, decayFraction: 0.4 } as const;

const layout = ((): ModelLayout => {
  const shapes = { matrix: [7, 12], vector: [5], embedding: [65, 4], frozen: [70] };
  let words = 0;
  const parameters = Object.entries(shapes).map(([name, shape]) => {
    const group = name === 'frozen' ? 'matrix' : name;
    const offset = words;
    words += REPLICAS * partStride(sizeOf(shape));
    return { name, shape, group, offset, init: { kind: 'constant', value: 0 } } as PlacedParameter;
  });
  return { replicas: REPLICAS, parameters, words, stateWords: REPLICAS * 64 };
})();

/** The block table, with the parameter `frozen` frozen. */
function blocks(): Uint32Array<ArrayBuffer> {
  const table = new Uint32Array(partStride(layout.words / 16));
  table.set(blockTable(layout));
  const { offset } = layout.parameters.at(-1)!;
  for (let block = offset / 64; block < layout.words / 64; block++) table[4 * block + 3] = 0;
  return table;
}

/** Random numbers in one part of a slab; padding stays 0, as training keeps it. */
function values(parameter: PlacedParameter, replica: number, stream: number, scale = 1): Float64Array {
  const at = layout.parameters.indexOf(parameter);
  const normals = randomNormals(sizeOf(parameter.shape), 1000 * stream + 10 * at + replica);
  return normals.map((value) => Math.fround(scale * value));
}

function slab(stream: number, scale = 1): Float32Array<ArrayBuffer> {
  const data = new Float32Array(layout.words);
  for (const parameter of layout.parameters) {
    const stride = partStride(sizeOf(parameter.shape));
    for (let r = 0; r < REPLICAS; r++) data.set(values(parameter, r, stream, scale), parameter.offset + r * stride);
  }
  return data;
}

function packed(parts: Float64Array[]): Float32Array<ArrayBuffer> {
  const data = new Float32Array(parts.length * 64);
  parts.forEach((part, r) => data.set(part, r * 64));
  return data;
}

const losses = (step: number) => [0, 1].map((r) => randomNormals(ROWS, 500 + 10 * step + r).map(Math.fround));
const nlls = (step: number) => [0, 1].map((r) => randomNormals(ROWS, 700 + 10 * step + r).map(Math.fround));

function run(hypers: Hyper[], gradients: (step: number) => Float32Array<ArrayBuffer>) {
  const schedules = hypers.map((hyper) => scheduleTable(SCHEDULE, hyper, SCHEDULE_ROWS, SCHEDULE_ROWS, SCHEDULE_ROWS));
  return runSlabs(
    {
      params: slab(1),
      grads: gradients(0),
      m: new Float32Array(layout.words),
      v: new Float32Array(layout.words),
      blocks: blocks(),
      hyper: Uint32Array.from(hypers.flatMap((hyper) => [...hyperRow(hyper, smallConfig().source)])),
      schedule: packed(schedules.map((table) => Float64Array.from(table))),
      state: new Uint32Array(layout.stateWords),
      ring: new Float32Array(REPLICAS * 64),
      // Losses and floors stand in two slabs that the optimiser does not otherwise use.
      cdf: packed(losses(0)),
      successors: packed(nlls(0)),
    },
    (b) => {
      const whole = (name: 'params' | 'grads' | 'm' | 'v') => b.slab(name, name, [layout.words], 0, 1);
      const tensors = {
        params: whole('params'),
        grads: whole('grads'),
        m: whole('m'),
        v: whole('v'),
        blocks: b.slab('blocks', 'blocks', [layout.words / 16], 0, 1),
        hyper: b.slab('hyper', 'hyper', [64]),
        schedule: b.slab('schedule', 'schedule', [SCHEDULE_ROWS, 4]),
        counters: b.slab('counters', 'state', [64]),
        ring: b.slab('ring', 'ring', [RING, 4]),
      };
      optimiser(b, tensors, b.slab('losses', 'cdf', [ROWS]), b.slab('nll', 'successors', [ROWS]), SCORED);
    },
    STEPS,
    (step) => ({ grads: gradients(step), cdf: packed(losses(step)), successors: packed(nlls(step)) }),
  );
}

/** What the reference makes of the same numbers for one replica: weights and moments by name, and metrics rows. */
function expected(hyper: Hyper, replica: number, scale: number) {
  const state = new Map(
    layout.parameters.map((parameter) => {
      const weights = values(parameter, replica, 1);
      return [parameter, { weights, m: new Float64Array(weights.length), v: new Float64Array(weights.length) }];
    }),
  );
  const mean = (part: Float64Array) => part.reduce((sum, value) => sum + value, 0) / SCORED;
  const metrics = Array.from({ length: STEPS }, (_, step) => {
    const grads = layout.parameters.map((parameter) => values(parameter, replica, 2 + step, scale));
    const norm = globalNorm(grads);
    const factor = clipFactor(norm, hyper.clipNorm);
    // Behind the end of its table a schedule repeats the last row.
    const row = Math.min(step, SCHEDULE_ROWS - 1);
    const lr = hyper.lr * lrScale(SCHEDULE, row, SCHEDULE_ROWS);
    for (const [i, [{ name, group }, { weights, m, v }]] of [...state].entries()) {
      const weightDecay = group === 'matrix' ? hyper.weightDecay : 0;
      const rate = name === 'frozen' ? 0 : lr;
      const clipped = grads[i]!.map((value) => value * factor);
      adamw(weights, clipped, m, v, row + 1, { ...hyper, lr: rate, weightDecay });
    }
    return [mean(losses(step)[replica]!), mean(nlls(step)[replica]!), norm, lr];
  });
  return { state, metrics };
}

const gradients = (step: number, scale = 1) => slab(2 + step, scale);

test.each([
  { name: 'clipped and not clipped', changes: [{ clipNorm: 3 }, { clipNorm: 1e6 }] },
  { name: 'clipping off, and to almost nothing', changes: [{ clipNorm: 0 }, { clipNorm: 1e-4 }] },
  // Norms near 1e-4, second moments near 1e-12: both ε count.
  { name: 'tiny gradients', changes: [{ clipNorm: 1e-4 }, { clipNorm: 0 }], scale: 1e-5 },
  { name: 'other betas and decays', changes: [{ beta1: 0, beta2: 0.999, weightDecay: 0 }, { weightDecay: 2 }] },
])('follows the reference over seven steps: $name', async ({ changes, scale = 1 }) => {
  const hypers = changes.map((change, r) => ({ ...raceHyper, lr: 0.1 * (r + 1), weightDecay: 0.5, ...change }));
  const after = await run(hypers, (step) => gradients(step, scale));
  const last = after.at(-1)!;
  for (const [replica, hyper] of hypers.entries()) {
    const { state, metrics } = expected(hyper, replica, scale);
    for (const [{ offset, shape, name }, { weights, m, v }] of state) {
      const start = offset + replica * partStride(sizeOf(shape));
      const part = (words: Float32Array) => [words.slice(start, start + weights.length)];
      // A step adds some ten roundings; a clip factor carries that of the norm, a sum of all elements.
      const terms = 20 * STEPS;
      expectClose(part(last.params), [weights], name === 'frozen' ? 0 : terms);
      expectClose(part(last.m), [m], terms);
      expectClose(part(last.v), [v], terms);
    }
    for (const [step, row] of metrics.entries()) {
      const at = replica * 64 + (step % RING) * 4;
      for (const [column, want] of row.entries()) {
        expectClose([after[step]!.ring.slice(at + column, at + column + 1)], [Float64Array.of(want)], 4 * ROWS);
      }
    }
  }
  expect(asWords([last.state])[0]!.filter((word) => word !== 0)).toEqual([STEPS, STEPS]);
});

test('a NaN in one gradient shows in that norm, and leaves the other replica alone bit for bit', async () => {
  const hypers = [1, 2].map((seed) => ({ ...raceHyper, seed }));
  const poisoned = (step: number) => {
    const data = gradients(step);
    if (step === 2) data[layout.parameters[0]!.offset + 3] = NaN;
    return data;
  };
  const [clean, sick] = [(await run(hypers, (step) => gradients(step))).at(-1)!, await run(hypers, poisoned)];
  expect(sick[2]!.ring[2 * 4 + 2]).toBeNaN();
  for (const name of ['params', 'm', 'v'] as const) {
    for (const { offset, shape } of layout.parameters) {
      const start = offset + partStride(sizeOf(shape));
      const other = (words: Float32Array) => asWords([words.slice(start, start + sizeOf(shape))]);
      expect(other(sick.at(-1)![name])).toEqual(other(clean[name]));
    }
  }
});
