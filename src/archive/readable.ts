/**
 * What is read back may have been damaged, or written by another version of the lab: each function returns the record
 * as it was stored, or undefined where it cannot be relied on.
 */
import * as v from 'valibot';
import { RunSpecSchema } from '../config/run-spec';
import type { Checkpoint, PointsEvent } from '../protocol';
import { RECORD_VERSION, type RunDetails, type RunRecord, type SweepRecord, type WeightsRecord } from './records';

/** Any number: a diverged run's loss is NaN, which valibot's own `number` refuses. */
const number = v.custom<number>((value) => typeof value === 'number');
const numbers = v.array(number);
const floats = v.instance(Float32Array);
const version = v.literal(RECORD_VERSION);

const SummarySchema = v.looseObject({
  arm: v.string(),
  seed: v.number(),
  spec: RunSpecSchema,
  identity: v.string(),
  lr: number,
  kernelProfile: v.string(),
  trainFlops: number,
  executedFlops: number,
  tokens: number,
  paramsTotal: number,
  paramsNonEmbedding: number,
  paramsActive: number,
  loss: number,
  floor: number,
  excess: number,
  evalTokens: number,
  diverged: v.boolean(),
  seconds: number,
  branch: v.looseObject({ budgetFlops: v.number() }),
  changes: v.array(v.looseObject({ step: v.number(), patch: v.looseObject({}) })),
});

const RunSchema = v.looseObject({
  schemaVersion: version,
  sweep: v.string(),
  experiment: v.string(),
  case: v.string(),
  budget: v.string(),
  at: v.string(),
  startedAt: v.string(),
  device: v.string(),
  version: v.string(),
  run: SummarySchema,
});

const DetailsSchema = v.looseObject({
  curve: v.looseObject({ step: numbers, flops: numbers, loss: numbers, excess: numbers }),
  routing: v.optional(
    v.array(v.looseObject({ load: numbers, byTopic: v.array(numbers), entropy: number, dead: number })),
  ),
});

const SweepSchema = v.looseObject({
  id: v.string(),
  schemaVersion: version,
  experiment: v.string(),
  case: v.string(),
  budget: v.string(),
  startedAt: v.string(),
  requests: v.array(v.looseObject({ arm: v.string(), spec: RunSpecSchema })),
  state: v.picklist(['under-way', 'done', 'stopped']),
  device: v.string(),
  adapter: v.looseObject({ name: v.string(), kernelProfile: v.string() }),
  kernelProfile: v.string(),
  version: v.string(),
  seconds: number,
  predictions: v.array(
    v.looseObject({
      arm: v.string(),
      frozenAt: v.string(),
      interval: v.tuple([number, number]),
      predicted: number,
      x: number,
    }),
  ),
});

/** Its inside is the engine's to check. */
const CheckpointSchema = v.looseObject({ schemaVersion: version, key: v.string(), step: v.number() });

const PointsSchema = v.array(
  v.looseObject({
    type: v.literal('points'),
    cohort: v.number(),
    branch: v.number(),
    firstStep: v.number(),
    steps: v.number(),
    data: floats,
  }),
);

const WeightsSchema = v.pipe(
  v.looseObject({
    tensors: v.array(v.looseObject({ name: v.string(), shape: v.array(v.number()) })),
    data: floats,
  }),
  v.check(({ tensors, data }) => {
    const sizes = tensors.map(({ shape }) => shape.reduce((product, extent) => product * extent, 1));
    return sizes.reduce((sum, size) => sum + size, 0) === data.length;
  }),
);

/** The value itself, not valibot's copy of it: what was stored comes back to the last bit and field. */
function reader<T>(schema: v.GenericSchema): (value: unknown) => T | undefined {
  return (value) => (v.is(schema, value) ? (value as T) : undefined);
}

export const readableRun = reader<RunRecord>(RunSchema);
export const readableDetails = reader<RunDetails>(DetailsSchema);
export const readableSweep = reader<SweepRecord>(SweepSchema);
export const readableCheckpoint = reader<Checkpoint>(CheckpointSchema);
export const readablePoints = reader<PointsEvent[]>(PointsSchema);
export const readableWeights = reader<WeightsRecord>(WeightsSchema);
