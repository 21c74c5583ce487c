import { describe, expect, it } from 'vitest';
import { countParameters, totalSteps, trainFlopsPerStep } from '../../src/config/flops';
import { canonicalJson, ROUTERS, type RunSpec } from '../../src/config/run-spec';
import { checkSpec, MAX_STEPS, parseRunSpec, SpecError } from '../../src/config/validate';
import { threefry, uniform } from '../../src/math/rng';
import { raceSpec, smallSparseSpec, smallSpec, sparseSpec } from './specs';

/** The message with which `value` is refused. */
function refusal(value: unknown): string {
  try {
    parseRunSpec(value);
  } catch (error) {
    expect(error).toBeInstanceOf(SpecError);
    expect((error as SpecError).name).toBe('LabError/spec');
    return (error as SpecError).message;
  }
  throw new Error('It was accepted.');
}

/** The race's spec, or another, with one field set, or removed where the value is undefined. */
function withField(path: string, value: unknown, base = raceSpec()): unknown {
  const spec = structuredClone(base) as unknown as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce((object, key) => object[key] as Record<string, unknown>, spec);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return spec;
}

describe('a spec that cannot be read', () => {
  const cases: [string, unknown, string][] = [
    ['no object', 'dense', 'must be a JSON object'],
    ['null', null, 'must be a JSON object'],
    ['a list', [raceSpec()], 'must be a JSON object'],
    ['another version', withField('schemaVersion', 2), 'schemaVersion 2, but this lab reads only version 1'],
    ['no version', withField('schemaVersion', undefined), 'lacks the field schemaVersion'],
    ['an unknown field', withField('dropout', 0.1), 'unknown field dropout'],
    ['an unknown inner field', withField('model.dHead', 8), 'unknown field model.dHead'],
    ['a missing field', withField('hyper.lr', undefined), 'lacks the field hyper.lr'],
    ['text for a number', withField('model.dModel', '16'), 'model.dModel is "16", but must be a number'],
    ['NaN', withField('hyper.lr', NaN), 'hyper.lr is NaN, but must be a number'],
    ['Infinity', withField('hyper.lr', Infinity), 'hyper.lr is Infinity, but must be a finite number'],
    ['a fraction for a count', withField('model.nLayers', 1.5), 'model.nLayers is 1.5, but must be a whole number'],
    ['a negative seed', withField('hyper.seed', -1), 'hyper.seed is -1, but must be at least 0'],
    ['a seed beyond u32', withField('hyper.seed', 2 ** 32), 'hyper.seed is 4294967296, but must be at most 4294967295'],
    ['beta 1', withField('hyper.beta2', 1), 'hyper.beta2 is 1, but must be less than 1'],
    ['no epsilon', withField('hyper.epsilon', 0), 'hyper.epsilon is 0, but must be greater than 0'],
    [
      'an unknown norm',
      withField('model.norm', 'batch'),
      'model.norm is "batch", but must be "rmsnorm" or "layernorm"',
    ],
    ['a long lag', withField('source.lag', 3), 'source.lag is 3, but must be 1 or 2'],
    ['a number for a truth', withField('model.bias', 1), 'model.bias is 1, but must be true or false'],
    ['two budgets', withField('budget', { flops: 1e9, steps: 5 }), '{ flops }, { tokens } or { steps }'],
    ['no branches', withField('branches', []), 'a list of 1 to 16 fractions'],
    ['a branch beyond the end', withField('branches', [0.5, 2]), 'branches[1] is 2, but must be at most 1'],
    ['null inside', withField('model', null), 'model is null, but must be an object'],
    ['null for experts', withField('model.moe', null), 'model.moe is null, but must be an object'],
    ['no experts', withField('model.moe.nExperts', 0, sparseSpec()), 'nExperts is 0, but must be at least 1'],
    ['many experts', withField('model.moe.nExperts', 65, sparseSpec()), 'nExperts is 65, but must be at most 64'],
    ['no visits', withField('model.moe.topK', 0, sparseSpec()), 'model.moe.topK is 0, but must be at least 1'],
    ['five visits', withField('model.moe.topK', 5, sparseSpec()), 'model.moe.topK is 5, but must be at most 4'],
    ['no router', withField('model.moe.router', undefined, sparseSpec()), 'lacks the field model.moe.router'],
    [
      'an unknown router',
      withField('model.moe.router', 'hash', sparseSpec()),
      'must be "learned" or "frozen" or "frozen-detached" or "token-table" or "position-table" or "topic-table"',
    ],
    ['a negative loss', withField('hyper.balanceLoss', -1), 'hyper.balanceLoss is -1, but must be at least 0'],
  ];
  it.each(cases)('%s', (_name, value, sentence) => {
    const message = refusal(value);
    expect(message).toContain(sentence);
    expect(message).toMatch(/[.)]$/);
  });

  it('names the fields that there are', () => {
    expect(refusal(withField('model.width', 8))).toContain('dModel, nLayers, nHeads, dFf, norm, activation, bias, moe');
    expect(refusal(withField('model.moe.capacity', 1, sparseSpec()))).toMatch(
      /unknown field model\.moe\.capacity.*\(there are nExperts, topK, router\)/,
    );
  });
});

describe('a spec that cannot be trained', () => {
  const cases: [string, unknown, string][] = [
    ['width not divisible by heads', withField('model.nHeads', 3), 'cannot be divided among 3 heads'],
    ['head width', withField('model.nHeads', 8), 'Each head would be 2 wide'],
    ['dModel', withField('model.dModel', 18), 'dModel is 18, but must be a multiple of 4: choose 20'],
    ['dFf', withField('model.dFf', 65), 'dFf is 65, but must be a multiple of 4: choose 64'],
    ['vocabSize', withField('source.vocabSize', 30), 'vocabSize is 30, but must be a multiple of 4'],
    ['topics', withField('source.topics', 1), 'topics is 1, but must be a multiple of 4: choose 4'],
    ['lag', withField('seqLen', 2), 'make seqLen larger than the lag'],
    ['rows', withField('batchSize', 257), 'batchSize × seqLen is 8,224, but a step takes at most 8,192 tokens'],
    [
      'parameters',
      withField('model.dFf', 16_000_000),
      '1,024,000,000 parameters, but this lab trains at most 50,000,000',
    ],
    ['very many parameters', withField('model.dModel', 1e9), '8.0e+18 parameters'],
    [
      'table',
      { ...raceSpec(), source: { kind: 'topics', vocabSize: 2048, topics: 1024, lag: 1 } },
      'table has at most',
    ],
    [
      'vocabulary',
      { ...raceSpec(), source: { kind: 'topics', vocabSize: 4096, topics: 4, lag: 1 } },
      'different tokens',
    ],
    ['no steps', withField('budget', { flops: 1000 }), 'does not pay for a single step'],
    ['steps', withField('budget', { steps: MAX_STEPS + 1 }), 'but a run has at most 1,000,000'],
    ['order', withField('branches', [0.5, 0.25, 1]), 'must be ascending'],
    ['twice the same', withField('branches', [0.5, 0.5, 1]), 'must be ascending'],
    ['end', withField('branches', [0.25, 0.5]), 'must end at 1'],
    ['branches without decay', withField('schedule.kind', 'cosine'), 'need the wsd schedule'],
    [
      'a branch without a step',
      withField('budget', { steps: 1 }),
      'The branch at 0.25 of the budget has not a single step',
    ],
    ['more visits than experts', withField('model.moe.nExperts', 1, sparseSpec()), 'would visit 2 of 1 experts'],
    [
      'routes',
      withField('batchSize', 129, sparseSpec()),
      'batchSize × seqLen × topK is 8,256, but a step routes at most 8,192 tokens to experts',
    ],
    ['warm-up', withField('schedule.warmupSteps', 281), 'not shorter than the shortest branch of 281'],
  ];
  it.each(cases)('%s', (_name, value, sentence) => {
    expect(refusal(value)).toContain(sentence);
  });

  it('is tried at the limits, which are accepted', () => {
    parseRunSpec({ ...raceSpec(), batchSize: 256, budget: { steps: 124 } }); // 31 in the first branch
    parseRunSpec(withField('schedule.warmupSteps', 280)); // of a quarter of 1,122 steps
    parseRunSpec(withField('budget', { steps: MAX_STEPS }));
    parseRunSpec({ ...smallSpec(), budget: { steps: 6 } });
    parseRunSpec({ ...(withField('batchSize', 128, sparseSpec()) as RunSpec), budget: { steps: 124 } });
    parseRunSpec(withField('model.moe.topK', 4, { ...smallSparseSpec(), batchSize: 1 }));
    parseRunSpec({ ...raceSpec(), schedule: { kind: 'cosine', warmupSteps: 30, decayFraction: 0 }, branches: [1] });
  });
});

it('a spec from before there were sparse models is read with none of their losses', () => {
  const { balanceLoss: _balance, zLoss: _z, biasRate: _rate, ...hyper } = raceSpec().hyper;
  expect(parseRunSpec({ ...raceSpec(), hyper })).toEqual(raceSpec());
});

describe('random valid specs', () => {
  it('are read as they are, through JSON, in any order of keys', () => {
    for (let i = 0; i < 300; i++) {
      const spec = randomSpec(i);
      expect(parseRunSpec(spec)).toEqual(spec);
      expect(parseRunSpec(JSON.parse(canonicalJson(spec)))).toEqual(spec);
      expect(countParameters(spec).total).toBeGreaterThan(0);
      expect(totalSteps(spec)).toBeGreaterThanOrEqual(100);
      checkSpec(spec);
    }
  });
});

/** A valid spec from a random stream of its own. */
function randomSpec(index: number): RunSpec {
  let draw = 0;
  const word = () => threefry([2026, 9], [index, draw++])[0];
  const integer = (least: number, most: number) => least + uniform(word(), most - least + 1);
  const real = () => word() / 2 ** 32;
  const one = <T>(...values: T[]): T => values[integer(0, values.length - 1)]!;

  const nHeads = integer(1, 4);
  const kind = one('constant', 'cosine', 'wsd');
  const nExperts = integer(1, 64);
  const moe = { nExperts, topK: integer(1, Math.min(4, nExperts)), router: one(...ROUTERS) };
  const sparse = one(true, false);
  const spec: Omit<RunSpec, 'budget'> = {
    schemaVersion: 1,
    model: {
      dModel: nHeads * 4 * integer(1, 4),
      nLayers: integer(1, 4),
      nHeads,
      dFf: 4 * integer(1, 40),
      norm: one('rmsnorm', 'layernorm'),
      activation: one('relu', 'gelu'),
      bias: one(true, false),
      ...(sparse && { moe }),
    },
    source: { kind: 'topics', vocabSize: 4 * integer(1, 16), topics: 4 * integer(1, 32), lag: one(1, 2) },
    seqLen: integer(3, 64),
    batchSize: integer(1, sparse ? 32 : 128),
    schedule: { kind, warmupSteps: integer(0, 24), decayFraction: real() },
    branches: kind === 'wsd' ? one([1], [0.25, 0.5, 1], [0.5, 1]) : [1],
    hyper: {
      seed: word(),
      lr: real(),
      beta1: real(),
      beta2: real(),
      epsilon: 1e-8,
      weightDecay: real(),
      clipNorm: one(0, real()),
      zipf: 2 * real(),
      share: real(),
      noise: real(),
      uniqueDocuments: one(0, integer(1, 1e6)),
      curriculum: one('shuffled', 'easy-first', 'hard-first'),
      balanceLoss: one(0, real()),
      zLoss: one(0, real()),
      biasRate: one(0, real()),
    },
  };
  const steps = integer(100, 5000);
  const budget = one<RunSpec['budget']>(
    { steps },
    { tokens: steps * spec.batchSize * spec.seqLen },
    { flops: steps * trainFlopsPerStep({ ...spec, budget: { steps } }) },
  );
  return { ...spec, budget };
}
