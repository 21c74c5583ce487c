import { expect, test } from 'vitest';
import { router } from '../../src/ops/router';
import * as reference from '../reference/router';
import { asWords, doubles, expectClose, normal, REPLICAS, runOp, words, type OpInput } from './harness';

const ROWS = 37;
const TILE = 16;

/** Hyper rows with these weights of the losses, by shaders/lib/hyper.wgsl. */
function hyperRows(balanceLoss: number, zLoss: number, biasRate: number): OpInput {
  const rows = Array.from({ length: REPLICAS }, () => {
    const floats = new Float32Array(64);
    floats[11] = balanceLoss;
    floats.set([zLoss, biasRate], 16);
    return new Uint32Array(floats.buffer);
  });
  return words([64], ...rows);
}

interface Case {
  experts: number;
  topK: number;
  balanceLoss?: number;
  zLoss?: number;
  biasRate?: number;
  /** Logits that are whole numbers, so that many are equal. */
  tied?: boolean;
  rows?: number;
}

const CASES: Case[] = [
  { experts: 1, topK: 1 },
  { experts: 2, topK: 2, balanceLoss: 0.3 },
  { experts: 3, topK: 1, balanceLoss: 0.5, zLoss: 0.2 },
  { experts: 5, topK: 3, balanceLoss: 0.5, zLoss: 0.2, biasRate: 0.125 },
  { experts: 8, topK: 2, balanceLoss: 0.5 },
  { experts: 16, topK: 4, zLoss: 0.2 },
  { experts: 16, topK: 2, tied: true, biasRate: 0.125 },
  { experts: 6, topK: 4, tied: true },
  { experts: 64, topK: 4, balanceLoss: 0.5, rows: 3, biasRate: 0.125 },
];

test.each(CASES)('router: $experts experts, top $topK', async (each) => {
  const { experts, topK, balanceLoss = 0, zLoss = 0, biasRate = 0, tied = false, rows = ROWS } = each;
  const shape = { rows, experts, topK };
  const width = Math.ceil(experts / 4) * 4;
  const drawn = normal([rows, width], 1, 2);
  const logits = tied ? { ...drawn, values: drawn.values.map((part) => part.map(Math.round)) } : drawn;
  // Multiples of 1/8 up to 1: a score is then the same number in float32 as in float64.
  const eighths = normal([64], 2).values.map((part) => part.map((x) => Math.round(x * 3) / 8));
  const biases = { changed: true, shape: [64], values: tied ? eighths.map((part) => part.fill(0)) : eighths };
  const dgates = normal([rows * topK], 3);
  const run = await runOp(
    { logits, biases, hyper: hyperRows(balanceLoss, zLoss, biasRate) },
    (b, t) => {
      const options = { nExperts: experts, topK, tile: TILE, hyper: t.hyper, biases: t.biases, trained: true };
      const { experts: chosen, gates } = router(b, t.logits, options);
      return { chosen, gates, moved: t.biases };
    },
    { gates: dgates },
  );
  const want = [0, 1].map((r) => {
    const routing = reference.route(doubles(logits)[r]!, doubles(biases)[r]!, shape);
    const dg = doubles(dgates)[r]!;
    const dlogits = reference.routerBackward(doubles(logits)[r]!, routing, dg, { balanceLoss, zLoss }, shape);
    const moved = doubles(biases)[r]!.slice(0, experts);
    reference.updateRouterBias(moved, routing.visits, biasRate);
    return { routing, dlogits, moved };
  });
  expect(asWords(run.outputs.chosen)).toEqual(want.map(({ routing }) => [...routing.experts]));
  // An exponential of x is good to some |x|·2^-24 and its own rounding; logits reach 8, and a sum has E terms.
  expectClose(
    run.outputs.gates,
    want.map(({ routing }) => routing.gates),
    experts + 32,
  );
  expectClose(
    run.gradients.logits,
    want.map(({ dlogits }) => dlogits),
    experts + 64,
  );
  // Multiples of 1/8 all of them, so exact.
  for (const [r, { moved }] of want.entries()) {
    expect([...run.outputs.moved[r]!.slice(0, experts)]).toEqual([...moved]);
    expect([...run.outputs.moved[r]!.slice(experts)]).toEqual([...biases.values[r]!.slice(experts)]);
  }
});

test('nothing flows back into the logits of a router that is detached', async () => {
  const run = await runOp(
    { logits: normal([ROWS, 8], 1), biases: { ...normal([64], 2), changed: true }, hyper: hyperRows(0.5, 0.5, 0.5) },
    (b, t) => {
      const options = { nExperts: 8, topK: 2, tile: TILE, hyper: t.hyper, biases: t.biases, trained: false };
      return { gates: router(b, t.logits, options).gates };
    },
    { gates: normal([ROWS * 2], 3) },
  );
  expect(run.gradients.logits).toBeUndefined();
  expect(run.plan.dispatches.map(({ entry }) => entry)).not.toContain('backward');
});

test('logits that are not numbers choose experts that exist, and gates that are not numbers', async () => {
  const logits = { shape: [ROWS, 8], values: [0, 1].map(() => new Float64Array(ROWS * 8).fill(NaN)) };
  const run = await runOp(
    { logits, biases: { ...normal([64], 2), changed: true }, hyper: hyperRows(0, 0, 0) },
    (b, t) => {
      const options = { nExperts: 7, topK: 3, tile: TILE, hyper: t.hyper, biases: t.biases, trained: true };
      const { experts: chosen, gates, routes } = router(b, t.logits, options);
      return { chosen, gates, offsets: routes.offsets };
    },
  );
  for (const chosen of asWords(run.outputs.chosen)) expect(Math.max(...chosen)).toBeLessThan(7);
  for (const offsets of asWords(run.outputs.offsets)) expect(offsets.at(-1)).toBe(ROWS * 3);
  for (const gates of run.outputs.gates) expect(gates.every(Number.isNaN)).toBe(true);
});
