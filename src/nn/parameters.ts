/**
 * The decoder's parameters by name, in forward order: what is allocated, initialised, optimised and saved.
 */
import { inputVocabulary, outputVocabulary } from '../config/flops';
import type { StaticConfig } from '../config/run-spec';

/** Decides treatment by the optimiser: only `matrix` decays. */
export type ParameterGroup = 'matrix' | 'vector' | 'embedding';

export type Initialisation = { kind: 'normal'; std: number } | { kind: 'constant'; value: number };

export interface ParameterSpec {
  name: string;
  /** Row-major. A weight is [inputs, outputs], so that y = x·W + b. */
  shape: [rows: number, cols: number] | [n: number];
  group: ParameterGroup;
  init: Initialisation;
}

const TOKEN_STD = 0.5;
const POSITION_STD = 0.1;

/** Elements of a parameter. */
export function elementCount(spec: ParameterSpec): number {
  return spec.shape.reduce((product, extent) => product * extent, 1);
}

/**
 * Columns of `qkv` are q | k | v, each [heads, head width]. Projections back into the residual stream
 * (`proj`, `fc2`) start smaller by √(2L), because 2L of them add up (GPT-2). The head starts at 0, so the
 * first loss is exactly log V.
 */
export function parameterList(config: StaticConfig): ParameterSpec[] {
  const { dModel: d, nLayers, dFf, norm, bias } = config.model;

  const table = (name: string, rows: number, std: number): ParameterSpec => ({
    name,
    shape: [rows, d],
    group: 'embedding',
    init: { kind: 'normal', std },
  });
  const vector = (name: string, n: number, value: number): ParameterSpec => ({
    name,
    shape: [n],
    group: 'vector',
    init: { kind: 'constant', value },
  });
  const normed = (name: string): ParameterSpec[] => [
    vector(`${name}.weight`, d, 1),
    ...(norm === 'layernorm' ? [vector(`${name}.bias`, d, 0)] : []),
  ];
  const linear = (name: string, inputs: number, outputs: number, scale = 1): ParameterSpec[] => [
    {
      name: `${name}.weight`,
      shape: [inputs, outputs],
      group: 'matrix',
      init: { kind: 'normal', std: scale / Math.sqrt(inputs) },
    },
    ...(bias ? [vector(`${name}.bias`, outputs, 0)] : []),
  ];

  const residualScale = 1 / Math.sqrt(2 * nLayers);
  const layer = (prefix: string): ParameterSpec[] => [
    ...normed(`${prefix}.norm1`),
    ...linear(`${prefix}.qkv`, d, 3 * d),
    ...linear(`${prefix}.proj`, d, d, residualScale),
    ...normed(`${prefix}.norm2`),
    ...linear(`${prefix}.fc1`, d, dFf),
    ...linear(`${prefix}.fc2`, dFf, d, residualScale),
  ];

  return [
    table('tokenEmbedding', inputVocabulary(config), TOKEN_STD),
    table('positionEmbedding', config.seqLen, POSITION_STD),
    ...Array.from({ length: nLayers }, (_, l) => layer(`layers.${l}`)).flat(),
    ...normed('finalNorm'),
    {
      name: 'head.weight',
      shape: [d, outputVocabulary(config)],
      group: 'matrix',
      init: { kind: 'constant', value: 0 },
    },
  ];
}
