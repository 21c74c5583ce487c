/** What is trained: the same function, the same initial values and the same batches for everybody. */
import { outputVocabulary, inputVocabulary, scoredPerSequence, totalSteps } from '../../src/config/flops';
import { staticConfig, type RunSpec } from '../../src/config/run-spec';
import { scheduleTable, SCHEDULE_COLUMNS } from '../../src/config/schedule';
import { topicTables, trainingBatch } from '../../src/data/topics';
import { stepM, stepS } from '../../src/bench/specs';
import { initialWeights } from '../../src/nn/init';
import { parameterList } from '../../src/nn/parameters';
import type { StepName } from './result';

export const SPECS: Record<StepName, RunSpec> = { S: stepS, M: stepM };

/** Batches that peers get beforehand; they begin anew after the last. Losses are compared over the first round. */
export const BATCHES = 10;

export const NORM_EPSILON = 1e-5;
/** Added to the norm that divides when gradients are clipped. */
export const CLIP_EPSILON = 1e-6;

/** Numbers that change from step to step. */
export interface Rates {
  lr: number;
  /** 1 / (1 − βᵗ), which undo the bias of both moments. */
  c1: number;
  c2: number;
}

export interface Problem {
  spec: RunSpec;
  batch: number;
  seqLen: number;
  width: number;
  heads: number;
  layers: number;
  inputVocabulary: number;
  vocabulary: number;
  /** Targets in a batch that count. */
  scored: number;
  parameters: { name: string; shape: number[]; values: Float32Array<ArrayBuffer> }[];
  /** Token ids, [batch · seqLen] each; a target that does not count is −1. */
  batches: { inputs: Int32Array<ArrayBuffer>; targets: Int32Array<ArrayBuffer> }[];
  rates: (step: number) => Rates;
}

export function problemOf(step: StepName): Problem {
  const spec = SPECS[step];
  const { hyper, model, seqLen, batchSize } = spec;
  const config = staticConfig(spec);
  if (model.norm !== 'layernorm' || model.activation !== 'gelu' || !model.bias || model.moe || hyper.weightDecay > 0)
    throw new Error('The peers are written for dense models with LayerNorm, GELU and biases, without weight decay.');
  const steps = totalSteps(config);
  const schedule = scheduleTable(spec.schedule, hyper, steps, steps, steps);
  const tables = topicTables(spec.source, hyper);
  const weights = initialWeights(config, hyper.seed);
  const joined = (parts: Uint32Array[]): Int32Array<ArrayBuffer> =>
    Int32Array.from(parts.flatMap((part) => [...new Int32Array(part.buffer, part.byteOffset, part.length)]));
  return {
    spec,
    ...{ batch: batchSize, seqLen, width: model.dModel, heads: model.nHeads, layers: model.nLayers },
    ...{ inputVocabulary: inputVocabulary(config), vocabulary: outputVocabulary(config) },
    scored: batchSize * scoredPerSequence(config),
    parameters: parameterList(config).map(({ name, shape }) => ({ name, shape, values: weights.get(name)! })),
    batches: Array.from({ length: BATCHES }, (_, index) => {
      const documents = trainingBatch(config, hyper, tables, index, 1);
      return {
        inputs: joined(documents.map(({ inputs }) => inputs)),
        targets: joined(documents.map(({ targets }) => targets)),
      };
    }),
    rates: (at) => {
      const row = Math.min(at, steps - 1) * SCHEDULE_COLUMNS;
      const [scale, c1, c2] = schedule.subarray(row, row + SCHEDULE_COLUMNS);
      return { lr: hyper.lr * scale!, c1: c1!, c2: c2! };
    },
  };
}
