/** Single kernels at the shapes of step S, and the square product that other libraries are measured on. */
import type { Ceilings, KernelFigures } from '../bench-result';
import type { Allocator } from '../gpu/allocator';
import type { KernelProfile } from '../gpu/profile';
import { attention } from '../ops/attention';
import { crossEntropy } from '../ops/cross-entropy';
import { layernorm } from '../ops/layernorm';
import { linear } from '../ops/linear';
import { buildPlan } from '../plan/build';
import { PlanBuilder } from '../plan/builder';
import { bytesMoved } from '../plan/plan';
import { Replay } from '../plan/replay';
import type { Tensor } from '../plan/tensor';
import { shareOfLimit } from './ceilings';
import { noise } from './noise';
import { Parameters } from './parameters';
import { medianTime, rounded, timeReplay } from '../plan/timing';

export interface Case {
  shape: string;
  /** What takes a gradient from outside, if anything does. */
  build: (b: PlanBuilder, parameter: (name: string, ...shape: number[]) => Tensor) => Tensor | undefined;
}

/** A matrix product and its gradients: dispatches `product`, `backward / product dW` and `backward / product dx`. */
export function product(rows: number, inputs: number, outputs: number): Case {
  return {
    shape: `${rows} × ${inputs} × ${outputs}`,
    build: (b, parameter) =>
      linear(b, 'product', parameter('x', rows, inputs), { weight: parameter('w', inputs, outputs) }),
  };
}

/** Width 64, 1,024 tokens: projections, both halves of the MLP, attention of four heads, norm, loss. */
const CASES: Case[] = [
  product(512, 512, 512),
  product(1024, 64, 192),
  product(1024, 64, 64),
  product(1024, 64, 256),
  product(1024, 256, 64),
  { shape: '16 × 64, 4 heads of 16', build: (b, p) => attention(b, p('qkv', 1024, 192), 16, 64, 4) },
  {
    shape: '1024 × 64',
    build: (b, p) => layernorm(b, 'norm', p('x', 1024, 64), p('weight', 64), p('bias', 64)),
  },
  {
    shape: '1024 × 64',
    build: (b, p) => {
      b.keep(crossEntropy(b, p('logits', 1024, 64), b.slab('targets', 'state', [1024]), 1024));
      return undefined;
    },
  },
];

/** A case on buffers of its own, ready for each of its dispatches to be timed. */
export async function caseReplay(allocator: Allocator, profile: KernelProfile, { build }: Case) {
  const b = new PlanBuilder(1, true, profile);
  const parameters = new Parameters(b);
  const y = build(b, (name, ...of) => parameters.next(name, ...of));
  if (y) {
    b.keep(y);
    b.passGradient(y, b.slab('dy', 'm', y.shape));
  }
  b.differentiate();
  const plan = buildPlan(b);
  const buffers = {
    params: allocator.upload('params', noise(parameters.words)),
    grads: allocator.storage('grads', parameters.words * 4),
    m: allocator.upload('dy', noise(y?.size ?? 4)),
    state: allocator.storage('targets', 4096),
  };
  const replay = await Replay.create(allocator, plan, buffers);
  const destroy = (): void => {
    replay.destroy();
    for (const buffer of Object.values(buffers)) allocator.destroy(buffer);
  };
  return { plan, replay, destroy };
}

export async function measureKernels(
  allocator: Allocator,
  profile: KernelProfile,
  ceilings: Ceilings,
  rounds: number,
  log: (what: string) => void,
): Promise<KernelFigures[]> {
  const { device } = allocator;
  const figures: KernelFigures[] = [];
  for (const each of CASES) {
    const { shape } = each;
    const { plan, replay, destroy } = await caseReplay(allocator, profile, each);
    await timeReplay(device, replay);
    for (const [index, dispatch] of plan.dispatches.entries()) {
      log(`${dispatch.label}, ${shape}`);
      const milliseconds = await medianTime(device, replay, rounds, index);
      const [flops, bytes] = [dispatch.flops, bytesMoved(dispatch)];
      figures.push({
        ...{ name: dispatch.label, shape, profile, milliseconds: rounded(milliseconds) },
        ...{ gflops: rounded(flops / milliseconds / 1e6), gbps: rounded(bytes / milliseconds / 1e6) },
        share: shareOfLimit(ceilings, flops, bytes, milliseconds),
      });
    }
    destroy();
  }
  return figures;
}
