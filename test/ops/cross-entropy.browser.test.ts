import { expect, test } from 'vitest';
import { PlanBuilder } from '../../src/plan/builder';
import { crossEntropy } from '../../src/ops/cross-entropy';
import * as reference from '../reference/cross-entropy';
import { randomIntegers } from '../reference/random';
import { doubles, expectClose, normal, runOp, words } from './harness';

/** Targets in which `masked` rows are not scored, other rows in each replica. */
function targets(rows: number, classes: number, masked: number): Uint32Array[] {
  return [0, 1].map((r) => {
    const drawn = randomIntegers(rows, classes, 20 + r);
    for (let i = 0; i < masked; i++) drawn[(7 * i + r) % rows] = reference.MASKED;
    return drawn;
  });
}

/** The first whole sequence of `length` rows is masked. */
function sequenceMasked(rows: number, classes: number, length: number): Uint32Array[] {
  return [0, 1].map((r) => randomIntegers(rows, classes, 30 + r).fill(reference.MASKED, r * length, (r + 1) * length));
}

test.each([
  { name: 'no mask', rows: 37, classes: 20, scored: 37, drawn: targets(37, 20, 0), scale: 1 },
  { name: 'single rows masked', rows: 37, classes: 20, scored: 30, drawn: targets(37, 20, 7), scale: 1 },
  { name: 'a whole sequence masked', rows: 33, classes: 68, scored: 22, drawn: sequenceMasked(33, 68, 11), scale: 1 },
  { name: 'one row, four classes', rows: 1, classes: 4, scored: 1, drawn: targets(1, 4, 0), scale: 1 },
  { name: 'logits in the hundreds', rows: 19, classes: 12, scored: 15, drawn: targets(19, 12, 4), scale: 200 },
])('cross-entropy and its gradient: $name', async ({ rows, classes, scored, drawn, scale }) => {
  const logits = normal([rows, classes], 1, scale);
  const run = await runOp({ logits, targets: words([rows], ...drawn) }, (b, t) => ({
    losses: crossEntropy(b, t.logits, t.targets, scored),
  }));
  const want = doubles(logits).map((values, r) => reference.crossEntropy(values, drawn[r]!, classes));
  expect(want.map((result) => result.scored)).toEqual([scored, scored]);
  // exp(x − lse) is off by 2^-24·|x − lse| in relation; |x − lse| is at most about eight times the scale.
  const terms = classes + 20 + 16 * scale;
  expectClose(
    run.outputs.losses,
    want.map(({ losses }) => losses),
    terms,
  );
  expectClose(
    run.gradients.logits,
    doubles(logits).map((values, r) => reference.crossEntropyBackward(values, drawn[r]!, classes)),
    terms,
  );
  // Rows that are not scored are exactly 0.
  for (const [r, ids] of drawn.entries()) {
    for (const [row, id] of ids.entries()) {
      if (id !== reference.MASKED) continue;
      expect(run.outputs.losses[r]![row]).toBe(0);
      const gradient = run.gradients.logits![r]!.subarray(row * classes, (row + 1) * classes);
      expect(gradient.every((value) => value === 0)).toBe(true);
    }
  }
});

test('equal logits cost log classes', async () => {
  const zero = { shape: [5, 32], values: [new Float64Array(160), new Float64Array(160)] };
  const drawn = targets(5, 32, 0);
  const run = await runOp({ logits: zero, targets: words([5], ...drawn) }, (b, t) => ({
    losses: crossEntropy(b, t.logits, t.targets, 5),
  }));
  for (const losses of run.outputs.losses) {
    for (const loss of losses) expect(Math.abs(loss - Math.log(32))).toBeLessThan(4 * 2 ** -23);
  }
});

test('evaluation computes no gradient', () => {
  const b = new PlanBuilder(2, false);
  crossEntropy(b, b.parameter('logits', [5, 8], 0), b.slab('targets', 'cdf', [5]), 5);
  expect(b.dispatches.map(({ bindings }) => bindings.map(({ name }) => name))).toEqual([
    ['logits', 'targets', 'losses'],
  ]);
});
