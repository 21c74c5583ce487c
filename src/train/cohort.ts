/**
 * One cohort on the GPU: R runs of one static config as replicas of one plan. It submits steps and reads
 * metrics back; what to do next is decided by the trainer.
 */
import type { Allocator } from '../gpu/allocator';
import type { KernelProfile } from '../gpu/profile';
import { branchesOf, outputVocabulary, totalSteps, type Branch } from '../config/flops';
import {
  staticConfig,
  type Hyper,
  type HyperPatch,
  type RunSpec,
  type StaticConfig,
  type TextSource,
} from '../config/run-spec';
import { scheduleTable, SCHEDULE_COLUMNS } from '../config/schedule';
import { expertTable, tableKeys } from '../nn/expert-tables';
import { blockTable, modelLayout, type ModelLayout } from '../nn/layout';
import { ModelState, SAVED, snapshotBytes, stateBytes, type SavedSlabs, type Snapshot } from '../nn/model-state';
import { planBytes, Replay, type Slabs } from '../plan/replay';
import { partStride, PART_ALIGNMENT, sizeOf, wordsOf, type Tensor } from '../plan/tensor';
import type { CloserLookEvent, Evaluation, LayerRouting, LookEvent, SavedState, WrittenText } from '../protocol';
import { writeTokens, type Tokens } from '../data/text';
import { hyperRow } from './hyper-row';
import { closerDocuments, layerRouting, readDocuments } from './look';
import { Readback, type Range } from './readback';
import { heldOut } from '../config/held-out';
import { sourceSlabs, sourceWords, textOf, type Texts } from './source';
import { closerPlan, evaluationPlan, RING_STEPS, trainPlan, writingPlan, type CloserPlan, type StepPlan } from './step';
import { beginnings, readLines, WRITTEN } from './writing';

/** Floats of one metrics row: loss, floor, gradient norm, learning rate. */
export const METRIC_COLUMNS = 4;

/** The CPU's half of a cohort: counts, plans and memory, known before anything is allocated. */
export interface CohortPlan {
  config: StaticConfig;
  hypers: Hyper[];
  profile: KernelProfile;
  layout: ModelLayout;
  steps: number;
  branches: Branch[];
  train: StepPlan;
  evaluate: StepPlan;
  /** Where a text is read. */
  write?: ReturnType<typeof writingPlan>;
  closer: CloserPlan;
  bytes: number;
}

/** Plans for runs whose static configs are equal. */
export function planCohort(specs: RunSpec[], profile: KernelProfile = 'register', bundled = false): CohortPlan {
  const config = staticConfig(specs[0]!);
  const layout = modelLayout(config, specs.length);
  const steps = totalSteps(config);
  const train = trainPlan(config, layout, steps, profile, bundled);
  const evaluate = evaluationPlan(config, layout, steps, profile, bundled);
  const write = config.source.kind === 'text' ? writingPlan(config, layout, profile, bundled) : undefined;
  const closer = closerPlan(config, layout, steps, profile, bundled);
  const perReplica = [
    // Schedule, hyper row and evaluation counters.
    ...[steps * SCHEDULE_COLUMNS, PART_ALIGNMENT, PART_ALIGNMENT],
    // The metrics ring and a read-back for each of two submits in flight; the evaluation's ring and its read-back.
    ...new Array<number>(3).fill(RING_STEPS * METRIC_COLUMNS),
    ...new Array<number>(2).fill(heldOut(config).batches * METRIC_COLUMNS),
    ...(write ? [write.written.size, PART_ALIGNMENT] : []),
  ];
  const blocks = partStride(layout.words / 16);
  const source = sourceWords(config, specs.length);
  const tables = 4 * (blocks + source + sum(perReplica.map((words) => specs.length * partStride(words))));
  const expertTables = tableWords(config, specs.length) * 4;
  const routed = routingTensors(evaluate);
  // Read-backs of the routing of all replicas, and of a look inside the first.
  const lines = write ? partStride(write.written.size) : 0;
  const looked = [...lookTensors(evaluate), ...closerTensors(closer)];
  const looks = lines + sum(routed.map(wordsOf)) + sum(looked.map(({ size }) => partStride(size)));
  const branches = branchesOf(config);
  // The trunk's, while a branch trains that it goes on behind; and as much again to read a checkpoint back.
  const snapshots = (branches.length > 1 ? 3 : 1) * snapshotBytes(layout);
  const replayed = [train.plan, evaluate.plan, closer.plan, ...(write ? [write.plan] : [])];
  const plans = sum(replayed.map(planBytes));
  const bytes = stateBytes(layout) + snapshots + plans + tables + expertTables + looks * 4;
  const hypers = specs.map((spec) => spec.hyper);
  return { config, hypers, profile, layout, steps, branches, train, evaluate, ...(write && { write }), closer, bytes };
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** What an evaluation batch leaves behind of its routing: its inputs, then each layer's experts and entropy. */
function routingTensors({ batch, choices }: StepPlan): [inputs: Tensor, ...Tensor[]] {
  return [batch.inputs, ...choices.flatMap(({ experts, entropy }) => (entropy ? [experts, entropy] : [experts]))];
}

/** What a look reads of an evaluation batch. */
function lookTensors(evaluate: StepPlan): Tensor[] {
  return [evaluate.batch.targets, evaluate.logits, ...routingTensors(evaluate)];
}

/** What a closer look reads. */
function closerTensors({ inputs, experts, weights }: CloserPlan): [inputs: Tensor, ...Tensor[]] {
  return [inputs, ...experts, ...weights];
}

/** Words of the fixed tables of all layers; 0 where a matrix chooses. */
function tableWords(config: StaticConfig, replicas: number): number {
  return config.model.nLayers * replicas * partStride(tableKeys(config) * (config.model.moe?.topK ?? 0));
}

function isOfText(config: StaticConfig): config is StaticConfig<TextSource> {
  return config.source.kind === 'text';
}

/** What it takes to let the models write. */
interface Writing {
  replay: Replay;
  slabs: Slabs & { state: GPUBuffer; written: GPUBuffer };
  config: StaticConfig<TextSource>;
  text: Tokens;
}

export class Cohort {
  #hypers: Hyper[];
  #buffers: GPUBuffer[] = [];
  #state!: ModelState;
  #slabs!: Slabs;
  #evaluationSlabs!: Slabs;
  #train!: Replay;
  #evaluate!: Replay;
  #writing: Writing | undefined;
  /** Made when somebody first looks closer. */
  #closer: Replay | undefined;
  #readback: Readback;
  /** Steps done by the state that is on the GPU now. */
  #step = 0;

  private constructor(
    private readonly allocator: Allocator,
    readonly plan: CohortPlan,
  ) {
    this.#hypers = plan.hypers.map((hyper) => ({ ...hyper }));
    this.#readback = new Readback(allocator);
  }

  /**
   * Compiles, allocates and uploads: initial weights, or a state that was saved. Rejects with a LabError when a kernel
   * or a buffer is refused, or the text is not at hand.
   */
  static async create(
    allocator: Allocator,
    plan: CohortPlan,
    texts: Texts = new Map(),
    saved?: SavedState,
  ): Promise<Cohort> {
    const cohort = new Cohort(allocator, plan);
    try {
      await cohort.#open(texts);
      if (saved) cohort.#load(saved);
    } catch (error) {
      cohort.destroy();
      throw error;
    }
    return cohort;
  }

  get replicas(): number {
    return this.plan.hypers.length;
  }

  get step(): number {
    return this.#step;
  }

  async #open(texts: Texts): Promise<void> {
    const { allocator, plan } = this;
    const { config, layout, hypers, steps } = plan;
    const { replicas } = this;
    this.#state = new ModelState(
      allocator,
      layout,
      config,
      hypers.map((hyper) => hyper.seed),
    );
    const sources = Object.entries(sourceSlabs(config, hypers, texts));
    const upload = (name: string, parts: (Uint32Array | Float32Array)[]): GPUBuffer =>
      this.#own(allocator.upload(name, packParts(parts)));
    const empty = (name: string, words: number): GPUBuffer =>
      this.#own(allocator.storage(name, replicas * partStride(words) * 4));
    const layers = Array.from({ length: config.model.nLayers }, (_, layer) => layer);
    const shared = {
      params: this.#state.slabs.params,
      // The router's biases lie in the state, behind the counters, so that a snapshot has them.
      biases: this.#state.slabs.state,
      ...(tableKeys(config) > 0 && {
        tables: upload(
          'expert tables',
          layers.flatMap((layer) => hypers.map(({ seed }) => expertTable(config, seed, layer))),
        ),
      }),
      hyper: upload(
        'hyper',
        hypers.map((hyper) => hyperRow(hyper, config.source)),
      ),
      schedule: empty('schedule', steps * SCHEDULE_COLUMNS),
      ...(Object.fromEntries(sources.map(([slab, parts]) => [slab, upload(slab, parts)])) as Slabs),
    };
    this.#slabs = {
      ...this.#state.slabs,
      ...shared,
      blocks: upload('blocks', [blockTable(layout)]),
      ring: empty('metrics ring', RING_STEPS * METRIC_COLUMNS),
    };
    this.#evaluationSlabs = {
      ...shared,
      state: empty('evaluation counters', 64),
      ring: empty('evaluation ring', heldOut(config).batches * METRIC_COLUMNS),
    };
    this.aimAt(steps);
    this.#train = await Replay.create(allocator, plan.train.plan, this.#slabs);
    this.#evaluate = await Replay.create(allocator, plan.evaluate.plan, this.#evaluationSlabs);
    if (!plan.write || !isOfText(config)) return;
    const slabs = {
      ...shared,
      state: empty('writing counters', 64),
      written: empty('written', plan.write.written.size),
    };
    const replay = await Replay.create(allocator, plan.write.plan, slabs);
    this.#writing = { replay, slabs, config, text: textOf(config.source, texts) };
  }

  #own(buffer: GPUBuffer): GPUBuffer {
    this.#buffers.push(buffer);
    return buffer;
  }

  /** Uploads the schedule of a run of `steps` steps: the trunk's, or a branch's that decays earlier. */
  aimAt(steps: number): void {
    const { config, steps: total } = this.plan;
    const parts = this.#hypers.map((hyper) => scheduleTable(config.schedule, hyper, total, steps, total));
    this.allocator.device.queue.writeBuffer(this.#slabs.schedule!, 0, packParts(parts));
  }

  /** Runs `count` ≤ 64 steps in one submit. Resolves, when they are done, with their metrics `[count, R, 4]`. */
  async run(count: number): Promise<Float32Array<ArrayBuffer>> {
    const { device } = this.allocator;
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let i = 0; i < count; i++) this.#train.encode(pass);
    pass.end();
    const first = this.#step;
    this.#step += count;
    const ring = await this.#readback.submit(encoder, this.#slabs.ring!);
    return this.#rows(ring, first, count, RING_STEPS);
  }

  /** Rows `first` … of a ring, step-major. */
  #rows(ring: Float32Array, first: number, count: number, ringSteps: number): Float32Array<ArrayBuffer> {
    const rows = new Float32Array(count * this.replicas * METRIC_COLUMNS);
    const stride = partStride(ringSteps * METRIC_COLUMNS);
    for (let i = 0; i < count; i++) {
      for (let replica = 0; replica < this.replicas; replica++) {
        const at = replica * stride + ((first + i) % ringSteps) * METRIC_COLUMNS;
        rows.set(ring.subarray(at, at + METRIC_COLUMNS), (i * this.replicas + replica) * METRIC_COLUMNS);
      }
    }
    return rows;
  }

  /** Loss of every replica on the held-out set, or on its first `batches` batches. */
  async evaluate(batches = heldOut(this.plan.config).batches): Promise<Evaluation[]> {
    const { device } = this.allocator;
    const set = heldOut(this.plan.config);
    const tokens = (set.tokens * batches) / set.batches;
    const encoder = device.createCommandEncoder();
    encoder.clearBuffer(this.#evaluationSlabs.state!);
    const pass = encoder.beginComputePass();
    for (let i = 0; i < batches; i++) this.#evaluate.encode(pass);
    pass.end();
    const ring = this.#evaluationSlabs.ring!;
    const routing = routingTensors(this.plan.evaluate).map((tensor) => this.#kept(tensor));
    const ranges = [{ buffer: ring, offset: 0, size: ring.size }, ...routing];
    const [metrics, ...routed] = await this.#readback.submitRanges(encoder, ranges);
    const rows = this.#rows(metrics!, 0, batches, set.batches);
    return Array.from({ length: this.replicas }, (_, replica) => {
      let loss = 0;
      let floor = 0;
      for (let i = 0; i < batches; i++) {
        const at = (i * this.replicas + replica) * METRIC_COLUMNS;
        loss += rows[at]! / batches;
        floor += rows[at + 1]! / batches;
      }
      const routing = this.#routing(routed, replica);
      return {
        ...{ loss, floor, excess: loss - floor, evalTokens: tokens, diverged: hasDiverged(loss, this.plan.config) },
        ...(routing.length > 0 && { routing }),
      };
    });
  }

  /** A look inside replica 0: the first batch of the held-out set, how it was routed and what was made of it. */
  async look(): Promise<Pick<LookEvent, 'documents' | 'written' | 'routing'>> {
    const { device } = this.allocator;
    const { config, evaluate } = this.plan;
    const encoder = device.createCommandEncoder();
    encoder.clearBuffer(this.#evaluationSlabs.state!);
    const pass = encoder.beginComputePass();
    this.#evaluate.encode(pass);
    pass.end();
    const ranges = lookTensors(evaluate).map((tensor) => this.#kept(tensor, 1));
    const looking = this.#readback.submitRanges(encoder, ranges);
    const written = await this.#write();
    const [targets, logits, ...routed] = await looking;
    if (written) return { documents: [], written, routing: this.#routing(routed, 0) };
    const inputs = wordsOfPart(routed[0]!, evaluate.batch.inputs, 0);
    return {
      documents: readDocuments(config, inputs, wordsOfPart(targets!, evaluate.batch.targets, 0), logits!),
      routing: this.#routing(routed, 0),
    };
  }

  /**
   * A closer look inside replica 0: where tokens of some held-out documents are sent, and which they heed. Its kernels
   * are compiled when it is first asked for. One at a time.
   */
  async lookCloser(): Promise<Pick<CloserLookEvent, 'step' | 'documents'>> {
    const { config, closer } = this.plan;
    this.#closer ??= await Replay.create(this.allocator, closer.plan, this.#evaluationSlabs);
    const replay = this.#closer;
    const encoder = this.allocator.device.createCommandEncoder();
    encoder.clearBuffer(this.#evaluationSlabs.state!);
    const pass = encoder.beginComputePass();
    replay.encode(pass);
    pass.end();
    const tensors = closerTensors(closer);
    const ranges = tensors.map((tensor) => rangeIn(replay, tensor, 1));
    const step = this.#step;
    const [inputs, ...rest] = await this.#readback.submitRanges(encoder, ranges);
    const experts = closer.experts.map((tensor, layer) => wordsOfPart(rest[layer]!, tensor, 0));
    const weights = rest.slice(experts.length);
    const words = wordsOfPart(inputs!, closer.inputs, 0);
    const documents = closerDocuments(config, closer.documents, words, experts, weights);
    const text = this.#writing?.text;
    if (!text) return { step, documents };
    const characters = (tokens: number[]): string[] => tokens.map((token) => writeTokens(text, [token]));
    return { step, documents: documents.map((each) => ({ ...each, characters: characters(each.tokens) })) };
  }

  /** What replica 0 writes on the text's own beginnings, behind the steps submitted so far. */
  async #write(): Promise<WrittenText[] | undefined> {
    if (!this.#writing) return undefined;
    const { replay, slabs, config, text } = this.#writing;
    const { device } = this.allocator;
    const lines = beginnings(config, text);
    const { written, state } = slabs;
    device.queue.writeBuffer(written, 0, packParts(new Array<Uint32Array>(this.replicas).fill(lines)));
    const encoder = device.createCommandEncoder();
    encoder.clearBuffer(state);
    const pass = encoder.beginComputePass();
    for (let i = 0; i < WRITTEN; i++) replay.encode(pass);
    pass.end();
    const size = partStride(lines.length) * 4;
    const [first] = await this.#readback.submitRanges(encoder, [{ buffer: written, offset: 0, size }]);
    return readLines(config, text, new Uint32Array(first!.buffer));
  }

  /** Where an evaluation's tensor lies: all its replicas, or the first `parts` of them. */
  #kept(tensor: Tensor, parts = this.replicas): Range {
    return rangeIn(this.#evaluate, tensor, parts);
  }

  /** Use of the experts in each layer, from the contents of `routingTensors`. */
  #routing([inputs, ...rest]: Float32Array[], replica: number): LayerRouting[] {
    const { batch, choices } = this.plan.evaluate;
    let at = 0;
    return choices.map(({ experts, entropy }) => {
      const chosen = wordsOfPart(rest[at++]!, experts, replica);
      const entropies = entropy && new Float32Array(wordsOfPart(rest[at++]!, entropy, replica).buffer);
      return layerRouting(this.plan.config, wordsOfPart(inputs!, batch.inputs, replica), chosen, entropies);
    });
  }

  /** Keeps the state as it is after the steps submitted so far. */
  snapshot(): { state: Snapshot; step: number } {
    return { state: this.#state.snapshot(), step: this.#step };
  }

  restore({ state, step }: { state: Snapshot; step: number }): void {
    this.#state.restore(state);
    this.#step = step;
  }

  /** Reads the state as it is behind the steps submitted so far, or a snapshot of it. Nothing waits for it. */
  async save(snapshot?: { state: Snapshot; step: number }): Promise<SavedState> {
    const step = snapshot?.step ?? this.#step;
    const buffers = snapshot?.state.buffers ?? this.#state.slabs;
    const { device } = this.allocator;
    // Submitted at once, so that no step comes between; one read-back each, because buffers have a largest size.
    const reads = SAVED.map((name) => this.#readback.submit(device.createCommandEncoder(), buffers[name]));
    const slabs = await Promise.all(reads);
    return { step, ...(Object.fromEntries(SAVED.map((name, i) => [name, slabs[i]])) as SavedSlabs) };
  }

  #load(saved: SavedState): void {
    this.#state.load(saved);
    this.#step = saved.step;
  }

  /** A snapshot with a saved state's content; the state at hand stays as it is. */
  snapshotOf(saved: SavedState): { state: Snapshot; step: number } {
    const state = this.#state.snapshot();
    for (const name of SAVED) this.allocator.device.queue.writeBuffer(state.buffers[name], 0, saved[name]);
    return { state, step: saved.step };
  }

  /** The weights of each replica behind the steps submitted so far: all parameters in order, unpadded. */
  async weights(): Promise<Float32Array<ArrayBuffer>[]> {
    const { parameters } = this.plan.layout;
    const data = await this.#readback.submit(this.allocator.device.createCommandEncoder(), this.#state.slabs.params);
    return Array.from({ length: this.replicas }, (_, replica) => {
      const weights = new Float32Array(sum(parameters.map(({ shape }) => sizeOf(shape))));
      let at = 0;
      for (const { offset, shape } of parameters) {
        const from = offset + replica * partStride(sizeOf(shape));
        weights.set(data.subarray(from, from + sizeOf(shape)), at);
        at += sizeOf(shape);
      }
      return weights;
    });
  }

  /** Changes a replica's row; in effect from the next submit on. */
  setHyper(replica: number, patch: HyperPatch): void {
    const hyper = { ...this.#hypers[replica]!, ...patch };
    this.#hypers[replica] = hyper;
    const row = hyperRow(hyper, this.plan.config.source);
    this.allocator.device.queue.writeBuffer(this.#slabs.hyper!, replica * row.byteLength, row);
  }

  /** All words of one slab of the state. For exports and tests. */
  async read(slab: 'params' | 'grads' | 'm' | 'v' | 'state'): Promise<Float32Array<ArrayBuffer>> {
    return this.#readback.submit(this.allocator.device.createCommandEncoder(), this.#slabs[slab]!);
  }

  /** The training plan's replay and its buffers. For tests and for looking inside. */
  get training(): Replay {
    return this.#train;
  }

  destroy(): void {
    this.#train?.destroy();
    this.#evaluate?.destroy();
    this.#writing?.replay.destroy();
    this.#closer?.destroy();
    this.#state?.destroy();
    this.#readback.destroy();
    for (const buffer of this.#buffers) this.allocator.destroy(buffer);
    this.#buffers = [];
  }
}

/** Where the first `parts` parts of a kept tensor lie. */
function rangeIn(replay: Replay, tensor: Tensor, parts: number): Range {
  const { buffer, offset = 0 } = replay.rangeOf(tensor);
  return { buffer, offset, size: parts * partStride(tensor.size) * 4 };
}

/** A copy of one replica's part, as words. */
function wordsOfPart(data: Float32Array, { size }: Tensor, replica: number): Uint32Array<ArrayBuffer> {
  return new Uint32Array(data.slice(replica * partStride(size), replica * partStride(size) + size).buffer);
}

/** Not a number, or twice as bad as guessing: no run that learns gets there. */
function hasDiverged(loss: number, config: StaticConfig): boolean {
  return !(loss <= 2 * Math.log(outputVocabulary(config)));
}

/** Parts one behind the other, each padded to the alignment, as every tensor is laid out. */
function packParts(parts: (Uint32Array | Float32Array)[]): Uint32Array<ArrayBuffer> {
  const stride = partStride(parts[0]!.length);
  const packed = new Uint32Array(parts.length * stride);
  parts.forEach((part, i) => packed.set(new Uint32Array(part.buffer, part.byteOffset, part.length), i * stride));
  return packed;
}
