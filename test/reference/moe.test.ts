/** The sparse layer: choices by hand, gradients against central differences, and what each router leaves out. */
import { describe, expect, it } from 'vitest';
import { dot, expectGradient } from './expect-gradient';
import { maskedExperts } from './masked-experts';
import * as ops from './ops';
import { randomIntegers, randomNormals } from './random';

const [ROWS, D, F, E, WIDTH] = [9, 6, 5, 5, 8];
const losses: ops.RouterLosses = { balanceLoss: 0.3, zLoss: 0.2 };

function shapeOf(topK: number, changes: Partial<ops.MoeShape> = {}): ops.MoeShape {
  return { rows: ROWS, inputs: D, hidden: F, experts: E, topK, activation: 'gelu', router: 'learned', ...changes };
}

/** Every operand random; columns of the router behind the last expert 0, as they are initialised. */
function operandsOf(biased = true): ops.MoeOperands & { routerWeight: Float64Array } {
  return {
    x: randomNormals(ROWS * D, 1),
    residual: randomNormals(ROWS * D, 2),
    routerWeight: randomNormals(D * WIDTH, 3).map((z, i) => (i % WIDTH < E ? z : 0)),
    routerBias: randomNormals(E, 4),
    w1: randomNormals(E * D * F, 5),
    w2: randomNormals(E * F * D, 6),
    ...(biased && { b1: randomNormals(E * F, 7), b2: randomNormals(E * D, 8) }),
  };
}

const dy = randomNormals(ROWS * D, 9);

/** What the layer's backward differentiates: dy·y and the router's losses. */
function objective(operands: ops.MoeOperands, shape: ops.MoeShape): number {
  const { y, visits, probabilities, lse } = ops.moe(operands, shape);
  const extra = probabilities && lse ? ops.routerLoss({ visits, probabilities, lse }, losses, shape) : 0;
  return dot(y, dy) + extra;
}

function expectSame(a: Float64Array, b: Float64Array): void {
  expect(a).toHaveLength(b.length);
  expect(Math.max(...a.map((value, i) => Math.abs(value - b[i]!)))).toBeLessThan(1e-13);
}

describe('route', () => {
  const zeros = new Float64Array(4);
  const shape = { rows: 2, experts: 4, topK: 2 };

  it('chooses the highest logits, in descending order', () => {
    const logits = Float64Array.of(0, Math.log(3), -1, Math.log(5), 2, -2, 1, 0);
    const { experts, gates, visits } = ops.route(logits, zeros, shape);
    expect([...experts]).toEqual([3, 1, 0, 2]);
    const want = [5 / 8, 3 / 8, 1 / (1 + Math.exp(-1)), 1 / (1 + Math.exp(1))];
    for (const [i, gate] of gates.entries()) expect(gate).toBeCloseTo(want[i]!, 14);
    expect([...visits]).toEqual([1, 1, 1, 1]);
  });

  it('prefers the lowest index among equals, also after the bias', () => {
    const logits = Float64Array.of(7, 7, 7, 7, 1, 2, 2, 1);
    expect([...ops.route(logits, zeros, shape).experts]).toEqual([0, 1, 1, 2]);
    expect([...ops.route(logits, Float64Array.of(1, 0, 0, 1), shape).experts]).toEqual([0, 3, 0, 1]);
  });

  it('lets the bias choose, but not weigh', () => {
    const logits = Float64Array.of(0, Math.log(3), -1, Math.log(5), 2, -2, 1, 0);
    const bias = Float64Array.of(0, 1, 0, 0);
    const { experts, gates, lse } = ops.route(logits, bias, shape);
    expect([...experts]).toEqual([1, 3, 0, 2]);
    expect(gates[0]).toBeCloseTo(3 / 8, 14);
    expectSame(lse, ops.route(logits, zeros, shape).lse);
    const single = ops.route(logits, bias, { ...shape, topK: 1 });
    expect([...single.experts]).toEqual([1, 0]);
    expect(single.gates[0]).toBeCloseTo(3 / (1 + 3 + Math.exp(-1) + 5), 14);
  });

  it('does not read the padding', () => {
    const logits = randomNormals(ROWS * WIDTH, 1);
    const moved = logits.map((value, i) => (i % WIDTH < E ? value : 99));
    const none = new Float64Array(E);
    expect(ops.route(moved, none, shapeOf(2))).toEqual(ops.route(logits, none, shapeOf(2)));
  });

  it('survives logits of any size', () => {
    const { gates, lse } = ops.route(Float64Array.of(1000, -1000, 999, 0), zeros, { ...shape, rows: 1 });
    expect(gates[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
    expect(lse[0]).toBeCloseTo(1000 + Math.log(1 + Math.exp(-1)), 12);
  });
});

describe('routerLoss', () => {
  it('of balance is 1 where visits and probabilities are even, and E where one expert has all', () => {
    const shape = { rows: 4, experts: 4, topK: 1 };
    const even = { probabilities: new Float64Array(16).fill(1 / 4), lse: new Float64Array(4) };
    const balance = { balanceLoss: 1, zLoss: 0 };
    expect(ops.routerLoss({ ...even, visits: Uint32Array.of(1, 1, 1, 1) }, balance, shape)).toBeCloseTo(1, 14);
    const probabilities = Float64Array.from({ length: 16 }, (_, i) => (i % 4 === 2 ? 1 : 0));
    const all = { probabilities, lse: new Float64Array(4), visits: Uint32Array.of(0, 0, 4, 0) };
    expect(ops.routerLoss(all, balance, shape)).toBeCloseTo(4, 14);
  });

  it('of z is the mean square of lse', () => {
    const kept = { probabilities: new Float64Array(2), lse: Float64Array.of(1, 3), visits: Uint32Array.of(2) };
    expect(ops.routerLoss(kept, { balanceLoss: 0, zLoss: 0.1 }, { rows: 2, experts: 1, topK: 1 })).toBeCloseTo(0.5, 14);
  });
});

it('a router bias falls for an expert above the mean, rises below it and rests at it', () => {
  const bias = Float64Array.of(0, 1, -1, 0.5);
  ops.updateRouterBias(bias, Uint32Array.of(7, 4, 1, 4), 0.25);
  expect([...bias]).toEqual([-0.25, 1, -0.75, 0.5]);
});

describe.each([1, 2, 3, 5])('a learned router with k %i', (topK) => {
  describe.each([
    ['gelu', true],
    ['relu', false],
  ] as const)('with %s, biases: %s', (activation, biased) => {
    const shape = shapeOf(topK, { activation });
    const operands = operandsOf(biased);
    const result = ops.moe(operands, shape);
    const grads = ops.moeBackward(operands, result, dy, losses, shape);

    it('has the gradients of all that it reads', () => {
      const moved = (name: keyof ops.MoeOperands) => (value: Float64Array) =>
        objective({ ...operands, [name]: value }, shape);
      expectGradient(grads.dx, moved('x'), operands.x);
      expectGradient(dy, moved('residual'), operands.residual!);
      expectGradient(grads.drouter!, moved('routerWeight'), operands.routerWeight);
      expectGradient(grads.dw1, moved('w1'), operands.w1);
      expectGradient(grads.dw2, moved('w2'), operands.w2);
      if (!biased) return;
      expectGradient(grads.db1, moved('b1'), operands.b1!);
      expectGradient(grads.db2, moved('b2'), operands.b2!);
    });

    it('has the gradients of gates and logits', () => {
      const withGates = (gates: Float64Array) => dot(ops.groupedExperts(operands, { ...result, gates }, shape), dy);
      expectGradient(grads.dgates, withGates, result.gates);
      const bias = operands.routerBias!;
      const withLogits = (logits: Float64Array) => {
        const routing = ops.route(logits, bias, shape);
        return dot(routing.gates, grads.dgates) + ops.routerLoss(routing, losses, shape);
      };
      expectGradient(grads.dlogits!, withLogits, result.logits!);
    });

    it('is what all experts give with those that were not chosen masked', () => {
      const masked = maskedExperts(operands, result, dy, shape);
      expectSame(result.y, masked.y);
      const routed = ops.groupedExpertsBackward(operands, result, dy, shape);
      for (const name of ['dx', 'dgates', 'dw1', 'db1', 'dw2', 'db2'] as const) expectSame(routed[name], masked[name]);
    });
  });
});

describe('the sparse layer', () => {
  it('with one expert is the MLP, bit for bit', () => {
    const shape = shapeOf(1, { experts: 1 });
    const { w1, b1, w2, b2, x, residual, routerWeight } = operandsOf();
    const first = { w1: w1.slice(0, D * F), b1: b1!.slice(0, F), w2: w2.slice(0, F * D), b2: b2!.slice(0, D) };
    const operands = { ...first, x, residual, routerWeight };
    const result = ops.moe(operands, shape);
    const grads = ops.moeBackward(operands, result, dy, { balanceLoss: 0.3, zLoss: 0 }, shape);

    const up = { x, weight: first.w1, bias: first.b1 };
    const upShape = { rows: ROWS, inputs: D, outputs: F, activation: 'gelu' } as const;
    const down = { x: ops.linear(up, upShape), weight: first.w2, bias: first.b2, residual };
    const downShape = { rows: ROWS, inputs: F, outputs: D };
    const below = ops.linearBackward(down, dy, downShape);
    const above = ops.linearBackward(up, below.dx, upShape);
    expect(result.y).toEqual(ops.linear(down, downShape));
    expect([grads.dw2, grads.db2]).toEqual([below.dweight, below.dbias]);
    expect([grads.dx, grads.dw1, grads.db1]).toEqual([above.dx, above.dweight, above.dbias]);
    expect(grads.drouter!.every((value) => value === 0)).toBe(true);
  });

  it('gives an expert that nobody visits no gradient at all, and the padding none either', () => {
    const shape = shapeOf(2);
    const operands = { ...operandsOf(), routerBias: Float64Array.of(0, 0, -1e9, 0, -1e9) };
    const result = ops.moe(operands, shape);
    expect([result.visits[2], result.visits[4]]).toEqual([0, 0]);
    const grads = ops.moeBackward(operands, result, dy, losses, shape);
    for (const grad of [grads.dw1, grads.db1, grads.dw2, grads.db2]) {
      const size = grad.length / E;
      const largest = Array.from({ length: E }, (_, e) =>
        Math.max(...grad.slice(e * size, (e + 1) * size).map(Math.abs)),
      );
      expect(largest.map((value) => value > 0)).toEqual([true, true, false, true, false]);
    }
    // Balance and z push on its probability all the same, but on no padding.
    for (const grad of [grads.drouter!, grads.dlogits!]) {
      expect(grad.every((value, i) => (value === 0) === i % WIDTH >= E)).toBe(true);
    }
  });

  it('with a frozen router moves the input through the logits, but not the matrix', () => {
    const shape = shapeOf(2, { router: 'frozen' });
    const operands = operandsOf();
    const result = ops.moe(operands, shape);
    const grads = ops.moeBackward(operands, result, dy, losses, shape);
    expect(grads.drouter).toBeUndefined();
    expectGradient(grads.dx, (x) => objective({ ...operands, x }, shape), operands.x);
  });

  it('with a detached router takes its gates as given', () => {
    const shape = shapeOf(2, { router: 'frozen-detached' });
    const operands = operandsOf();
    const result = ops.moe(operands, shape);
    expect(result.gates).toEqual(ops.moe(operands, shapeOf(2)).gates);
    const grads = ops.moeBackward(operands, result, dy, losses, shape);
    expect([grads.drouter, grads.dlogits]).toEqual([undefined, undefined]);
    const given = (x: Float64Array) => dot(ops.groupedExperts({ ...operands, x }, result, shape), dy);
    expectGradient(grads.dx, given, operands.x);
    expectSame(grads.dx, ops.groupedExpertsBackward(operands, result, dy, shape).dx);
  });

  it('with a table visits what the table says, with equal gates', () => {
    const shape = shapeOf(2, { router: 'token-table' });
    const { routerWeight: _weight, routerBias: _bias, ...rest } = operandsOf();
    const first = randomIntegers(ROWS, E, 1);
    const assigned = Uint32Array.from([...first].flatMap((e) => [e, (e + 2) % E]));
    const operands = { ...rest, assigned };
    const result = ops.moe(operands, shape);
    expect(result.experts).toEqual(assigned);
    expect([...new Set(result.gates)]).toEqual([0.5]);
    expect([result.logits, result.lse, result.probabilities]).toEqual([undefined, undefined, undefined]);
    const grads = ops.moeBackward(operands, result, dy, losses, shape);
    expectGradient(grads.dx, (x) => objective({ ...operands, x }, shape), operands.x);
    expectGradient(grads.dw1, (w1) => objective({ ...operands, w1 }, shape), operands.w1);
    expect([grads.drouter, grads.dlogits]).toEqual([undefined, undefined]);
  });
});
