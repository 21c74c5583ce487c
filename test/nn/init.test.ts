import { describe, expect, it } from 'vitest';
import { countParameters } from '../../src/config/flops';
import { boxMuller, initialWeights } from '../../src/nn/init';
import { elementCount, parameterList, type ParameterSpec } from '../../src/nn/parameters';
import { staticConfig, type MoeConfig, type StaticConfig } from '../../src/config/run-spec';
import { raceConfig, smallConfig, smallSparseSpec, sparseSpec } from '../config/specs';

function smallSparse(moe: Partial<MoeConfig> = {}): StaticConfig {
  return staticConfig(smallSparseSpec({}, moe));
}

const configs = {
  race: raceConfig(),
  small: smallConfig(),
  'sparse race': staticConfig(sparseSpec()),
  'small sparse': smallSparse(),
  frozen: smallSparse({ router: 'frozen' }),
  table: smallSparse({ router: 'token-table' }),
};

/** Numbers of a parameter that mean something: a router is padded to a multiple of 4 columns. */
function usedElements(spec: ParameterSpec): number {
  const width = spec.shape.at(-1)!;
  const columns = spec.init.kind === 'normal' ? (spec.init.columns ?? width) : width;
  return (elementCount(spec) / width) * columns;
}

describe.each(Object.entries(configs))('parameters of the %s model', (_name, config) => {
  it('are as many as countParameters says', () => {
    const list = parameterList(config).filter((spec) => spec.group !== 'frozen');
    const elements = (specs: typeof list) => specs.reduce((sum, spec) => sum + usedElements(spec), 0);
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
    for (const spec of parameterList(config)) {
      const { name, init } = spec;
      const values = [...(weights.get(name) ?? [])];
      if (init.kind === 'constant') {
        expect(values.every((value) => value === init.value)).toBe(true);
        continue;
      }
      // Standard errors of n normal samples: std/√n of the mean, std/√(2n) of the standard deviation.
      const n = usedElements(spec);
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

  it('gives a sparse model experts in place of each MLP, and routers behind everything else', () => {
    const dense = parameterList(raceConfig()).map(({ name }) => name);
    const sparse = parameterList(staticConfig(sparseSpec()));
    expect(sparse.map(({ name }) => name)).toEqual([...dense, 'layers.0.router.weight', 'layers.1.router.weight']);
    const shapes = Object.fromEntries(sparse.map(({ name, shape }) => [name, shape]));
    expect(shapes).toMatchObject({
      'layers.0.fc1.weight': [16, 16, 32],
      'layers.0.fc2.weight': [16, 32, 16],
      'layers.0.router.weight': [16, 16],
    });
    const std = Object.fromEntries(sparse.map(({ name, init }) => [name, init.kind === 'normal' ? init.std : 0]));
    expect(std).toMatchObject({
      'layers.0.fc1.weight': 1 / 4,
      'layers.0.fc2.weight': 1 / Math.sqrt(32) / 2,
      'layers.1.router.weight': 0.02,
    });
    const small = Object.fromEntries(parameterList(smallSparse()).map(({ name, shape }) => [name, shape]));
    expect(small).toMatchObject({
      'layers.1.fc1.bias': [5, 28],
      'layers.1.fc2.bias': [5, 24],
      'layers.1.router.weight': [24, 8],
    });
  });

  it('knows no router where a table chooses, and one that is not trained where it is frozen', () => {
    const routers = (router: MoeConfig['router']) =>
      parameterList(smallSparse({ router })).filter(({ name }) => name.includes('router'));
    expect(routers('position-table')).toEqual([]);
    expect(routers('learned').map(({ group }) => group)).toEqual(['matrix', 'matrix']);
    for (const router of ['frozen', 'frozen-detached'] as const) {
      expect(routers(router)).toMatchObject([1, 2].map(() => ({ group: 'frozen', init: { std: 0.3 } })));
    }
  });

  it('begins a sparse model with the numbers of the dense one of the same seed', () => {
    const dense = initialWeights(raceConfig(), 5);
    const sparse = initialWeights(staticConfig(sparseSpec()), 5);
    for (const [name, values] of dense) {
      if (!/fc|router/.test(name)) expect(sparse.get(name), name).toEqual(values);
    }
    const race = raceConfig();
    const single = { ...race, model: { ...race.model, moe: { nExperts: 1, topK: 1, router: 'learned' as const } } };
    const one = initialWeights(single, 5);
    for (const [name, values] of dense) expect(one.get(name), name).toEqual(values);
  });

  it('leaves the columns behind the last expert at 0', () => {
    for (const router of ['learned', 'frozen'] as const) {
      const weight = initialWeights(smallSparse({ router }), 5).get('layers.0.router.weight')!;
      expect(weight.every((value, i) => (value === 0) === i % 8 >= 5)).toBe(true);
    }
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
