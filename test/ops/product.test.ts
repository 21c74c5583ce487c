import { expect, test } from 'vitest';
import { epilogueBindings, epilogueConstants } from '../../src/ops/product';
import { PlanBuilder } from '../../src/plan/builder';

const b = new PlanBuilder(1, true);
const [bias, saveSlope, slope, activated] = ['bias', 'save', 'slope', 'activated'].map((name) => b.tensor(name, [4]));
const NONE = {
  ...{ BIAS: false, RELU: false, GELU: false, SAVE_SLOPE: false },
  ...{ RELU_GRADIENT: false, GELU_GRADIENT: false },
};

test('a bare product binds nothing more and has no epilogue', () => {
  expect(epilogueBindings({ label: 'bare' })).toEqual({});
  expect(epilogueConstants({ label: 'bare' })).toEqual(NONE);
});

test('what rides along is bound by its name in WGSL, and switched on', () => {
  const forward = { label: 'fc1', bias: bias!, activation: 'gelu', saveSlope: saveSlope! } as const;
  expect(epilogueBindings(forward)).toEqual({ bias, save_slope: saveSlope });
  expect(epilogueConstants(forward)).toEqual({ ...NONE, BIAS: true, GELU: true, SAVE_SLOPE: true });
  expect(epilogueConstants({ label: 'fc1', activation: 'relu' })).toEqual({ ...NONE, RELU: true });
});

test('a gradient goes through GELU by its slope, through ReLU by what came out', () => {
  const [gelu, relu] = [{ slope: slope! }, { activated: activated! }].map((activationGradient) => ({
    label: 'dx',
    activationGradient,
  }));
  expect([epilogueBindings(gelu!), epilogueBindings(relu!)]).toEqual([{ slope }, { activated }]);
  expect(epilogueConstants(gelu!)).toEqual({ ...NONE, GELU_GRADIENT: true });
  expect(epilogueConstants(relu!)).toEqual({ ...NONE, RELU_GRADIENT: true });
});
