/**
 * A sparse layer against the dense one of equal active FLOPs, forward and backward: width 64, 1,024 tokens, GELU and
 * biases; each of k of E experts has 1/k of the dense hidden width. The router, its losses and routing are included.
 */
import type { MoeFigures } from '../bench-result';
import { groupedTile, type KernelProfile } from '../gpu/profile';
import { median } from '../math/statistics';
import { linear } from '../ops/linear';
import { mlp } from '../ops/mlp';
import { router } from '../ops/router';
import { sparseMlp } from '../ops/sparse-mlp';
import { buildPlan } from '../plan/build';
import { PlanBuilder } from '../plan/builder';
import { Replay } from '../plan/replay';
import type { Tensor } from '../plan/tensor';
import { noise } from './noise';
import { Parameters } from './parameters';
import type { Measuring } from './steps';
import { rounded, timeReplay } from '../plan/timing';

const [ROWS, D, HIDDEN] = [1024, 64, 256];

interface Layer {
  /** 0: dense. */
  experts: number;
  topK: number;
}

const LAYERS: Layer[] = [
  { experts: 0, topK: 0 },
  { experts: 8, topK: 2 },
  { experts: 8, topK: 1 },
  { experts: 32, topK: 2 },
  { experts: 64, topK: 2 },
];

/** The layer's plan, its parameters in the slabs `params` and `grads`, the gradient of its output in `m`. */
function layerPlan({ experts, topK }: Layer, profile: KernelProfile, bundled: boolean) {
  const b = new PlanBuilder(1, true, profile, bundled);
  const parameters = new Parameters(b);
  const parameter = (name: string, ...shape: number[]): Tensor => parameters.next(name, ...shape);
  const x = parameter('x', ROWS, D);
  const residual = parameter('residual', ROWS, D);
  const each = experts > 0 ? [experts] : [];
  const hidden = experts > 0 ? HIDDEN / topK : HIDDEN;
  const up = { weight: parameter('w1', ...each, D, hidden), bias: parameter('b1', ...each, hidden) };
  const down = { weight: parameter('w2', ...each, hidden, D), bias: parameter('b2', ...each, D) };
  let y: Tensor;
  if (experts === 0) y = mlp(b, x, up, down, 'gelu', residual);
  else {
    const weight = parameter('router', D, experts);
    const choice = router(b, linear(b, 'router logits', x, { weight }), {
      ...{ nExperts: experts, topK, tile: groupedTile(profile, ROWS * topK, experts), trained: true },
      ...{ hyper: b.slab('hyper', 'hyper', [64]), biases: b.slab('biases', 'biases', [64]) },
    });
    y = sparseMlp(b, x, { routes: choice.routes, topK, gates: choice.gates }, up, down, 'gelu', residual);
  }
  // Nobody reads it here, and what nobody reads is not computed: the dense layer would go without its second product.
  b.keep(y);
  b.passGradient(y, b.slab('dy', 'm', [ROWS, D]));
  b.differentiate();
  return { plan: buildPlan(b), words: parameters.words };
}

export async function measureMoe({ allocator, profile, bundled, rounds, log }: Measuring): Promise<MoeFigures[]> {
  const { device } = allocator;
  const layers = [];
  for (const layer of LAYERS) {
    log(layer.experts > 0 ? `${layer.experts} experts, top ${layer.topK}` : 'dense layer');
    const { plan, words } = layerPlan(layer, profile, bundled);
    const buffers = {
      params: allocator.upload('params', noise(words)),
      grads: allocator.storage('grads', words * 4),
      m: allocator.upload('m', noise(ROWS * D)),
      hyper: allocator.storage('hyper', 256),
      biases: allocator.storage('biases', 256),
    };
    const replay = await Replay.create(allocator, plan, buffers);
    await timeReplay(device, replay);
    layers.push({ layer, buffers, replay, times: new Array<number>() });
  }
  // Round by round, so that what else the machine does meets all of them alike.
  for (let round = 0; round < rounds; round++) {
    for (const { replay, times } of layers) times.push(await timeReplay(device, replay));
  }
  const dense = layers[0]!.times;
  return layers.map(({ layer, buffers, replay, times }) => {
    replay.destroy();
    for (const buffer of Object.values(buffers)) allocator.destroy(buffer);
    return {
      ...layer,
      milliseconds: rounded(median(times)),
      ratioToDense: rounded(median(times.map((time, round) => time / dense[round]!)), 3),
    };
  });
}
