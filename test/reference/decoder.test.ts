import { describe, expect, it } from 'vitest';
import {
  staticConfig,
  type Hyper,
  type MoeConfig,
  type StaticConfig,
  type TopicsSource,
} from '../../src/config/run-spec';
import { topicTables, trainingBatch } from '../../src/data/topics';
import { expertTable } from '../../src/nn/expert-tables';
import { elementCount, parameterList } from '../../src/nn/parameters';
import { raceConfig, raceHyper, smallConfig, smallSparseSpec, smallSpec, sparseSpec } from '../config/specs';
import { forwardBackward, initialState, joinDocuments, referenceRun, referenceWeights } from './decoder';
import { trainReference, trainStep, type Batch, type Tensors } from './decoder';
import { globalNorm } from './optimiser';
import { randomNormals } from './random';
import { sparseInputs } from './sparse-layer';

function firstBatch(config: StaticConfig<TopicsSource>): Batch {
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

/** The small sparse model in two short documents. */
function smallSparse(moe: Partial<MoeConfig> = {}): StaticConfig<TopicsSource> {
  return { ...staticConfig(smallSparseSpec({}, moe)), batchSize: 2, seqLen: 7 };
}

const withLosses: Hyper = { ...raceHyper, balanceLoss: 0.5, zLoss: 0.3 };

const step = (config: StaticConfig, weights: Tensors, batch: Batch, hyper = raceHyper) =>
  forwardBackward(config, weights, batch, sparseInputs(config, hyper));

const configs: [string, StaticConfig<TopicsSource>][] = [
  ['rmsnorm, relu, no bias', { ...raceConfig(), batchSize: 2, seqLen: 9 }],
  ['layernorm, gelu, bias', { ...smallConfig(), batchSize: 2, seqLen: 7 }],
  ['two of sixteen experts', { ...staticConfig(sparseSpec()), batchSize: 2, seqLen: 9 }],
  ['three of five experts, gelu, bias', smallSparse()],
  ['one of five experts', smallSparse({ topK: 1 })],
  ['a frozen router', smallSparse({ router: 'frozen' })],
  ['a table by position', smallSparse({ router: 'position-table' })],
];

/** That the slope of the loss along a random direction in a tensor is the one that its gradient says. */
function expectSlope(config: StaticConfig, weights: Tensors, batch: Batch, name: string, grad: Float64Array): void {
  const h = 1e-5;
  const at = weights.get(name)!;
  const direction = randomNormals(at.length, 200 + parameterList(config).findIndex((spec) => spec.name === name));
  const length = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
  const moved = (distance: number) => {
    const there = at.map((value, j) => value + (distance * direction[j]!) / length);
    const { loss, extraLoss } = step(config, new Map(weights).set(name, there), batch, withLosses);
    return loss + extraLoss;
  };
  const slope = grad.reduce((sum, value, j) => sum + (value * direction[j]!) / length, 0);
  // Truncation h²·f‴/6 and rounding 2^−52·|f|/h are both about 1e-10 here.
  expect(Math.abs(slope), name).toBeGreaterThan(1e-6);
  expect(Math.abs((moved(h) - moved(-h)) / (2 * h) - slope), name).toBeLessThan(2e-8 * (1 + Math.abs(slope)));
}

describe.each(configs)('the decoder with %s', (_name, config) => {
  it('starts at log V, where only the head has a gradient', () => {
    const { loss, grads } = step(config, referenceWeights(config, 1), firstBatch(config));
    expect(loss).toBeCloseTo(Math.log(config.source.vocabSize), 14);
    for (const [name, grad] of grads) {
      expect(Math.max(...grad.map(Math.abs)) > 0, name).toBe(name === 'head.weight');
    }
  });

  it('has a gradient of the right shape for every parameter', () => {
    const { grads } = step(config, referenceWeights(config, 1), firstBatch(config));
    expect(grads.size).toBe(parameterList(config).length);
    for (const spec of parameterList(config)) expect(grads.get(spec.name)).toHaveLength(elementCount(spec));
  });

  it('has the slope of the loss along a random direction of every tensor', () => {
    const weights = disturbedWeights(config);
    const batch = firstBatch(config);
    const { grads } = step(config, weights, batch, withLosses);
    for (const { name, group } of parameterList(config)) {
      if (group !== 'frozen') expectSlope(config, weights, batch, name, grads.get(name)!);
    }
  });
});

describe('the sparse decoder', () => {
  it('with one expert is the dense one, step by step and bit for bit', () => {
    const { hyper } = smallSpec();
    const dense = smallConfig();
    const sparse = { ...dense, model: { ...dense.model, moe: { nExperts: 1, topK: 1, router: 'learned' as const } } };
    const reports = [...referenceRun(dense, hyper, 6)];
    for (const [i, one] of [...referenceRun(sparse, hyper, 6)].entries()) {
      const other = reports[i]!;
      expect([one.loss, one.gradNorm, one.lr]).toEqual([other.loss, other.gradNorm, other.lr]);
      for (const [name, grad] of other.grads) expect(one.grads.get(name), name).toEqual(grad);
    }
  });

  it('reports its loss without those of the router, which its gradient has', () => {
    const config = smallSparse();
    const weights = referenceWeights(config, 1);
    const { loss, extraLoss, grads } = step(config, weights, firstBatch(config), withLosses);
    expect(loss).toBeCloseTo(Math.log(config.source.vocabSize), 14);
    expect(extraLoss).toBeGreaterThan(2 * 0.5);
    expect(globalNorm([grads.get('layers.0.router.weight')!])).toBeGreaterThan(0);
    expect(globalNorm([grads.get('layers.0.fc1.weight')!])).toBeGreaterThan(0); // below the router of layer 1
    expect(globalNorm([grads.get('layers.1.fc1.weight')!])).toBe(0);
  });

  it('never changes a frozen router, nor counts it in the norm', () => {
    const config = smallSparse({ router: 'frozen' });
    const hyper = { ...smallSparseSpec().hyper, weightDecay: 0.1 };
    const state = initialState(config, 1);
    const before = state.weights.get('layers.1.router.weight')!.slice();
    for (let i = 0; i < 3; i++) {
      const { grads, gradNorm } = trainStep(config, hyper, state, firstBatch(config));
      const others = [...grads].filter(([name]) => !name.includes('router')).map(([, grad]) => grad);
      expect([others.length, gradNorm]).toEqual([grads.size - 2, globalNorm(others)]);
    }
    expect(state.weights.get('layers.1.router.weight')).toEqual(before);
  });

  it('trains a learned router, but not the columns behind its last expert', () => {
    const config = smallSparse();
    const state = initialState(config, 1);
    const before = state.weights.get('layers.0.router.weight')!.slice();
    for (let i = 0; i < 3; i++) trainStep(config, smallSparseSpec().hyper, state, firstBatch(config));
    const after = state.weights.get('layers.0.router.weight')!;
    expect(after.every((value, i) => (i % 8 < 5 ? value !== before[i] : value === 0))).toBe(true);
  });

  it('computes the same with a detached router, but sends no gradient through it', () => {
    const [frozen, detached] = [smallSparse({ router: 'frozen' }), smallSparse({ router: 'frozen-detached' })];
    const weights = disturbedWeights(frozen);
    const batch = firstBatch(frozen);
    const [one, other] = [step(frozen, weights, batch, withLosses), step(detached, weights, batch, withLosses)];
    expect(other.logits).toEqual(one.logits);
    expect([one.extraLoss > 0, other.extraLoss]).toEqual([true, 0]);
    expect(other.grads.get('layers.0.router.weight')!.every((value) => value === 0)).toBe(true);
    // Behind the last router nothing changes; before it everything.
    for (const name of ['layers.1.fc1.weight', 'layers.1.fc2.weight', 'finalNorm.weight', 'head.weight']) {
      expect(other.grads.get(name), name).toEqual(one.grads.get(name));
      expectSlope(detached, weights, batch, name, other.grads.get(name)!);
    }
    expect(other.grads.get('layers.1.norm2.weight')).not.toEqual(one.grads.get('layers.1.norm2.weight'));
    // Without its losses a detached router and one with them have the same gradients.
    expect(step(detached, weights, batch).grads).toEqual(other.grads);
  });

  it.each(['token-table', 'position-table', 'topic-table'] as const)('looks the experts up in a %s', (router) => {
    const config = smallSparse({ router, topK: 2 });
    const { inputs, targets } = firstBatch(config);
    const { routings, grads } = step(config, referenceWeights(config, 1), { inputs, targets }, withLosses);
    expect([...grads.keys()].filter((name) => name.includes('router'))).toEqual([]);
    for (const [layer, { experts, gates, extraLoss }] of routings.entries()) {
      const table = expertTable(config, raceHyper.seed, layer);
      const tag = (document: number) => inputs[document * 7]! - 20;
      const keys = {
        'token-table': [...inputs],
        'position-table': [0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6],
        'topic-table': [...new Array<number>(7).fill(tag(0)), ...new Array<number>(7).fill(tag(1))],
      };
      expect([...experts]).toEqual(keys[router].flatMap((key) => [...table.subarray(2 * key, 2 * key + 2)]));
      expect([new Set(gates), extraLoss]).toEqual([new Set([0.5]), 0]);
    }
  });

  it('carries router biases from step to step, which choose experts from the next step on', () => {
    const config = smallSparse({ topK: 1 });
    const hyper = { ...raceHyper, biasRate: 0.05 };
    const reports = [...referenceRun(config, hyper, 6)];
    const sums = [0, 1].map(() => new Float64Array(5));
    for (const { routings, routerBiases } of reports) {
      expect(routerBiases).toEqual(sums);
      for (const [layer, { visits }] of routings.entries()) {
        expect(visits.reduce((sum, count) => sum + count, 0)).toBe(14);
        for (const [e, count] of visits.entries()) sums[layer]![e]! += 0.05 * Math.sign(14 / 5 - count);
      }
    }
    const [first] = referenceRun(config, raceHyper, 1);
    expect(reports[0]!.routings[0]!.experts).toEqual(first!.routings[0]!.experts);
  });

  it('spreads over the experts under the balance loss, and by the biases', () => {
    const config = { ...staticConfig(sparseSpec()), batchSize: 3 };
    // Squares of the visits beyond the mean of 3·32·2/16, in the last three of ten steps.
    const unevenness = (hyper: Partial<Hyper>) => {
      const last = [...referenceRun(config, { ...raceHyper, ...hyper }, 10)].slice(-3);
      const visits = last.flatMap(({ routings }) => routings.flatMap((routing) => [...routing.visits]));
      return visits.reduce((sum, count) => sum + (count - 12) ** 2, 0);
    };
    const left = unevenness({});
    expect(unevenness({ balanceLoss: 1 })).toBeLessThan(0.8 * left);
    expect(unevenness({ biasRate: 0.01 })).toBeLessThan(0.8 * left);
  });
});

describe('trainReference', () => {
  it('learns a batch by heart when it never sees another', () => {
    const losses = trainReference(smallConfig(), { ...smallSpec().hyper, uniqueDocuments: 3 }, 20);
    expect(losses[0]).toBeCloseTo(Math.log(20), 14);
    expect(losses.at(-1)).toBeLessThan(losses[0]! - 1);
  });
});
