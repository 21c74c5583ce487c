/**
 * The same sum as in experts.ts, evaluated densely: every expert on every row, with a gate of 0 where it was not
 * chosen. What the two have in common is the linear layer.
 */
import type { ExpertsGradients, ExpertsOperands, ExpertsShape } from './experts';
import { linear, linearBackward } from './linear';
import type { Routing } from './router';

/** Where the gate of row r for expert e is in the list of gates; −1 if e was not chosen. */
function gateIndex({ experts }: Routing, { topK }: ExpertsShape, r: number, e: number): number {
  const j = experts.subarray(r * topK, (r + 1) * topK).indexOf(e);
  return j < 0 ? -1 : r * topK + j;
}

/** y [rows, d], and every gradient for a given dy. */
export function maskedExperts(
  operands: ExpertsOperands,
  routing: Routing,
  dy: Float64Array,
  shape: ExpertsShape,
): { y: Float64Array } & ExpertsGradients {
  const { rows, inputs, hidden, experts, activation } = shape;
  const y = operands.residual?.slice() ?? new Float64Array(rows * inputs);
  const dx = new Float64Array(rows * inputs);
  const dgates = new Float64Array(routing.gates.length);
  const parts: ReturnType<typeof linearBackward>[][] = [];
  for (let e = 0; e < experts; e++) {
    const part = (tensor: Float64Array) =>
      tensor.slice((e * tensor.length) / experts, ((e + 1) * tensor.length) / experts);
    const upShape = { rows, inputs, outputs: hidden, activation };
    const downShape = { rows, inputs: hidden, outputs: inputs };
    const { w1, b1, w2, b2 } = operands;
    const up = { x: operands.x, weight: part(w1), bias: b1 && part(b1) };
    const down = { x: linear(up, upShape), weight: part(w2), bias: b2 && part(b2) };
    const out = linear(down, downShape);
    const dout = dy.map((value, i) => {
      const gate = gateIndex(routing, shape, Math.floor(i / inputs), e);
      if (gate < 0) return 0;
      y[i]! += routing.gates[gate]! * out[i]!;
      dgates[gate]! += value * out[i]!;
      return value * routing.gates[gate]!;
    });
    const below = linearBackward(down, dout, downShape);
    const above = linearBackward(up, below.dx, upShape);
    for (const [i, value] of above.dx.entries()) dx[i]! += value;
    parts.push([above, below]);
  }
  const stacked = (layer: number, name: 'dweight' | 'dbias') =>
    Float64Array.from(parts.flatMap((both) => [...both[layer]![name]]));
  return {
    y,
    dx,
    dgates,
    dw1: stacked(0, 'dweight'),
    db1: stacked(0, 'dbias'),
    dw2: stacked(1, 'dweight'),
    db2: stacked(1, 'dbias'),
  };
}
