/** The whole sparse layer in place of an MLP: router or table, then the experts, which add to the residual. */
import type { Router } from '../../src/config/run-spec';
import { accumulate, groupedExperts, groupedExpertsBackward } from './experts';
import type { ExpertsGradients, ExpertsOperands, ExpertsShape } from './experts';
import { matmul, matmulBackward } from './linear';
import { route, routerBackward, tableRouting } from './router';
import type { LogitStatistics, RouterLosses, Routing } from './router';

export interface MoeShape extends ExpertsShape {
  router: Router;
}

export interface MoeOperands extends ExpertsOperands {
  /** [d, width], unless a table chooses. */
  routerWeight?: Float64Array;
  /** [E], 0 unless the bias method moves it. */
  routerBias?: Float64Array;
  /** [rows, k]: what a table chose. */
  assigned?: Uint32Array;
}

export interface MoeResult extends Routing, Partial<LogitStatistics> {
  /** [rows, d] */
  y: Float64Array;
  /** [rows, width], unless a table chose; so `probabilities` and `lse`. */
  logits?: Float64Array;
}

/** The whole layer: router or table, then the experts. */
export function moe(operands: MoeOperands, shape: MoeShape): MoeResult {
  const { x, routerWeight, assigned } = operands;
  if (!routerWeight) {
    if (!assigned) throw new Error('A sparse layer needs a router or a table.');
    const routing = tableRouting(assigned, shape);
    return { ...routing, y: groupedExperts(operands, routing, shape) };
  }
  const { rows, inputs } = shape;
  const logits = matmul(x, routerWeight, { m: rows, n: routerWeight.length / inputs, k: inputs });
  const routing = route(logits, operands.routerBias ?? new Float64Array(shape.experts), shape);
  return { ...routing, logits, y: groupedExperts(operands, routing, shape) };
}

/**
 * Gradients of the layer. dx has the way through the logits in it, unless the router is a table or `frozen-detached`;
 * `drouter` [d, width] is there for a learned router only. The residual's gradient is dy itself.
 */
export function moeBackward(
  operands: MoeOperands,
  result: MoeResult,
  dy: Float64Array,
  losses: RouterLosses,
  shape: MoeShape,
): ExpertsGradients & { dlogits?: Float64Array; drouter?: Float64Array } {
  const { x, routerWeight } = operands;
  const { rows, inputs, router } = shape;
  const grads = groupedExpertsBackward(operands, result, dy, shape);
  if (!routerWeight || !result.logits || router === 'frozen-detached') return grads;
  const dlogits = routerBackward(result.logits, result, grads.dgates, losses, shape);
  const product = { m: rows, n: routerWeight.length / inputs, k: inputs };
  const { da, db } = matmulBackward(x, routerWeight, dlogits, product);
  accumulate(grads.dx, da);
  return { ...grads, dlogits, ...(router === 'learned' && { drouter: db }) };
}
