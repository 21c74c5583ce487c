import { expect, test } from 'vitest';
import { groupedTile } from '../../src/gpu/profile';
import { linear } from '../../src/ops/linear';
import { route } from '../../src/ops/route';
import { sparseMlp } from '../../src/ops/sparse-mlp';
import { groupedExperts, groupedExpertsBackward } from '../reference/experts';
import { matmul } from '../reference/linear';
import { randomIntegers } from '../reference/random';
import { countVisits } from '../reference/router';
import { doubles, expectClose, normal, OWN_PROFILE, PROFILES, runOp, words } from './harness';

interface Case {
  name: string;
  rows: number;
  experts: number;
  topK: number;
  d: number;
  hidden: number;
  activation: 'relu' | 'gelu';
  biased: boolean;
  /** Expert of a slot, from a random one. */
  choose?: (expert: number, slot: number) => number;
}

const SHAPES: Case[] = [
  { name: 'one expert', rows: 37, experts: 1, topK: 1, d: 12, hidden: 20, activation: 'gelu', biased: true },
  { name: 'as in the race', rows: 96, experts: 16, topK: 2, d: 16, hidden: 32, activation: 'relu', biased: false },
  {
    ...{ name: 'everyone to one of many', rows: 41, experts: 8, topK: 2, d: 20, hidden: 12 },
    ...{ activation: 'gelu', biased: true, choose: () => 5 },
  },
  {
    ...{ name: 'experts that nobody visits', rows: 53, experts: 7, topK: 3, d: 24, hidden: 52 },
    ...{ activation: 'relu', biased: true, choose: (expert) => expert - (expert % 3) },
  },
  { name: 'more experts than slots', rows: 5, experts: 64, topK: 4, d: 8, hidden: 4, activation: 'relu', biased: true },
  { name: 'tall tiles', rows: 203, experts: 2, topK: 1, d: 36, hidden: 44, activation: 'gelu', biased: false },
];

/** Shapes for profiles that are not the adapter's own; `workgroup` has `register`'s grouped products. */
const ELSEWHERE = ['experts that nobody visits', 'tall tiles'];

const CASES = PROFILES.filter((profile) => profile !== 'workgroup').flatMap((profile) =>
  SHAPES.filter(({ name }) => profile === OWN_PROFILE || ELSEWHERE.includes(name)).map((shape) => ({
    profile,
    ...shape,
  })),
);

test.each(CASES)('$profile: sparse mlp, $name', async (each) => {
  const { profile, rows, experts, topK, d, hidden, activation, biased, choose = (expert) => expert } = each;
  const slots = rows * topK;
  const ids = [0, 1].map((r) => randomIntegers(slots, experts, 70 + r).map(choose));
  const inputs = {
    ids: words([slots], ...ids),
    x: normal([rows, d], 1),
    gates: normal([slots], 2),
    w1: normal([experts, d, hidden], 3, 0.5),
    w2: normal([experts, hidden, d], 4),
    residual: normal([rows, d], 5),
    other: normal([d, d], 6),
    b1: normal([experts, hidden], 7),
    b2: normal([experts, d], 8),
  };
  const [dy, dz] = [normal([rows, d], 9), normal([rows, d], 10)];
  const run = await runOp(
    inputs,
    (b, t) => {
      const routes = route(b, t.ids, experts, groupedTile(profile, slots, experts));
      const up = { weight: t.w1, ...(biased && { bias: t.b1 }) };
      const down = { weight: t.w2, ...(biased && { bias: t.b2 }) };
      return {
        y: sparseMlp(b, t.x, { routes, topK, gates: t.gates }, up, down, activation, t.residual),
        z: linear(b, 'z', t.x, { weight: t.other }),
      };
    },
    { y: dy, z: dz },
    profile,
  );
  const shape = { rows, experts, topK, inputs: d, hidden, activation };
  const want = [0, 1].map((r) => {
    const at = (name: keyof typeof inputs) => doubles(inputs[name])[r]!;
    const biases = biased ? { b1: at('b1'), b2: at('b2') } : {};
    const operands = { x: at('x'), w1: at('w1'), w2: at('w2'), residual: at('residual'), ...biases };
    const routing = { experts: ids[r]!, gates: at('gates'), visits: countVisits(ids[r]!, experts) };
    const gradients = groupedExpertsBackward(operands, routing, doubles(dy)[r]!, shape);
    const dxOther = matmul(doubles(dz)[r]!, at('other'), { m: rows, n: d, k: d, transposeB: true });
    const dx = gradients.dx.map((value, i) => value + dxOther[i]!);
    return { visits: routing.visits, y: groupedExperts(operands, routing, shape), ...gradients, dx };
  });
  const of = (name: 'y' | 'dx' | 'dgates' | 'dw1' | 'dw2' | 'db1' | 'db2') => want.map((values) => values[name]);
  // Two products in a row, k of them added; near its zeros GELU adds some ten roundings of its own.
  const terms = d + hidden + topK + 20;
  expectClose(run.outputs.y, of('y'), terms);
  expectClose(run.gradients.x, of('dx'), terms + d);
  expectClose(run.gradients.gates, of('dgates'), terms + d);
  expectClose(
    run.gradients.residual,
    [0, 1].map((r) => doubles(dy)[r]!),
    0,
  );
  expectClose(run.gradients.w2, of('dw2'), terms + slots);
  expectClose(run.gradients.w1, of('dw1'), terms + slots);
  if (biased) {
    expectClose(run.gradients.b2, of('db2'), terms + slots);
    expectClose(run.gradients.b1, of('db1'), terms + slots);
  }
  // What nobody visits has a gradient of exactly zero.
  want.forEach(({ visits }, r) => {
    for (const [e, count] of visits.entries()) {
      if (count > 0) continue;
      for (const gradient of [run.gradients.w1, run.gradients.w2]) {
        const size = d * hidden;
        expect(gradient![r]!.slice(e * size, (e + 1) * size).every((value) => value === 0)).toBe(true);
      }
    }
  });
});
