/** The plans of a cohort, all over the same model state: a training step, an evaluation batch, and what is only looked at. */
import { scoredPerSequence } from '../config/flops';
import type { StaticConfig } from '../config/run-spec';
import { SCHEDULE_COLUMNS } from '../config/schedule';
import type { KernelProfile } from '../gpu/profile';
import { bindParameters, decoder } from '../nn/decoder';
import { tableKeys } from '../nn/expert-tables';
import { routerBiasOffset, type ModelLayout } from '../nn/layout';
import type { RoutingTensors } from '../nn/sparse';
import { attentionWeights } from '../ops/attention-weights';
import { crossEntropy } from '../ops/cross-entropy';
import { evaluation } from '../ops/evaluation';
import { optimiser } from '../ops/optimiser';
import type { Batch } from '../ops/batch';
import { buildPlan } from '../plan/build';
import { PlanBuilder } from '../plan/builder';
import type { Choice } from '../ops/router';
import type { Plan } from '../plan/plan';
import { partStride, sizeOf, type Tensor } from '../plan/tensor';
import { writeText } from '../ops/write-text';
import { heldOut } from '../config/held-out';
import { LOOK_DOCUMENTS } from './look';
import { sampleBatch, type SamplerTensors } from './source';
import { lineLength, LINES, promptLength, TEMPERATURE } from './writing';

/** Steps that the metrics ring of a training plan holds: the most that one submit may run. */
export const RING_STEPS = 64;

/** A plan together with the tensors that tests and the page may want to look at. */
export interface StepPlan {
  plan: Plan;
  batch: Batch;
  logits: Tensor;
  losses: Tensor;
  /** The experts that each layer chose; empty for a dense model. */
  choices: Choice[];
  /** Gradient of each trained parameter by name; empty for evaluation. */
  gradients: Map<string, Tensor>;
}

/** Sample, forward, loss, backward, clip, AdamW, metrics, step + 1. `scheduleRows` is the table's length. */
export function trainPlan(
  config: StaticConfig,
  layout: ModelLayout,
  scheduleRows: number,
  profile: KernelProfile,
  bundled: boolean,
): StepPlan {
  const b = new PlanBuilder(layout.replicas, true, profile, bundled);
  const tables = samplerTensors(b, scheduleRows, b.slab('counters', 'state', [64]));
  const batch = sampleBatch(b, config, tables, config.batchSize, 'train');
  const parameters = bindParameters(b, layout);
  const routing = routingTensors(b, config, tables.hyper);
  const { logits, choices } = decoder(b, config, config.batchSize, parameters, batch.inputs, routing);
  const scored = config.batchSize * scoredPerSequence(config);
  const losses = crossEntropy(b, logits, batch.targets, scored);
  b.differentiate();
  const whole = (name: 'params' | 'grads' | 'm' | 'v'): Tensor => b.slab(name, name, [layout.words], 0, 1);
  optimiser(
    b,
    {
      params: whole('params'),
      grads: whole('grads'),
      m: whole('m'),
      v: whole('v'),
      blocks: b.slab('blocks', 'blocks', [layout.words / 16], 0, 1),
      hyper: tables.hyper,
      schedule: tables.schedule,
      counters: tables.counters,
      ring: b.slab('ring', 'ring', [RING_STEPS, 4]),
    },
    losses,
    batch.nll,
    scored,
  );
  const trained = layout.parameters.filter(({ group }) => group !== 'frozen');
  const gradients = new Map(trained.map(({ name }) => [name, b.gradientOf(parameters.get(name)!)!]));
  return { plan: buildPlan(b), batch, logits, losses, choices, gradients };
}

/** One batch of the held-out set: sample, forward, loss, into the ring. What it read and chose is kept for a look. */
export function evaluationPlan(
  config: StaticConfig,
  layout: ModelLayout,
  scheduleRows: number,
  profile: KernelProfile,
  bundled: boolean,
): StepPlan {
  const { batchSize, batches } = heldOut(config);
  const b = new PlanBuilder(layout.replicas, false, profile, bundled);
  const tables = samplerTensors(b, scheduleRows, b.slab('batch counters', 'state', [64]));
  const batch = sampleBatch(b, config, tables, batchSize, 'evaluate');
  const routing = routingTensors(b, config, tables.hyper);
  const { logits, choices } = decoder(b, config, batchSize, bindParameters(b, layout), batch.inputs, routing);
  const scored = batchSize * scoredPerSequence(config);
  const losses = crossEntropy(b, logits, batch.targets, scored);
  evaluation(b, losses, batch.nll, tables.counters, b.slab('ring', 'ring', [batches, 4]), scored);
  const looked = choices.flatMap(({ experts, entropy }) => (entropy ? [experts, entropy] : [experts]));
  for (const tensor of [batch.inputs, batch.targets, logits, ...looked]) b.keep(tensor);
  return { plan: buildPlan(b), batch, logits, losses, choices, gradients: new Map() };
}

/** One character more at the end of each line, by replica 0 and all the others. */
export function writingPlan(
  config: StaticConfig,
  layout: ModelLayout,
  profile: KernelProfile,
  bundled: boolean,
): { plan: Plan; written: Tensor } {
  const b = new PlanBuilder(layout.replicas, false, profile, bundled);
  const hyper = b.slab('hyper', 'hyper', [64]);
  const written = b.slab('written', 'written', [LINES, lineLength(config)]);
  const routing = routingTensors(b, config, hyper);
  const tensors = { hyper, counters: b.slab('characters written', 'state', [64]), written };
  const sizes = { seqLen: config.seqLen, prompt: promptLength(config), temperature: TEMPERATURE };
  writeText(b, tensors, sizes, (inputs) => {
    return decoder(b, config, LINES, bindParameters(b, layout), inputs, routing).logits;
  });
  return { plan: buildPlan(b), written };
}

/** A few held-out documents, and of each layer what they are sent to and how much each token heeds those before it. */
export interface CloserPlan {
  plan: Plan;
  /** `[B·T]` */
  inputs: Tensor;
  /** How many of the batch are looked at, the first ones. */
  documents: number;
  /** Experts of each layer, `[B·T·k]`; empty for a dense model. */
  experts: Tensor[];
  /** Weights of attention of each layer, `[documents, H, T, T]`. */
  weights: Tensor[];
}

/**
 * The first batch of the held-out set, as far as the last layer's choice of experts: of a batch as large as an
 * evaluation's, because that has the kernels compiled, and fewer rows would mean other tiles.
 */
export function closerPlan(
  config: StaticConfig,
  layout: ModelLayout,
  scheduleRows: number,
  profile: KernelProfile,
  bundled: boolean,
): CloserPlan {
  const { batchSize } = heldOut(config);
  const documents = Math.min(LOOK_DOCUMENTS, batchSize);
  const { seqLen, model } = config;
  const b = new PlanBuilder(layout.replicas, false, profile, bundled);
  const tables = samplerTensors(b, scheduleRows, b.slab('batch counters', 'state', [64]));
  const { inputs } = sampleBatch(b, config, tables, batchSize, 'evaluate');
  const routing = routingTensors(b, config, tables.hyper);
  const shape = { batch: batchSize, sequences: documents, seqLen, heads: model.nHeads };
  const weights: Tensor[] = [];
  const { choices } = decoder(b, config, batchSize, bindParameters(b, layout), inputs, routing, (qkv) => {
    weights.push(attentionWeights(b, qkv, shape));
  });
  const experts = choices.map((choice) => choice.experts);
  for (const tensor of [inputs, ...experts, ...weights]) b.keep(tensor);
  return { plan: buildPlan(b), inputs, documents, experts, weights };
}

function routingTensors(b: PlanBuilder, config: StaticConfig, hyper: Tensor): RoutingTensors {
  const { moe, nLayers } = config.model;
  if (!moe) return { hyper, biases: [], tables: [] };
  const layers = Array.from({ length: nLayers }, (_, layer) => layer);
  const shape = [tableKeys(config), moe.topK];
  const words = b.replicas * partStride(sizeOf(shape));
  return {
    hyper,
    biases: layers.map((layer) => b.slab('router biases', 'biases', [64], routerBiasOffset(b.replicas, layer))),
    tables: shape[0] === 0 ? [] : layers.map((layer) => b.slab('expert table', 'tables', shape, layer * words)),
  };
}

function samplerTensors(b: PlanBuilder, scheduleRows: number, counters: Tensor): SamplerTensors {
  return {
    hyper: b.slab('hyper', 'hyper', [64]),
    schedule: b.slab('schedule', 'schedule', [scheduleRows, SCHEDULE_COLUMNS]),
    counters,
  };
}
