/** Joint kernels compute what their parts compute, bit for bit. */
import { expect, test } from 'vitest';
import { embedding } from '../../src/ops/embedding';
import { linear } from '../../src/ops/linear';
import { rmsnorm } from '../../src/ops/rmsnorm';
import { bundle } from '../../src/plan/bundle';
import { randomIntegers } from '../reference/random';
import { asWords, normal, runOp, words } from '../ops/harness';

test('an embedding, a norm and a linear layer, forward and backward', async () => {
  const ids = words([26], ...[1, 2].map((stream) => randomIntegers(26, 20, stream)));
  const inputs = {
    ...{ ids, tokens: normal([20, 12], 1), positions: normal([13, 12], 2) },
    ...{ gain: normal([12], 3), weight: normal([12, 20], 4), bias: normal([20], 5) },
  };
  const run = (pass?: typeof bundle) =>
    runOp(
      inputs,
      (b, t) => ({
        y: linear(b, 'linear', rmsnorm(b, 'norm', embedding(b, t.ids, t.tokens, t.positions), t.gain), t),
      }),
      { y: normal([26, 20], 6) },
      'register',
      pass,
    );
  const [apart, together] = [await run(), await run(bundle)];
  expect(apart.plan.dispatches).toHaveLength(10);
  expect(together.plan.dispatches.map(({ label }) => label)).toEqual([
    'embedding',
    'norm + backward / linear dx',
    'linear + backward / linear dW',
    'backward / norm dweight + backward / norm dx',
    'backward / route',
    'backward / d token embedding + backward / d position embedding',
  ]);
  expect(asWords(together.outputs.y)).toEqual(asWords(apart.outputs.y));
  for (const name of ['tokens', 'positions', 'gain', 'weight', 'bias'] as const) {
    expect(asWords(together.gradients[name]!), name).toEqual(asWords(apart.gradients[name]!));
  }
});
