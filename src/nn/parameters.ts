/**
 * The decoder's parameters by name: what is allocated, initialised, optimised and saved. In forward order, but for
 * the routers, which come last: so a dense and a sparse model of one seed begin with the same numbers in all else.
 */
import { inputVocabulary, outputVocabulary, trainsRouter } from '../config/flops';
import type { StaticConfig } from '../config/run-spec';
import { tableKeys } from './expert-tables';

/** Decides treatment by the optimiser: only `matrix` decays, and `frozen` stays as it was drawn. */
export type ParameterGroup = 'matrix' | 'vector' | 'embedding' | 'frozen';

export type Initialisation =
  /** With `columns`, those behind them are padding and 0. */
  { kind: 'normal'; std: number; columns?: number } | { kind: 'constant'; value: number };

export interface ParameterSpec {
  name: string;
  /** Row-major. A weight is [inputs, outputs], so that y = x·W + b; experts are [E, inputs, outputs] and [E, outputs]. */
  shape: number[];
  group: ParameterGroup;
  init: Initialisation;
}

const TOKEN_STD = 0.5;
const POSITION_STD = 0.1;
const ROUTER_STD = 0.02;
/** A frozen router must tell tokens apart as it is. */
const FROZEN_ROUTER_STD = 0.3;

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
  const { dModel: d, nLayers, dFf, norm, bias, moe } = config.model;

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
  const linear = (name: string, inputs: number, outputs: number, scale = 1, experts?: number): ParameterSpec[] => {
    const each = experts === undefined ? [] : [experts];
    return [
      {
        name: `${name}.weight`,
        shape: [...each, inputs, outputs],
        group: 'matrix',
        init: { kind: 'normal', std: scale / Math.sqrt(inputs) },
      },
      ...(bias ? [{ ...vector(`${name}.bias`, outputs, 0), shape: [...each, outputs] }] : []),
    ];
  };

  const residualScale = 1 / Math.sqrt(2 * nLayers);
  const layer = (prefix: string): ParameterSpec[] => [
    ...normed(`${prefix}.norm1`),
    ...linear(`${prefix}.qkv`, d, 3 * d),
    ...linear(`${prefix}.proj`, d, d, residualScale),
    ...normed(`${prefix}.norm2`),
    ...linear(`${prefix}.fc1`, d, dFf, 1, moe?.nExperts),
    ...linear(`${prefix}.fc2`, dFf, d, residualScale, moe?.nExperts),
  ];

  const router = (prefix: string): ParameterSpec[] => {
    if (!moe || tableKeys(config) > 0) return [];
    const learned = trainsRouter(config.model);
    return [
      {
        name: `${prefix}.router.weight`,
        // Products write vec4s: the columns behind the last expert are padding.
        shape: [d, Math.ceil(moe.nExperts / 4) * 4],
        group: learned ? 'matrix' : 'frozen',
        init: { kind: 'normal', std: learned ? ROUTER_STD : FROZEN_ROUTER_STD, columns: moe.nExperts },
      },
    ];
  };

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
    ...Array.from({ length: nLayers }, (_, l) => router(`layers.${l}`)).flat(),
  ];
}
