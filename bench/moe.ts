/**
 * A sparse layer against the dense one of equal active FLOPs, forward and backward: width 64, 1,024 tokens, GELU and
 * biases; each of k of E experts has 1/k of the dense hidden width. The router, its losses and routing are included.
 */
import { Allocator } from '../src/gpu/allocator';
import { openDevice } from '../src/gpu/device';
import { groupedTile, type KernelProfile } from '../src/gpu/profile';
import { linear } from '../src/ops/linear';
import { mlp } from '../src/ops/mlp';
import { router } from '../src/ops/router';
import { sparseMlp } from '../src/ops/sparse-mlp';
import { buildPlan } from '../src/plan/build';
import { PlanBuilder } from '../src/plan/builder';
import { Replay } from '../src/plan/replay';
import { partStride, sizeOf, type Tensor } from '../src/plan/tensor';
import { timeReplay } from './lib/ceiling';
import { median } from './lib/median';

const [ROWS, D, HIDDEN] = [1024, 64, 256];
const ROUNDS = 15;

interface Layer {
  name: string;
  experts: number;
  topK: number;
}

const LAYERS: Layer[] = [
  { name: 'dense', experts: 0, topK: 0 },
  { name: 'E 8, k 2', experts: 8, topK: 2 },
  { name: 'E 8, k 1', experts: 8, topK: 1 },
  { name: 'E 32, k 2', experts: 32, topK: 2 },
];

/** The layer's plan, its parameters in the slabs `params` and `grads`, the gradient of its output in `m`. */
function layerPlan({ experts, topK }: Layer, profile: KernelProfile) {
  const b = new PlanBuilder(1, true, profile);
  let words = 0;
  const parameter = (name: string, ...shape: number[]): Tensor => {
    const tensor = b.parameter(name, shape, words);
    words += partStride(sizeOf(shape));
    return tensor;
  };
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
  b.passGradient(y, b.slab('dy', 'm', [ROWS, D]));
  b.differentiate();
  return { plan: buildPlan(b), words };
}

/** Numbers that are spread like normal ones would be, closely enough for routing to be even. */
function noise(n: number): Float32Array<ArrayBuffer> {
  let state = 1;
  return Float32Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32 - 0.5) * 0.5;
  });
}

export async function measure(log: (line: string) => void): Promise<Record<string, string | number>[]> {
  const { device, info, profile } = await openDevice();
  log(info.name);
  const allocator = new Allocator(device);
  const layers = [];
  for (const layer of LAYERS) {
    const { plan, words } = layerPlan(layer, profile);
    const slabs = {
      params: allocator.upload('params', noise(words)),
      grads: allocator.storage('grads', words * 4),
      m: allocator.upload('m', noise(ROWS * D)),
      hyper: allocator.storage('hyper', 256),
      biases: allocator.storage('biases', 256),
    };
    const replay = await Replay.create(allocator, plan, slabs);
    await timeReplay(device, replay);
    layers.push({ layer, plan, replay, times: new Array<number>() });
  }
  // Round by round, so that what else the machine does meets all of them alike.
  for (let round = 0; round < ROUNDS; round++) {
    for (const { replay, times } of layers) times.push(await timeReplay(device, replay));
  }
  const dense = layers[0]!;
  return layers.map(({ layer, plan, times }) => ({
    layer: layer.name,
    ms: Number(median(times).toFixed(1)),
    'times dense': Number(median(times.map((time, round) => time / dense.times[round]!)).toFixed(2)),
    dispatches: plan.dispatches.length,
  }));
}
