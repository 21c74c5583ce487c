/**
 * The whole training step of the decoder, dense or sparse, in float64: forward, every gradient by name, clipping,
 * AdamW, schedule; and the loss trajectory of a run.
 */
import { inputVocabulary, outputVocabulary, totalSteps } from '../../src/config/flops';
import type { Hyper, SourceConfig, StaticConfig, TextSource, TopicsSource } from '../../src/config/run-spec';
import { lrScale, openFraction } from '../../src/config/schedule';
import { trainingWindows } from '../../src/data/text';
import { topicTables, trainingBatch } from '../../src/data/topics';
import { initialWeights } from '../../src/nn/init';
import { parameterList } from '../../src/nn/parameters';
import * as ops from './ops';
import { initialRouterBiases, sparseInputs, sparseLayer, type SparseInputs, type SparseLayer } from './sparse-layer';

/** Parameters, gradients or moments by name, with the shapes of `parameterList`. */
export type Tensors = Map<string, Float64Array>;

/** Tokens of a batch, both [B·T]. */
export interface Batch {
  inputs: Uint32Array;
  targets: Uint32Array;
}

export interface StepResult {
  /** [B·T, V] */
  logits: Float64Array;
  /** Mean over scored tokens, nats; without the router's losses. */
  loss: number;
  /** What the router's losses add before differentiation. */
  extraLoss: number;
  /** Of `loss + extraLoss`; zeros for a frozen router. */
  grads: Tensors;
  /** Queries, keys and values of each layer, [B·T, 3·D]. */
  projections: Float64Array[];
  /** What each sparse layer did; none in a dense model. */
  routings: SparseLayer[];
}

export function joinDocuments(documents: Batch[]): Batch {
  return {
    inputs: Uint32Array.from(documents.flatMap((document) => [...document.inputs])),
    targets: Uint32Array.from(documents.flatMap((document) => [...document.targets])),
  };
}

/** The initial weights of src/nn/init.ts, widened. */
export function referenceWeights(config: StaticConfig, seed: number): Tensors {
  return new Map([...initialWeights(config, seed)].map(([name, values]) => [name, Float64Array.from(values)]));
}

/** Logits, loss and every gradient of one batch. Only a sparse model needs `sparse`. */
export function forwardBackward(
  config: StaticConfig,
  weights: Tensors,
  { inputs, targets }: Batch,
  sparse?: SparseInputs,
): StepResult {
  const { dModel: d, nLayers, nHeads, dFf, activation } = config.model;
  const rows = inputs.length;
  const vocab = outputVocabulary(config);
  const embeddingShape = { seqLen: config.seqLen, cols: d };
  const attentionShape = { batch: rows / config.seqLen, seqLen: config.seqLen, heads: nHeads, headWidth: d / nHeads };
  const shapes = {
    qkv: { rows, inputs: d, outputs: 3 * d },
    proj: { rows, inputs: d, outputs: d },
    fc1: { rows, inputs: d, outputs: dFf, activation },
    fc2: { rows, inputs: dFf, outputs: d },
    head: { rows, inputs: d, outputs: vocab },
  };

  const get = (name: string): Float64Array => {
    const tensor = weights.get(name);
    if (!tensor) throw new Error(`There is no parameter ${name}.`);
    return tensor;
  };
  const operands = (name: string, x: Float64Array, residual?: Float64Array): ops.LinearOperands => ({
    x,
    weight: get(`${name}.weight`),
    bias: weights.get(`${name}.bias`),
    residual,
  });

  // Forward, keeping what the backward reads.
  const norm = (name: string, x: Float64Array): Float64Array =>
    config.model.norm === 'rmsnorm'
      ? ops.rmsnorm(x, get(`${name}.weight`), { rows, cols: d }).y
      : ops.layernorm(x, get(`${name}.weight`), get(`${name}.bias`), { rows, cols: d }).y;

  const dense = (name: string, input: Float64Array, residual: Float64Array) => {
    const hidden = ops.linear(operands(`${name}.fc1`, input), shapes.fc1);
    return {
      y: ops.linear(operands(`${name}.fc2`, hidden, residual), shapes.fc2),
      backward: (dy: Float64Array): Float64Array =>
        linearBackward('fc1', `${name}.`, input, linearBackward('fc2', `${name}.`, hidden, dy)),
    };
  };
  const routings: SparseLayer[] = [];
  const experts = (layer: number, input: Float64Array, residual: Float64Array): SparseLayer => {
    if (!sparse) throw new Error('A sparse model needs its sparse inputs.');
    const done = sparseLayer(config, weights, sparse, layer, inputs, input, residual);
    routings.push(done);
    return done;
  };

  let x = ops.embedding(inputs, get('tokenEmbedding'), get('positionEmbedding'), embeddingShape);
  const layers = Array.from({ length: nLayers }, (_, l) => {
    const name = `layers.${l}`;
    const before = x;
    const normed1 = norm(`${name}.norm1`, before);
    const qkv = ops.linear(operands(`${name}.qkv`, normed1), shapes.qkv);
    const attended = ops.attention(qkv, attentionShape).y;
    const between = ops.linear(operands(`${name}.proj`, attended, before), shapes.proj);
    const normed2 = norm(`${name}.norm2`, between);
    const mlp = config.model.moe ? experts(l, normed2, between) : dense(name, normed2, between);
    x = mlp.y;
    return { name, before, normed1, qkv, attended, between, mlp };
  });
  const normed = norm('finalNorm', x);
  const logits = ops.linear(operands('head', normed), shapes.head);
  const { loss } = ops.crossEntropy(logits, targets, vocab);

  // Backward, in the opposite order.
  const grads: Tensors = new Map();
  const linearBackward = (name: keyof typeof shapes, prefix: string, input: Float64Array, dy: Float64Array) => {
    const { dx, dweight, dbias } = ops.linearBackward(operands(prefix + name, input), dy, shapes[name]);
    grads.set(`${prefix}${name}.weight`, dweight);
    if (weights.has(`${prefix}${name}.bias`)) grads.set(`${prefix}${name}.bias`, dbias);
    return dx;
  };
  const normBackward = (name: string, input: Float64Array, dy: Float64Array): Float64Array => {
    const weight = get(`${name}.weight`);
    if (config.model.norm === 'rmsnorm') {
      const { dx, dweight } = ops.rmsnormBackward(input, weight, dy, { rows, cols: d });
      grads.set(`${name}.weight`, dweight);
      return dx;
    }
    const { dx, dweight, dbias } = ops.layernormBackward(input, weight, dy, { rows, cols: d });
    grads.set(`${name}.weight`, dweight).set(`${name}.bias`, dbias);
    return dx;
  };
  const add = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value + b[i]!);

  const dlogits = ops.crossEntropyBackward(logits, targets, vocab);
  let dx = normBackward('finalNorm', x, linearBackward('head', '', normed, dlogits));
  for (const { name, before, normed1, qkv, attended, between, mlp } of layers.toReversed()) {
    const dbetween = add(dx, normBackward(`${name}.norm2`, between, mlp.backward(dx, grads)));
    const dattended = linearBackward('proj', `${name}.`, attended, dbetween);
    const dqkv = ops.attentionBackward(qkv, dattended, attentionShape);
    const dnormed1 = linearBackward('qkv', `${name}.`, normed1, dqkv);
    dx = add(dbetween, normBackward(`${name}.norm1`, before, dnormed1));
  }
  const { dtokenTable, dpositionTable } = ops.embeddingBackward(inputs, dx, inputVocabulary(config), embeddingShape);
  grads.set('tokenEmbedding', dtokenTable).set('positionEmbedding', dpositionTable);
  const extraLoss = routings.reduce((sum, routing) => sum + routing.extraLoss, 0);
  const projections = layers.map(({ qkv }) => qkv);
  return { logits, loss, extraLoss, grads, projections, routings };
}

/** What one training run carries from step to step. */
export interface ReferenceState {
  weights: Tensors;
  /** First and second moments of AdamW. */
  m: Tensors;
  v: Tensors;
  /** [E] of each sparse layer. */
  routerBiases: Float64Array[];
  /** Steps done. */
  step: number;
}

export function initialState(config: StaticConfig, seed: number): ReferenceState {
  const weights = referenceWeights(config, seed);
  const zeros = () => new Map([...weights].map(([name, values]) => [name, new Float64Array(values.length)]));
  return { weights, m: zeros(), v: zeros(), routerBiases: initialRouterBiases(config), step: 0 };
}

export interface StepReport extends StepResult {
  /** Global norm of the gradients before clipping. */
  gradNorm: number;
  /** Learning rate, schedule included. */
  lr: number;
  /** [E] of each sparse layer, as they chose the experts of this step. */
  routerBiases: Float64Array[];
}

/** One optimiser step on `batch`, in place. Gradients are reported as they were before clipping. */
export function trainStep(config: StaticConfig, hyper: Hyper, state: ReferenceState, batch: Batch): StepReport {
  const routerBiases = state.routerBiases.map((bias) => bias.slice());
  const result = forwardBackward(config, state.weights, batch, sparseInputs(config, hyper, routerBiases));
  const gradNorm = ops.globalNorm(result.grads.values());
  const factor = ops.clipFactor(gradNorm, hyper.clipNorm);
  const lr = hyper.lr * lrScale(config.schedule, state.step, totalSteps(config));
  state.step += 1;
  for (const { name, group } of parameterList(config)) {
    if (group === 'frozen') continue;
    const grad = result.grads.get(name)!.map((value) => value * factor);
    const weightDecay = group === 'matrix' ? hyper.weightDecay : 0;
    const moments = [state.m.get(name)!, state.v.get(name)!] as const;
    ops.adamw(state.weights.get(name)!, grad, ...moments, state.step, { ...hyper, lr, weightDecay });
  }
  for (const [layer, { visits }] of result.routings.entries()) {
    ops.updateRouterBias(state.routerBiases[layer]!, visits, hyper.biasRate);
  }
  return { ...result, gradNorm, lr, routerBiases };
}

function reads<Kind extends SourceConfig>(config: StaticConfig, kind: Kind['kind']): config is StaticConfig<Kind> {
  return config.source.kind === kind;
}

/** What a run reads, step by step. A text comes as `tokens`. */
function batches(config: StaticConfig, hyper: Hyper, tokens?: Uint8Array): (step: number) => Batch {
  if (reads<TextSource>(config, 'text')) return (step) => joinDocuments(trainingWindows(config, hyper, tokens!, step));
  if (!reads<TopicsSource>(config, 'topics')) throw new Error('unknown source');
  const tables = topicTables(config.source, hyper);
  return (step) => {
    const open = openFraction(hyper.curriculum, step, totalSteps(config));
    return joinDocuments(trainingBatch(config, hyper, tables, step, open));
  };
}

/** The reports of the first `steps` steps of the run that config and hyper describe, before each update. */
export function* referenceRun(
  config: StaticConfig,
  hyper: Hyper,
  steps: number,
  tokens?: Uint8Array,
): Generator<StepReport & { batch: Batch }> {
  const batchOf = batches(config, hyper, tokens);
  const state = initialState(config, hyper.seed);
  for (let step = 0; step < steps; step++) {
    const batch = batchOf(step);
    yield { ...trainStep(config, hyper, state, batch), batch };
  }
}

/** Training loss of each of the first `steps` steps, nats per scored token, before that step's update. */
export function trainReference(config: StaticConfig, hyper: Hyper, steps: number): number[] {
  return Array.from(referenceRun(config, hyper, steps), ({ loss }) => loss);
}
