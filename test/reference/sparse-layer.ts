/** A sparse decoder's experts by the names of its parameters, and what they need in a step beside the weights. */
import type { Hyper, StaticConfig } from '../../src/config/run-spec';
import { expertTable, tableKeys } from '../../src/nn/expert-tables';
import { moe, moeBackward, type MoeOperands, type MoeResult, type MoeShape } from './moe';
import { routerLoss, type RouterLosses } from './router';

/** What a sparse model needs in a step beside its weights; empty lists in a dense one. */
export interface SparseInputs extends RouterLosses {
  /** [E] of each layer: what the bias method has made of them so far. */
  routerBiases: Float64Array[];
  /** [keys, k] of each layer, where a table takes the router's place. */
  tables: Uint32Array[];
}

/** Router biases at the start of a run: 0, for each layer [E]. */
export function initialRouterBiases({ model }: StaticConfig): Float64Array[] {
  const { moe: sparse } = model;
  return sparse ? Array.from({ length: model.nLayers }, () => new Float64Array(sparse.nExperts)) : [];
}

/** Those of a run with these biases; its tables are fixed by the seed. */
export function sparseInputs(
  config: StaticConfig,
  { seed, balanceLoss, zLoss }: Hyper,
  routerBiases = initialRouterBiases(config),
): SparseInputs {
  const layers = tableKeys(config) > 0 ? config.model.nLayers : 0;
  const tables = Array.from({ length: layers }, (_, layer) => expertTable(config, seed, layer));
  return { balanceLoss, zLoss, routerBiases, tables };
}

/** Row of the table that row r of a batch looks up. */
function tableKey({ model, seqLen, source }: StaticConfig, inputs: Uint32Array, r: number): number {
  if (model.moe?.router === 'token-table') return inputs[r]!;
  if (model.moe?.router === 'position-table') return r % seqLen;
  return inputs[r - (r % seqLen)]! - source.vocabSize; // the tag that the document begins with
}

export interface SparseLayer extends MoeResult {
  /** What the router's losses add to the loss that is differentiated; 0 without a gradient through the logits. */
  extraLoss: number;
  /** Gradient of x; gradients of the weights go to `grads`. */
  backward(dy: Float64Array, grads: Map<string, Float64Array>): Float64Array;
}

/** Experts of one layer: x is what its second norm gives, `inputs` the batch's tokens [B·T]. */
export function sparseLayer(
  config: StaticConfig,
  weights: Map<string, Float64Array>,
  sparse: SparseInputs,
  layer: number,
  inputs: Uint32Array,
  x: Float64Array,
  residual: Float64Array,
): SparseLayer {
  const { dModel: d, dFf, activation } = config.model;
  const { nExperts, topK, router } = config.model.moe!;
  const name = `layers.${layer}`;
  const rows = inputs.length;
  const shape: MoeShape = { rows, inputs: d, hidden: dFf, experts: nExperts, topK, activation, router };
  const table = sparse.tables[layer];
  const assigned =
    table &&
    Uint32Array.from({ length: rows * topK }, (_, i) => {
      return table[tableKey(config, inputs, Math.floor(i / topK)) * topK + (i % topK)]!;
    });
  const operands: MoeOperands = {
    x,
    residual,
    assigned,
    routerWeight: weights.get(`${name}.router.weight`),
    routerBias: sparse.routerBiases[layer],
    w1: weights.get(`${name}.fc1.weight`)!,
    b1: weights.get(`${name}.fc1.bias`),
    w2: weights.get(`${name}.fc2.weight`)!,
    b2: weights.get(`${name}.fc2.bias`),
  };
  const result = moe(operands, shape);
  const { visits, probabilities, lse } = result;
  const pushed = probabilities && lse && router !== 'frozen-detached';
  return {
    ...result,
    extraLoss: pushed ? routerLoss({ visits, probabilities, lse }, sparse, shape) : 0,
    backward(dy, grads) {
      const { dx, dw1, db1, dw2, db2, drouter } = moeBackward(operands, result, dy, sparse, shape);
      // In the dense layer's order, so that the norm of all gradients sums alike.
      grads.set(`${name}.fc2.weight`, dw2);
      if (operands.b2) grads.set(`${name}.fc2.bias`, db2);
      grads.set(`${name}.fc1.weight`, dw1);
      if (operands.b1) grads.set(`${name}.fc1.bias`, db1);
      const { routerWeight } = operands;
      if (routerWeight) grads.set(`${name}.router.weight`, drouter ?? new Float64Array(routerWeight.length));
      return dx;
    },
  };
}
