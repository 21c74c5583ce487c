import { describe, expect, it } from 'vitest';
import type { StaticConfig } from '../../src/config/run-spec';
import { topicTables, trainingBatch } from '../../src/data/topics';
import { elementCount, parameterList } from '../../src/nn/parameters';
import { raceConfig, raceHyper, smallConfig, smallSpec } from '../config/specs';
import { forwardBackward, joinDocuments, referenceWeights, trainReference, type Batch, type Tensors } from './decoder';
import { randomNormals } from './random';

function firstBatch(config: StaticConfig): Batch {
  return joinDocuments(trainingBatch(config, raceHyper, topicTables(config.source, raceHyper), 0, 1));
}

/** Initial weights, but with a head and biases that let every gradient through. */
function disturbedWeights(config: StaticConfig): Tensors {
  const weights = referenceWeights(config, 1);
  for (const [i, { name, init }] of parameterList(config).entries()) {
    if (init.kind !== 'constant') continue;
    const noise = randomNormals(weights.get(name)!.length, 100 + i);
    weights.set(
      name,
      noise.map((z) => init.value + 0.3 * z),
    );
  }
  return weights;
}

const configs: [string, StaticConfig][] = [
  ['rmsnorm, relu, no bias', { ...raceConfig(), batchSize: 2, seqLen: 9 }],
  ['layernorm, gelu, bias', { ...smallConfig(), batchSize: 2, seqLen: 7 }],
];

describe.each(configs)('the decoder with %s', (_name, config) => {
  it('starts at log V, where only the head has a gradient', () => {
    const { loss, grads } = forwardBackward(config, referenceWeights(config, 1), firstBatch(config));
    expect(loss).toBeCloseTo(Math.log(config.source.vocabSize), 14);
    for (const [name, grad] of grads) {
      expect(Math.max(...grad.map(Math.abs)) > 0, name).toBe(name === 'head.weight');
    }
  });

  it('has a gradient of the right shape for every parameter', () => {
    const { grads } = forwardBackward(config, referenceWeights(config, 1), firstBatch(config));
    expect(grads.size).toBe(parameterList(config).length);
    for (const spec of parameterList(config)) expect(grads.get(spec.name)).toHaveLength(elementCount(spec));
  });

  it('has the slope of the loss along a random direction of every tensor', () => {
    const weights = disturbedWeights(config);
    const batch = firstBatch(config);
    const { grads } = forwardBackward(config, weights, batch);
    const h = 1e-5;
    for (const [i, { name }] of parameterList(config).entries()) {
      const at = weights.get(name)!;
      const direction = randomNormals(at.length, 200 + i);
      const length = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
      const moved = (distance: number) => {
        const there = at.map((value, j) => value + (distance * direction[j]!) / length);
        return forwardBackward(config, new Map(weights).set(name, there), batch).loss;
      };
      const slope = grads.get(name)!.reduce((sum, value, j) => sum + (value * direction[j]!) / length, 0);
      // Truncation h²·f‴/6 and rounding 2^−52·|f|/h are both about 1e-10 here.
      expect(Math.abs(slope), name).toBeGreaterThan(1e-6);
      expect(Math.abs((moved(h) - moved(-h)) / (2 * h) - slope), name).toBeLessThan(2e-8 * (1 + Math.abs(slope)));
    }
  });
});

describe('trainReference', () => {
  it('learns a batch by heart when it never sees another', () => {
    const losses = trainReference(smallConfig(), { ...smallSpec().hyper, uniqueDocuments: 3 }, 20);
    expect(losses[0]).toBeCloseTo(Math.log(20), 14);
    expect(losses.at(-1)).toBeLessThan(losses[0]! - 1);
  });
});
