import hyperLibrary from '../../shaders/lib/hyper.wgsl?raw';
import layout from '../../shaders/lib/layout.wgsl?raw';
import source from '../../shaders/router.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import type { PlanBuilder } from '../plan/builder';
import { rows as rowsOf, type Tensor } from '../plan/tensor';
import { once } from './once';
import { route, type TiledRoutes } from './route';

const kernel = defineKernel('router', layout, hyperLibrary, source);

/** Which experts every row visits, with which weights, and the rows sorted by expert. */
export interface Choice {
  /** `[rows·k]`: slot r·k + j holds the j-th expert of row r. */
  experts: Tensor;
  /** `[rows·k]`: the weight of that expert's output. */
  gates: Tensor;
  routes: TiledRoutes;
  /** `[rows]`: entropy of the router's probabilities, nats; only where nothing is trained. */
  entropy?: Tensor;
}

export interface RouterOptions {
  nExperts: number;
  topK: number;
  /** Rows of a tile of the experts' products. */
  tile: number;
  /** `[R, 64]` hyper rows, with the weights of the losses. */
  hyper: Tensor;
  /** `[64]`: biases of the choice, which a training step moves. */
  biases: Tensor;
  /** Whether anything flows back into the logits. */
  trained: boolean;
}

/** Chooses experts by logits `[rows, E rounded up to 4]`. shaders/router.wgsl has the formulas. */
export function router(b: PlanBuilder, logits: Tensor, options: RouterOptions): Choice {
  const { nExperts, topK, tile, hyper, biases, trained } = options;
  const rows = rowsOf(logits);
  const constants = { EXPERTS: nExperts, TOP_K: topK };
  const experts = b.tensor('experts', [rows * topK]);
  const gates = b.tensor('gates', [rows * topK]);
  const lse = b.tensor('lse', [rows]);
  const entropy = b.training ? undefined : b.tensor('router entropy', [rows]);
  b.dispatch(kernel, 'forward', { logits, biases, experts, gates, lse, ...(entropy && { entropy }) }, { rows }, rows, {
    label: 'router',
    constants: { ...constants, ENTROPY: entropy !== undefined },
    flops: rows * nExperts * 4,
  });
  const routes = route(b, experts, nExperts, tile);
  if (trained) {
    b.backward(gates, (dgates) => {
      const dlogits = once(b.grad(logits));
      b.dispatch(
        kernel,
        'backward',
        {
          ...{ logits, chosen: experts, saved_lse: lse, dgates, offsets: routes.offsets, hyper, dlogits },
          moved_biases: biases,
        },
        { rows },
        rows,
        { label: 'router', constants, flops: rows * nExperts * 8 },
      );
    });
  }
  return { experts, gates, routes, ...(entropy && { entropy }) };
}
