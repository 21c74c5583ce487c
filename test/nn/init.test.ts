import { describe, expect, it } from 'vitest';
import { countParameters } from '../../src/config/flops';
import { boxMuller, initialWeights } from '../../src/nn/init';
import { elementCount, parameterList } from '../../src/nn/parameters';
import { raceConfig, smallConfig } from '../config/specs';

const configs = { race: raceConfig(), small: smallConfig() };

describe.each(Object.entries(configs))('parameters of the %s model', (_name, config) => {
  it('are as many as countParameters says', () => {
    const list = parameterList(config);
    const elements = (specs: typeof list) => specs.reduce((sum, spec) => sum + elementCount(spec), 0);
    expect(elements(list)).toBe(countParameters(config).total);
    expect(elements(list.filter((spec) => spec.group !== 'embedding'))).toBe(countParameters(config).nonEmbedding);
  });

  it('have distinct names and a value each', () => {
    const list = parameterList(config);
    const weights = initialWeights(config, 5);
    expect([...weights.keys()]).toEqual(list.map((spec) => spec.name));
    expect(weights.size).toBe(list.length);
    for (const spec of list) expect(weights.get(spec.name)).toHaveLength(elementCount(spec));
  });

  it('have the mean and standard deviation of their initialisation', () => {
    const weights = initialWeights(config, 5);
    for (const { name, init } of parameterList(config)) {
      const values = [...(weights.get(name) ?? [])];
      if (init.kind === 'constant') {
        expect(values.every((value) => value === init.value)).toBe(true);
        continue;
      }
      // Standard errors of n normal samples: std/√n of the mean, std/√(2n) of the standard deviation.
      const n = values.length;
      const mean = values.reduce((sum, value) => sum + value, 0) / n;
      const std = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / n);
      expect(Math.abs(mean)).toBeLessThan((4.5 * init.std) / Math.sqrt(n));
      expect(Math.abs(std - init.std)).toBeLessThan((4.5 * init.std) / Math.sqrt(2 * n));
    }
  });
});

describe('initialWeights', () => {
  it('lists the race model in forward order with the standard deviations of its recipe', () => {
    const list = parameterList(raceConfig());
    expect(list.map((spec) => spec.name)).toEqual([
      'tokenEmbedding',
      'positionEmbedding',
      'layers.0.norm1.weight',
      'layers.0.qkv.weight',
      'layers.0.proj.weight',
      'layers.0.norm2.weight',
      'layers.0.fc1.weight',
      'layers.0.fc2.weight',
      'layers.1.norm1.weight',
      'layers.1.qkv.weight',
      'layers.1.proj.weight',
      'layers.1.norm2.weight',
      'layers.1.fc1.weight',
      'layers.1.fc2.weight',
      'finalNorm.weight',
      'head.weight',
    ]);
    const std = Object.fromEntries(list.map(({ name, init }) => [name, init.kind === 'normal' ? init.std : 0]));
    expect(std).toMatchObject({
      tokenEmbedding: 0.5,
      positionEmbedding: 0.1,
      'layers.0.qkv.weight': 1 / 4,
      'layers.0.proj.weight': 1 / 8, // 1/√16, divided by √(2·2)
      'layers.1.fc1.weight': 1 / 4,
      'layers.1.fc2.weight': 1 / 16, // 1/√64, divided by √(2·2)
      'head.weight': 0,
    });
  });

  it('repeats itself, and changes with the seed and the tensor', () => {
    const config = raceConfig();
    const weights = initialWeights(config, 5);
    expect(initialWeights(config, 5)).toEqual(weights);
    const q = (map: typeof weights, layer: number) => map.get(`layers.${layer}.qkv.weight`);
    expect(q(initialWeights(config, 6), 0)).not.toEqual(q(weights, 0));
    expect(q(weights, 1)).not.toEqual(q(weights, 0));
  });

  it('starts with the golden values', () => {
    // From the independent generator behind rng-golden.ts and Python's math module:
    // 0.5·√(−2 ln((x + ½)/2³²))·(cos, sin)(2π(y + ½)/2³²) of threefry((5, 4), (0, 0)) and ((5, 4), (0, 1)).
    const first = [...(initialWeights(raceConfig(), 5).get('tokenEmbedding') ?? [])].slice(0, 4);
    const golden = [-0.24267226, 0.00392503, 0.30870354, -0.38057113];
    for (const [i, value] of golden.entries()) expect(first[i]).toBeCloseTo(value, 6);
  });
});

describe('boxMuller', () => {
  it('is finite at the ends of the range', () => {
    for (const x of [0, 0xffffffff])
      for (const y of [0, 0xffffffff]) expect(boxMuller([x, y]).every(Number.isFinite)).toBe(true);
    expect(Math.hypot(...boxMuller([0, 0]))).toBeCloseTo(6.76, 2);
  });
});
