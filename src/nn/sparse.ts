/** A layer of sparse experts: who chooses them, and what they compute. */
import type { Router, StaticConfig } from '../config/run-spec';
import { expertTable, type TableKey } from '../ops/expert-table';
import { groupedTile } from '../gpu/profile';
import { linear, type LinearParameters } from '../ops/linear';
import { router, type Choice } from '../ops/router';
import { sparseMlp } from '../ops/sparse-mlp';
import type { PlanBuilder } from '../plan/builder';
import { rows, type Tensor } from '../plan/tensor';

/** What routing reads besides the residual stream; all of it outlives the plan. */
export interface RoutingTensors {
  /** `[64]` hyper rows. */
  hyper: Tensor;
  /** Router biases of each layer, `[64]`. */
  biases: Tensor[];
  /** Fixed tables of each layer, `[keys, k]`; empty where a matrix chooses. */
  tables: Tensor[];
}

export interface SparseLayer {
  layer: number;
  /** `[rows, D]`, normalised. */
  x: Tensor;
  residual: Tensor;
  /** Token ids `[rows]`. */
  inputs: Tensor;
  /** `[D, E rounded up to 4]`; absent with a table. */
  routerWeight: Tensor | undefined;
  up: LinearParameters;
  down: LinearParameters;
}

const TABLE_KEYS: Partial<Record<Router, TableKey>> = {
  'token-table': 'token',
  'position-table': 'position',
  'topic-table': 'topic',
};

/** y `[rows, D]` and the choice that led to it. */
export function sparseLayer(
  b: PlanBuilder,
  config: StaticConfig,
  routing: RoutingTensors,
  { layer, x, residual, inputs, routerWeight, up, down }: SparseLayer,
): { y: Tensor; choice: Choice } {
  const { activation, moe } = config.model;
  const { nExperts, topK, router: kind } = moe!;
  const tile = groupedTile(b.profile, rows(x) * topK, nExperts);
  const key = TABLE_KEYS[kind];
  const choice = key
    ? expertTable(b, inputs, routing.tables[layer]!, {
        ...{ key, nExperts, tile },
        ...{ seqLen: config.seqLen, firstTopic: config.source.vocabSize },
      })
    : router(b, linear(b, 'router logits', x, { weight: routerWeight! }), {
        ...{ nExperts, topK, tile },
        ...{ hyper: routing.hyper, biases: routing.biases[layer]! },
        trained: kind !== 'frozen-detached',
      });
  const { gates, routes } = choice;
  return { y: sparseMlp(b, x, { routes, topK, gates }, up, down, activation, residual), choice };
}
