/**
 * A TrainWorker that computes nothing: its losses follow a formula, its clock can be as fast as a test likes.
 * It keeps to the protocol: cohorts by static key, interleaving by FLOPs done or turns, pause, step, stop, skip, branches,
 * checkpoints that it goes on from, weights.
 */
import {
  branchesOf,
  countParameters,
  executedSteps,
  scoredPerSequence,
  tokensPerStep,
  totalSteps,
  trainFlopsPerStep,
  topicsOf,
} from '../../src/config/flops';
import { canonicalJson, staticKey, type HyperPatch, type RunSpec } from '../../src/config/run-spec';
import { lrScale } from '../../src/config/schedule';
import { SUCCESSOR_PROBABILITIES, topicTables } from '../../src/data/topics';
import {
  METRICS,
  type Checkpoint,
  type CloserDocument,
  type CohortDescription,
  type DeviceInfo,
  type Evaluation,
  type KernelText,
  type LabErrorCode,
  type LayerRouting,
  type ReadDocument,
  type RunRequest,
  type RunResult,
  type SavedState,
  type StartOptions,
  type TrainEvent,
  type TrainOutcome,
  type TrainWorker,
} from '../../src/protocol';
import { parameterList } from '../../src/nn/parameters';
import { cohortKey } from '../../src/train/identity';
import { segmentsOf, type Segment } from '../../src/train/segments';

export interface FakeOptions {
  /** Training FLOPs that it pretends to do in a second; Infinity never waits. */
  flopsPerSecond?: number;
  /** Method that rejects, and with what. */
  fail?: { method: keyof TrainWorker; code: LabErrorCode; sentence: string };
  /** Progress at which `start` rejects. */
  failAt?: { fraction: number; code: LabErrorCode; sentence: string };
  /** Seed of the arm of this width that becomes NaN, and after which part of its steps. */
  diverge?: { dModel: number; seed: number; after: number };
  /** Progress after which it never says anything again. */
  hangAt?: number;
}

const FLOOR = 0.914;
const GUESSING = Math.log(32);
const STEPS_PER_SUBMIT = 8;
/** Looks that it takes inside each cohort. */
const LOOKS = 10;

function labError(code: LabErrorCode, sentence: string): Error {
  const error = new Error(sentence);
  error.name = `LabError/${code}`;
  return error;
}

/** Repeatable noise in −1 … 1. */
function noise(a: number, b: number): number {
  const x = Math.sin(a * 127.1 + b * 311.7) * 43758.5453;
  return (x - Math.floor(x)) * 2 - 1;
}

interface FakeCohort {
  cohort: number;
  requests: RunRequest[];
  key: string;
  skipped: boolean;
  /** When it was saved last, by performance.now(). */
  savedAt: number;
  steps: number;
  /** Steps of the run that are done, and, with those of early branches, all. */
  step: number;
  executed: number;
  segments: Segment[];
  flopsPerStep: number;
  /** Losses so far, by replica, without early branches. */
  curves: { loss: number[]; excess: number[] }[];
  results: RunResult[];

  rates: number[];
  changes: { step: number; patch: HyperPatch }[][];
}

async function groups(runs: RunRequest[]): Promise<FakeCohort[]> {
  const byKey = new Map<string, RunRequest[]>();
  for (const run of runs) byKey.set(staticKey(run.spec), [...(byKey.get(staticKey(run.spec)) ?? []), run]);
  const keys = await Promise.all(
    [...byKey.values()].map((requests) =>
      cohortKey(
        requests.map(({ spec }) => spec),
        'register',
      ),
    ),
  );
  return [...byKey.values()].map((requests, cohort) => ({
    cohort,
    requests,
    key: keys[cohort]!,
    skipped: false,
    savedAt: performance.now(),
    steps: totalSteps(requests[0]!.spec),
    step: 0,
    executed: 0,
    segments: segmentsOf(branchesOf(requests[0]!.spec)),
    results: [],
    flopsPerStep: trainFlopsPerStep(requests[0]!.spec),
    curves: requests.map(() => ({ loss: [], excess: [] })),
    rates: requests.map((request) => request.spec.hyper.lr),
    changes: requests.map(() => []),
  }));
}

/** Looks like the real thing: a plateau, a fall, a bend by size, a last drop in the decay. */
function excessAt(spec: RunSpec, step: number, end: number): number {
  const tokens = step * tokensPerStep(spec);
  const size = countParameters(spec).nonEmbedding;
  const reach = 0.62 * (size / 7000) ** -0.32 * (tokens / 3e5) ** -0.42;
  const decayed = 0.86 + 0.14 * lrScale(spec.schedule, step - 1, end);
  const seed = 1 + 0.035 * noise(spec.hyper.seed, spec.model.dModel);
  return Math.min(GUESSING - FLOOR, (1 / (1 / 2.55 ** 3 + 1 / (reach * 1.5) ** 3)) ** (1 / 3)) * decayed * seed;
}

/** Experts that specialise by topic as skill grows from 0 to 1; undefined for a dense model. */
function fakeRouting({ model, source }: RunSpec, skill: number): LayerRouting[] | undefined {
  if (!model.moe) return undefined;
  const { nExperts } = model.moe;
  const normal = (row: number[]): number[] => {
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map((value) => value / sum);
  };
  return Array.from({ length: model.nLayers }, (_, layer): LayerRouting => {
    const byTopic = Array.from({ length: topicsOf({ source }) }, (_topic, topic) =>
      normal(
        Array.from({ length: nExperts }, (_expert, expert) => {
          const home = (topic * 5 + 3) % nExperts;
          const near = expert === home ? 1 : (expert + 1) % nExperts === home ? 0.9 : 0.05;
          const dead = expert === nExperts - 1 && nExperts > 4 ? 0 : 1;
          const drawn = 1 + 0.3 * noise(topic * 64 + expert, layer);
          return dead * drawn * (1 - skill * layer + skill * layer * 4 * near);
        }),
      ),
    );
    const load = normal(Array.from({ length: nExperts }, (_, e) => byTopic.reduce((sum, row) => sum + row[e]!, 0)));
    return {
      load,
      byTopic,
      entropy: Math.log(nExperts) * (1 - 0.6 * skill),
      dead: load.filter((share) => share === 0).length,
    };
  });
}

/** Texts by the source's own rules, and models that believe in them as far as they are skilled. */
function fakeDocuments(spec: RunSpec, skill: number): ReadDocument[] {
  const { source, seqLen, hyper } = spec;
  if (source.kind !== 'topics') return [];
  const { successors } = topicTables(source, hyper);
  const known = skill * (spec.model.moe ? 1 : 0.6);
  return [3, 0, 11].map((topic, d) => {
    const document: ReadDocument = { topic, tokens: [], probability: [], guess: [], guessProbability: [] };
    for (let t = 0; t < seqLen; t++) {
      const u = Math.abs(noise(d * 100 + t, 7));
      const key = document.tokens[t - source.lag];
      const row = ((key ?? 0) + topic * source.vocabSize) * SUCCESSOR_PROBABILITIES.length;
      const rank = u < 0.7 ? 0 : u < 0.85 ? 1 : u < 0.95 ? 2 : 3;
      const token = key === undefined ? Math.floor(u * source.vocabSize) : successors[row + rank]!;
      const believes = Math.abs(noise(t, d)) < known;
      document.tokens.push(token);
      document.probability.push(believes ? SUCCESSOR_PROBABILITIES[rank] : 0.04);
      document.guess.push(believes ? successors[row]! : (token + t) % source.vocabSize);
      document.guessProbability.push(believes ? 0.7 : 0.2);
    }
    return document;
  });
}

/** The same texts; one head looks a lag back, the next at the beginning, and experts follow the token. */
function fakeCloser(spec: RunSpec, skill: number): CloserDocument[] {
  const { source, seqLen, model } = spec;
  if (source.kind !== 'topics') return [];
  return fakeDocuments(spec, skill).map(({ topic, tokens: read }) => {
    const tokens = [source.vocabSize + topic, ...read.slice(0, -1)];
    const attention = Array.from({ length: model.nLayers }, () => {
      const layer = new Float32Array(model.nHeads * seqLen * seqLen);
      for (let row = 0; row < model.nHeads * seqLen; row++) {
        const query = row % seqLen;
        const liked = row < seqLen ? Math.max(0, query - source.lag) : 0;
        for (let key = 0; key <= query; key++) {
          layer[row * seqLen + key] = (1 - skill) / (query + 1) + (key === liked ? skill : 0);
        }
      }
      return layer;
    });
    const { nExperts = 1, topK = 0 } = model.moe ?? {};
    const experts = Array.from({ length: model.moe ? model.nLayers : 0 }, (_, layer) =>
      tokens.flatMap((token) => Array.from({ length: topK }, (_visit, j) => (token * 5 + 7 * j + layer) % nExperts)),
    );
    return { tokens, experts, attention };
  });
}

export class FakeTrainWorker implements TrainWorker {
  #running = false;
  #paused = false;
  #stopped = false;
  #wake: (() => void) | undefined;
  #singleSteps = 0;
  #cohorts: FakeCohort[] = [];
  #start: StartOptions = {};
  #onEvent: ((event: TrainEvent) => void) | undefined;
  #looking = false;

  constructor(readonly options: FakeOptions = {}) {}

  #check(method: keyof TrainWorker): void {
    const { fail } = this.options;
    if (fail?.method === method) throw labError(fail.code, fail.sentence);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the protocol is asynchronous
  async open(kernels?: string): Promise<DeviceInfo> {
    this.#check('open');
    return {
      name: 'Pretended adapter',
      vendor: 'none',
      architecture: 'fake',
      software: true,
      kernelProfile: kernels ?? 'pretended',
      kernelsBy: kernels === undefined ? 'adapter' : 'request',
      probe: [],
      features: [],
    };
  }

  async describe(runs: RunRequest[]): Promise<CohortDescription[]> {
    this.#check('describe');
    return (await groups(runs)).map(({ cohort, requests, key, steps, flopsPerStep }) => {
      const { spec } = requests[0]!;
      const parameters = countParameters(spec);
      const d = spec.model.dModel;
      const rows = tokensPerStep(spec);
      const replicas = requests.length;
      const labels = ['embedding', 'layer 0 / qkv', 'layer 0 / attention', 'layer 1 / qkv', 'head', 'adamw'];
      const dispatches = labels.map((label, index) => ({
        index,
        kernel: index === 5 ? 'adamw/update' : 'matmul/forward',
        label,
        grid: [Math.ceil(rows / 16), Math.ceil(d / 8), replicas] as [number, number, number],
        bindings: [`x: [${replicas}, ${rows}, ${d}]`, `weight: [${replicas}, ${d}, ${3 * d}]`],
        flops: 2 * rows * d * 3 * d * replicas,
        bytes: 4 * rows * d * 4 * replicas,
      }));
      return {
        cohort,
        specs: requests.map((request) => request.spec),
        key,
        steps,
        executedSteps: executedSteps(requests[0]!.spec),
        tokensPerStep: rows,
        trainFlopsPerStep: flopsPerStep,
        paramsTotal: parameters.total,
        paramsNonEmbedding: parameters.nonEmbedding,
        paramsActive: parameters.active,
        floor: requests.map(() => FLOOR),
        bytes: 3e6 * replicas,
        plan: {
          dispatches,
          executedFlops: dispatches.reduce((sum, row) => sum + row.flops, 0),
          bytesMoved: dispatches.reduce((sum, row) => sum + row.bytes, 0),
          pipelines: 5,
        },
      };
    });
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async estimate(runs: RunRequest[]): Promise<{ seconds: number }> {
    this.#check('estimate');
    const flops = runs.reduce((sum, { spec }) => sum + totalSteps(spec) * trainFlopsPerStep(spec), 0);
    return { seconds: flops / (this.options.flopsPerSecond ?? 5e9) };
  }

  async start(
    runs: RunRequest[],
    onEvent: (event: TrainEvent) => unknown,
    options: StartOptions = {},
  ): Promise<TrainOutcome> {
    this.#check('start');
    if (this.#running) throw labError('busy', 'Runs are under way already.');
    this.#running = true;
    this.#stopped = false;
    this.#paused = false;
    // As the worker: the outcome comes behind the last event.
    let last: unknown;
    const emit = (event: TrainEvent): void => {
      last = onEvent(event);
    };
    this.#onEvent = emit;
    this.#start = options;
    const begun = performance.now();
    try {
      this.#cohorts = await groups(runs);
      for (const checkpoint of options.resume ?? []) this.#goOnFrom(checkpoint);
      const whole = (each: FakeCohort): number => executedSteps(each.requests[0]!.spec);
      const total = this.#cohorts.reduce((sum, each) => sum + whole(each) * each.flopsPerStep, 0);
      for (let done = 1; done <= 5; done++) emit({ type: 'compile', done, total: 5 });
      for (;;) {
        if (this.#paused && options.checkpointEvery !== undefined) this.#open().forEach((each) => this.#save(each));
        while (this.#paused && !this.#stopped && this.#singleSteps === 0) {
          await new Promise<void>((resolve) => (this.#wake = resolve));
        }
        if (this.#stopped) break;
        const place = (each: FakeCohort): number =>
          options.order === 'in-turn'
            ? whole(each) * each.flopsPerStep * each.requests.length
            : each.executed * each.flopsPerStep;
        const behind = this.#open().sort((a, b) => place(a) - place(b))[0];
        if (!behind) break;
        const { from, to } = behind.segments[0]!;
        const count = this.#singleSteps > 0 ? 1 : Math.min(STEPS_PER_SUBMIT, to - from);
        if (this.#singleSteps > 0) this.#singleSteps--;
        this.#advance(behind, count);
        const { checkpointEvery = Infinity } = options;
        if (behind.segments.length > 0 && performance.now() - behind.savedAt > checkpointEvery) this.#save(behind);
        const done = this.#cohorts.reduce((sum, each) => sum + each.executed * each.flopsPerStep, 0) / total;
        const elapsed = (performance.now() - begun) / 1000;
        emit({
          type: 'progress',
          fraction: done,
          secondsElapsed: elapsed,
          secondsLeft: (elapsed * (1 - done)) / done,
          cohorts: this.#cohorts.map((each) => ({ step: each.executed, steps: whole(each) })),
        });
        const { failAt, hangAt } = this.options;
        if (failAt && done >= failAt.fraction) throw labError(failAt.code, failAt.sentence);
        if (hangAt !== undefined && done >= hangAt) await new Promise(() => undefined);
        const wait = (count * behind.flopsPerStep * behind.requests.length) / (this.options.flopsPerSecond ?? 5e9);
        await new Promise((resolve) => setTimeout(resolve, wait * 1000));
      }
      const complete = this.#cohorts.every((each) => each.segments.length === 0 && !each.skipped);
      const seconds = (performance.now() - begun) / 1000;
      return { complete, seconds, runs: this.#cohorts.flatMap((each) => each.results) };
    } finally {
      await last;
      this.#running = false;
    }
  }

  #open(): FakeCohort[] {
    return this.#cohorts.filter((each) => each.segments.length > 0);
  }

  /** It computes nothing, so its state is where it is and what it has measured. */
  #save(cohort: FakeCohort): void {
    const { requests, key, executed, segments, curves, changes, results, step } = cohort;
    cohort.savedAt = performance.now();
    const none = (): Float32Array<ArrayBuffer> => new Float32Array(0);
    const model: SavedState = { step, params: none(), m: none(), v: none(), state: none() };
    const traces = curves.map(({ loss, excess }) => ({
      loss: Float32Array.from(loss),
      floor: Float32Array.from(excess, (value, i) => loss[i]! - value),
    }));
    const segment = segmentsOf(branchesOf(requests[0]!.spec)).length - segments.length;
    const checkpoint: Checkpoint = {
      schemaVersion: 1,
      ...{ key, step: executed, segment, model, trunkTraces: traces, branchTraces: [] },
      ...{ changes, results: [...results], milliseconds: executed },
    };
    this.#onEvent?.({ type: 'checkpoint', cohort: cohort.cohort, checkpoint });
  }

  #goOnFrom({ key, step, segment, model, trunkTraces, changes, results }: Checkpoint): void {
    const cohort = this.#cohorts.find((each) => each.key === key);
    if (!cohort) throw labError('spec', 'A saved state belongs to none of these runs.');
    const all = segmentsOf(branchesOf(cohort.requests[0]!.spec));
    const before = all.slice(0, segment).reduce((sum, { from, to }) => sum + (to - from), 0);
    cohort.segments = all.slice(segment);
    cohort.segments[0]!.from += step - before;
    cohort.executed = step;
    cohort.step = model.step;
    cohort.curves = trunkTraces.map(({ loss, floor }) => ({
      loss: [...loss],
      excess: Array.from(loss, (value, i) => value - floor[i]!),
    }));
    cohort.changes = changes;
    cohort.results = [...results];
  }

  /** Some steps of the segment at hand: of the trunk, or of a branch. */
  #advance(cohort: FakeCohort, count: number): void {
    const { diverge } = this.options;
    const segment = cohort.segments[0]!;
    const branches = branchesOf(cohort.requests[0]!.spec);
    const last = branches.length - 1;
    const end = segment.branch < 0 ? cohort.steps : segment.to;
    const ofRun = segment.branch < 0 || segment.branch === last;
    const columns = METRICS.length;
    const replicas = cohort.requests.length;
    const data = new Float32Array(count * replicas * columns);
    for (let i = 0; i < count; i++) {
      const step = segment.from + 1 + i;
      cohort.requests.forEach(({ spec }, r) => {
        const lost =
          diverge?.dModel === spec.model.dModel &&
          diverge.seed === spec.hyper.seed &&
          step > diverge.after * cohort.steps;
        const excess = lost ? NaN : excessAt(spec, step, end) * (1 + 0.09 * noise(step, spec.hyper.seed));
        const floor = FLOOR + 0.02 * noise(spec.hyper.seed, step);
        data.set([excess + floor, floor, 0.8, cohort.rates[r]!], (i * replicas + r) * columns);
        if (!ofRun) return;
        cohort.curves[r]!.loss.push(excess + floor);
        cohort.curves[r]!.excess.push(excess);
      });
    }
    const firstStep = segment.from + 1;
    this.#onEvent?.({ type: 'points', cohort: cohort.cohort, branch: segment.branch, firstStep, steps: count, data });
    segment.from += count;
    cohort.executed += count;
    if (ofRun) cohort.step = segment.from;
    const period = Math.ceil(cohort.steps / LOOKS);
    if (ofRun && Math.floor(cohort.step / period) > Math.floor((cohort.step - count) / period)) this.#look(cohort);
    if (segment.from < segment.to) return;
    cohort.segments.shift();
    if (segment.branch >= 0) this.#end(cohort, segment.branch);
  }

  #end(cohort: FakeCohort, branch: number): void {
    const { fraction, steps } = branchesOf(cohort.requests[0]!.spec)[branch]!;
    const evaluations = cohort.requests.map((_request, r) => this.#evaluation(cohort, r, steps));
    const runs = this.#results(cohort, steps, evaluations);
    cohort.results.push(...runs);
    this.#onEvent?.({ type: 'branch', cohort: cohort.cohort, branch, fraction, step: steps, evaluations, runs });
    if (cohort.segments.length === 0) this.#lookCloser(cohort);
    if (cohort.segments.length > 0) {
      if (this.#start.checkpointEvery !== undefined) this.#save(cohort);
    } else if (this.#start.weights) this.#reportWeights(cohort);
  }

  #reportWeights({ cohort, requests }: FakeCohort): void {
    const tensors = parameterList(requests[0]!.spec).map(({ name, shape }) => ({ name, shape }));
    const size = tensors.reduce((sum, { shape }) => sum + shape.reduce((product, extent) => product * extent, 1), 0);
    const replicas = requests.map(({ spec }) =>
      Float32Array.from({ length: size }, (_, i) => noise(i, spec.hyper.seed)),
    );
    this.#onEvent?.({ type: 'weights', cohort, tensors, replicas });
  }

  #look({ cohort, step, steps, requests }: FakeCohort): void {
    const { spec } = requests[0]!;
    const skill = step / steps;
    this.#onEvent?.({
      type: 'look',
      cohort,
      step,
      documents: fakeDocuments(spec, skill),
      routing: fakeRouting(spec, skill) ?? [],
    });
    if (this.#looking) this.#lookCloser({ cohort, step, steps, requests });
  }

  #lookCloser({ cohort, step, steps, requests }: Pick<FakeCohort, 'cohort' | 'step' | 'steps' | 'requests'>): void {
    this.#onEvent?.({ type: 'closer-look', cohort, step, documents: fakeCloser(requests[0]!.spec, step / steps) });
  }

  #evaluation(cohort: FakeCohort, replica: number, step: number): Evaluation {
    const { spec } = cohort.requests[replica]!;
    const diverged = !Number.isFinite(cohort.curves[replica]!.loss[step - 1] ?? cohort.curves[replica]!.loss.at(-1));
    const excess = diverged ? NaN : excessAt(spec, step, step);
    const routing = fakeRouting(spec, step / cohort.steps);
    return {
      loss: FLOOR + excess,
      floor: FLOOR,
      excess,
      evalTokens: 1024 * scoredPerSequence(spec),
      diverged,
      ...(routing && { routing }),
    };
  }

  #results(cohort: FakeCohort, steps: number, evaluations: Evaluation[]): RunResult[] {
    return cohort.requests.map(({ arm, spec }, replica): RunResult => {
      const parameters = countParameters(spec);
      const { loss, excess } = cohort.curves[replica]!;
      const step = loss.map((_value, i) => i + 1);
      return {
        arm,
        seed: spec.hyper.seed,
        spec,
        identity: canonicalJson(spec).length.toString(16),
        lr: spec.hyper.lr,
        kernelProfile: 'pretended',
        trainFlops: steps * cohort.flopsPerStep,
        executedFlops: steps * cohort.flopsPerStep,
        tokens: steps * tokensPerStep(spec),
        paramsTotal: parameters.total,
        paramsNonEmbedding: parameters.nonEmbedding,
        paramsActive: parameters.active,
        ...evaluations[replica]!,
        // Per FLOP a sparse model takes longer.
        seconds: (steps * cohort.flopsPerStep * (spec.model.moe ? 1.5 : 1)) / 1e10,
        branch: { budgetFlops: steps * cohort.flopsPerStep },
        changes: cohort.changes[replica] ?? [],
        curve: { step, flops: step.map((each) => each * cohort.flopsPerStep), loss, excess },
      };
    });
  }

  #awake(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async pause(): Promise<void> {
    this.#paused = true;
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async resume(): Promise<void> {
    this.#paused = false;
    this.#awake();
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async step(): Promise<void> {
    this.#singleSteps++;
    this.#awake();
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#awake();
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async skip(cohort: number): Promise<void> {
    this.#check('skip');
    const target = this.#cohorts[cohort];
    if (!target) throw labError('spec', 'There is no such run under way.');
    target.skipped = target.segments.length > 0;
    target.segments = [];
    this.#awake();
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async setHyper(cohort: number, replica: number, patch: HyperPatch): Promise<void> {
    const target = this.#cohorts[cohort];
    if (!target) return;
    if (patch.lr !== undefined) target.rates[replica] = patch.lr;
    target.changes[replica]?.push({ step: target.step, patch });
    this.#onEvent?.({ type: 'change', cohort, replica, step: target.step, patch });
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async lookCloser(looking: boolean): Promise<void> {
    this.#looking = looking;
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async kernelText(_specs: RunSpec[], dispatch: number): Promise<KernelText> {
    this.#check('kernelText');
    return {
      code: `@compute @workgroup_size(16)\nfn forward() {\n  let dispatch = ${dispatch}u; // <b>none</b>\n}\n`,
      entry: 'forward',
      workgroupSize: [16, 1, 1],
      constants: { TILE_M: 8, BIAS: false },
      extents: { rows: 512 },
      files: [{ name: 'matmul', text: '// C = A·B\nfn forward() {}\n' }],
    };
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async liveBytes(): Promise<number> {
    return 0;
  }
}
