/** The experts of a sparse layer (Shazeer et al. 2017): MLPs of which each row visits those that were chosen for it. */
import { linear, linearBackward } from './linear';
import type { RouterShape, Routing } from './router';

export interface ExpertsShape extends RouterShape {
  /** d */
  inputs: number;
  /** dFf, of each expert */
  hidden: number;
  activation: 'relu' | 'gelu';
}

export interface ExpertsWeights {
  /** [E, d, dFf] */
  w1: Float64Array;
  /** [E, dFf] */
  b1?: Float64Array;
  /** [E, dFf, d] */
  w2: Float64Array;
  /** [E, d] */
  b2?: Float64Array;
}

export interface ExpertsOperands extends ExpertsWeights {
  /** [rows, d] */
  x: Float64Array;
  /** [rows, d] */
  residual?: Float64Array;
}

export interface ExpertsGradients {
  /** [rows, d] */
  dx: Float64Array;
  /** [rows, k]: dy · what the expert made of the row */
  dgates: Float64Array;
  dw1: Float64Array;
  db1: Float64Array;
  dw2: Float64Array;
  db2: Float64Array;
}

/** Element e of a tensor [E, …] that is stored as a whole. */
function partOf(tensor: Float64Array, e: number, experts: number): Float64Array {
  const size = tensor.length / experts;
  return tensor.subarray(e * size, (e + 1) * size);
}

/** Both linear layers of expert e for one row, and their shapes. */
function visit(operands: ExpertsOperands, shape: ExpertsShape, r: number, e: number) {
  const { inputs, hidden, experts, activation } = shape;
  const part = (tensor: Float64Array) => partOf(tensor, e, experts);
  const upShape = { rows: 1, inputs, outputs: hidden, activation };
  const downShape = { rows: 1, inputs: hidden, outputs: inputs };
  const { w1, b1, w2, b2 } = operands;
  const up = { x: operands.x.subarray(r * inputs, (r + 1) * inputs), weight: part(w1), bias: b1 && part(b1) };
  const down = { x: linear(up, upShape), weight: part(w2), bias: b2 && part(b2) };
  return { up, upShape, down, downShape, out: linear(down, downShape) };
}

/** a += b */
export function accumulate(a: Float64Array, b: Float64Array): void {
  for (let i = 0; i < b.length; i++) a[i]! += b[i]!;
}

/** y = residual + Σ over the visited experts of gate · (activation(x·W1 + b1)·W2 + b2); y [rows, d]. */
export function groupedExperts(operands: ExpertsOperands, routing: Routing, shape: ExpertsShape): Float64Array {
  const { inputs, topK } = shape;
  const y = operands.residual?.slice() ?? new Float64Array(operands.x.length);
  for (const [i, e] of routing.experts.entries()) {
    const r = Math.floor(i / topK);
    const { out } = visit(operands, shape, r, e);
    for (let c = 0; c < inputs; c++) y[r * inputs + c]! += routing.gates[i]! * out[c]!;
  }
  return y;
}

/** The residual's gradient is dy itself. */
export function groupedExpertsBackward(
  operands: ExpertsOperands,
  routing: Routing,
  dy: Float64Array,
  shape: ExpertsShape,
): ExpertsGradients {
  const { inputs, hidden, topK } = shape;
  const zeros = (n: number) => new Float64Array(n);
  const grads: ExpertsGradients = {
    dx: zeros(operands.x.length),
    dgates: zeros(routing.gates.length),
    dw1: zeros(operands.w1.length),
    db1: zeros(shape.experts * hidden),
    dw2: zeros(operands.w2.length),
    db2: zeros(shape.experts * inputs),
  };
  for (const [i, e] of routing.experts.entries()) {
    const r = Math.floor(i / topK);
    const { up, upShape, down, downShape, out } = visit(operands, shape, r, e);
    const dyRow = dy.subarray(r * inputs, (r + 1) * inputs);
    grads.dgates[i] = out.reduce((sum, value, c) => sum + value * dyRow[c]!, 0);
    const below = linearBackward(
      down,
      dyRow.map((value) => value * routing.gates[i]!),
      downShape,
    );
    const above = linearBackward(up, below.dx, upShape);
    accumulate(grads.dx.subarray(r * inputs, (r + 1) * inputs), above.dx);
    accumulate(partOf(grads.dw1, e, shape.experts), above.dweight);
    accumulate(partOf(grads.db1, e, shape.experts), above.dbias);
    accumulate(partOf(grads.dw2, e, shape.experts), below.dweight);
    accumulate(partOf(grads.db2, e, shape.experts), below.dbias);
  }
  return grads;
}
