/** The specialised text of a kernel computes what its plain text computes, bit for bit. */
import { expect, test } from 'vitest';
import type { Kernel } from '../../src/gpu/kernel';
import type { KernelProfile } from '../../src/gpu/profile';
import { specialise } from '../../src/gpu/specialise';
import { attention } from '../../src/ops/attention';
import { linear } from '../../src/ops/linear';
import { matmul } from '../../src/ops/matmul';
import { mlp } from '../../src/ops/mlp';
import type { PlanBuilder } from '../../src/plan/builder';
import type { Tensor } from '../../src/plan/tensor';
import { asWords, normal, PROFILES, runOp, type OpInput } from '../ops/harness';

/** A kernel whose loops `specialise` does not recognise, so that they stay loops over arrays. */
function plain({ name, source, files }: Kernel): Kernel {
  return { name: `plain ${name}`, source: source.replaceAll('for (', 'for  ('), files };
}

type Op<Name extends string> = (b: PlanBuilder, t: Record<Name, Tensor>) => { y: Tensor };

async function expectSameBits<Name extends string>(
  inputs: Record<Name, OpInput>,
  dy: OpInput,
  op: Op<Name>,
  profile?: KernelProfile,
) {
  const texts: string[] = [];
  const [specialised, looped] = [
    await runOp(inputs, op, { y: dy }, profile),
    await runOp(
      inputs,
      (b, t) => {
        const dispatch = b.dispatch.bind(b);
        b.dispatch = (kernel, ...rest) => {
          texts.push(specialise(plain(kernel).source, rest[4]?.constants));
          dispatch(plain(kernel), ...rest);
        };
        return op(b, t);
      },
      { y: dy },
      profile,
    ),
  ];
  expect(texts.every((text) => text.includes('for  ('))).toBe(true);
  expect(asWords(looped.outputs.y)).toEqual(asWords(specialised.outputs.y));
  for (const name of Object.keys(specialised.gradients) as Name[]) {
    expect(asWords(looped.gradients[name]!), name).toEqual(asWords(specialised.gradients[name]!));
  }
  return looped;
}

test.each(PROFILES)('%s: attention', async (profile) => {
  const qkv = normal([2 * 13, 3 * 24], 1);
  const op: Op<'qkv'> = (b, t) => ({ y: attention(b, t.qkv, 2, 13, 3) });
  const { gradients } = await expectSameBits({ qkv }, normal([26, 24], 2), op, profile);
  expect(gradients.qkv).toBeDefined();
});

// Panels are kernels of `subgroup` alone.
const inPanels = PROFILES.filter((profile) => profile === 'subgroup');
const PANELS = inPanels.flatMap((profile) => [false, true].map((transposeB) => ({ profile, transposeB })));

test.each(PANELS)('$profile: a product of rows in panels, transposed: $transposeB', async ({ profile, transposeB }) => {
  const inputs = { x: normal([37, 68], 1), w: normal(transposeB ? [36, 68] : [68, 36], 2) };
  const op: Op<'x' | 'w'> = (b, t) => {
    const y = b.tensor('y', [37, 36]);
    matmul(b, t.x, t.w, { tensor: y, accumulate: false }, { m: 37, n: 36, k: 68 }, { label: 'product', transposeB });
    b.backward(y, () => undefined);
    return { y };
  };
  await expectSameBits(inputs, normal([37, 36], 3), op, profile);
});

test('matmul with every epilogue', async () => {
  const inputs = {
    x: normal([37, 12], 1),
    w0: normal([12, 12], 2),
    residual: normal([37, 12], 8),
    w1: normal([12, 44], 3),
    b1: normal([44], 4),
    w2: normal([44, 12], 5),
    b2: normal([12], 6),
  };
  for (const activation of ['relu', 'gelu'] as const) {
    await expectSameBits(inputs, normal([37, 12], 7), (b, t) => {
      const x = linear(b, 'x', t.x, { weight: t.w0 });
      return { y: mlp(b, x, { weight: t.w1, bias: t.b1 }, { weight: t.w2, bias: t.b2 }, activation, t.residual) };
    });
  }
});

test.each([
  { transposeA: false, transposeB: false },
  { transposeA: false, transposeB: true },
  { transposeA: true, transposeB: false },
])('a product in workgroup memory, transposed: $transposeA, $transposeB', async ({ transposeA, transposeB }) => {
  const inputs = {
    x: normal(transposeA ? [268, 36] : [36, 268], 1),
    w: normal(transposeB ? [20, 268] : [268, 20], 2),
  };
  const op: Op<'x' | 'w'> = (b, t) => {
    const y = b.tensor('y', [36, 20]);
    const options = { label: 'product', transposeA, transposeB };
    matmul(b, t.x, t.w, { tensor: y, accumulate: false }, { m: 36, n: 20, k: 268 }, options);
    b.backward(y, () => undefined);
    return { y };
  };
  await expectSameBits(inputs, normal([36, 20], 3), op, 'workgroup');
});
