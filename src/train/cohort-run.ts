/** One cohort of a start: which steps come next, and what has been measured so far. On the GPU while it is open. */
import { countParameters, executedSteps, tokensPerStep, trainFlopsPerStep } from '../config/flops';
import type { HyperPatch } from '../config/run-spec';
import type { Allocator } from '../gpu/allocator';
import type { Snapshot } from '../nn/model-state';
import { describePlan } from '../plan/describe';
import type { Checkpoint, Evaluation, RunRequest, RunResult, StartOptions, TrainEvent } from '../protocol';
import { branchesBefore, executedAt, keepsTrunk, loadTraces, saveTraces } from './checkpoint';
import { Cohort, METRIC_COLUMNS, type CohortPlan } from './cohort';
import type { Clock } from './clock';
import { thinCurve, type Trace } from './curve';
import type { Group } from './groups';
import { runIdentity } from './identity';
import { segmentsOf, type Segment } from './segments';
import type { Texts } from './source';
import { evaluationWork, stepsOfBatch, stepsOfLook, stepWork, workOf } from './work';

/** What all cohorts of a start share. */
export interface Surroundings {
  clock: Clock;
  emit: (event: TrainEvent) => void;
  options: StartOptions;
  texts: Texts;
}

export class CohortRun {
  /** Work issued to the GPU so far. */
  issued = 0;
  /** Work that is done. */
  done = 0;
  /** Steps that are done, branches included. */
  stepsDone = 0;
  /** Milliseconds of a step, measured; undefined before the first. */
  stepMilliseconds: number | undefined;
  /** Work done and milliseconds that it took, since it was opened. */
  readonly timed = { work: 0, milliseconds: 0 };
  /** When the last look was issued, by performance.now(). */
  lookedAt = -Infinity;
  /** The same of the last closer look, and whether it is under way. */
  closer = { at: -Infinity, under: false };
  readonly results: RunResult[] = [];
  readonly plan: CohortPlan;
  readonly work: number;
  #requests: RunRequest[];
  #key: string;
  #cohort: Cohort | undefined;
  #skipped = false;
  #segments: Segment[];
  #at = 0;
  #trunk: { state: Snapshot; step: number } | undefined;
  #trunkTraces: Trace[];
  #branchTraces: Trace[] = [];
  #changes: { step: number; patch: HyperPatch }[][];
  #milliseconds = 0;
  /** Resolves when all that was issued so far has been collected. */
  #collected: Promise<unknown> = Promise.resolve();
  /** Resolves when no closer look is under way. */
  #closerUnder: Promise<unknown> = Promise.resolve();
  /** When the last checkpoint was issued, and in which segment. */
  #saved = { at: 0, segment: 0, under: false };

  /** @param from a state to go on from, which was checked */
  constructor(
    readonly index: number,
    { requests, plan, key }: Group,
    private readonly surroundings: Surroundings,
    private readonly from?: Checkpoint,
  ) {
    this.plan = plan;
    this.work = workOf(plan);
    this.#requests = requests;
    this.#key = key;
    this.#segments = segmentsOf(plan.branches);
    this.#trunkTraces = emptyTraces(requests.length);
    this.#changes = requests.map(() => []);
    if (from) this.#goOn(from);
  }

  /** All but what is on the GPU. */
  #goOn({ segment, model, trunkTraces, branchTraces, changes, results, milliseconds, step }: Checkpoint): void {
    this.#at = segment;
    this.#saved.segment = segment;
    this.#trunkTraces = loadTraces(trunkTraces, 0);
    this.#branchTraces = loadTraces(branchTraces, this.#segments[segment]!.from);
    this.#changes = changes.map((each) => [...each]);
    this.results.push(...results);
    this.#milliseconds = milliseconds;
    this.stepsDone = step;
    const ended = branchesBefore(this.#segments, segment);
    this.done =
      executedAt(this.#segments, segment, model.step) * stepWork(this.plan) + ended * evaluationWork(this.plan);
    this.issued = this.done;
  }

  /** Compiles, allocates and uploads. */
  async open(allocator: Allocator): Promise<void> {
    const { plan, from } = this;
    const cohort = await Cohort.create(allocator, plan, this.surroundings.texts, from?.model);
    this.#cohort = cohort;
    this.#changes.forEach((each, replica) => each.forEach(({ patch }) => cohort.setHyper(replica, patch)));
    if (from && cohort.step > this.#segments[this.#at]!.from) {
      const { branch, to } = this.#segments[this.#at]!;
      if (from.trunk) this.#trunk = cohort.snapshotOf(from.trunk);
      if (branch >= 0) cohort.aimAt(to);
    }
    this.#saved.at = performance.now();
  }

  get finished(): boolean {
    return this.#at >= this.#segments.length;
  }

  /** Whether anything is still to be issued. */
  get wanted(): boolean {
    return !this.finished && !this.#skipped;
  }

  /** Ends it behind the submits in flight; what has ended stays. */
  skip(): void {
    this.#skipped = true;
  }

  /** Whether its turn is over. */
  get closed(): boolean {
    return !this.wanted && !this.#cohort;
  }

  get replicas(): number {
    return this.#requests.length;
  }

  /** Steps that this cohort executes in all. */
  get steps(): number {
    return executedSteps(this.plan.config);
  }

  get #opened(): Cohort {
    if (!this.#cohort) throw new Error('a cohort that is not on the GPU was asked to train');
    return this.#cohort;
  }

  /**
   * Puts the next `count` steps at most into the queue, and an evaluation where a branch ends with them.
   * Resolves when their metrics are back and were reported; issuing more meanwhile is allowed.
   */
  issue(count: number): Promise<void> {
    const segment = this.#segments[this.#at]!;
    const cohort = this.#opened;
    if (cohort.step === segment.from) this.#enter(segment);
    const first = cohort.step;
    const steps = Math.min(count, segment.to - first);
    const started = performance.now();
    const work = steps * stepWork(this.plan);
    const metrics = steps > 0 ? cohort.run(steps) : Promise.resolve(new Float32Array(0));
    this.issued += work;
    let ended: Promise<Evaluation[]> | undefined;
    if (cohort.step >= segment.to) {
      if (segment.branch >= 0) {
        ended = cohort.evaluate();
        ended.catch(() => undefined); // Awaited behind the metrics, which fail first when the device is lost.
        this.issued += evaluationWork(this.plan);
        this.#leave();
      }
      this.#at++;
    }
    const collected = this.#collect({ segment, first, steps, work, started }, metrics, ended);
    this.#collected = Promise.all([this.#collected, collected]);
    this.#collected.catch(() => undefined); // For a checkpoint; whoever called hears of it.
    if (!this.finished) return collected;
    const looked = this.surroundings.options.looks === false ? undefined : this.look();
    const last = Promise.all([looked, this.lookCloser(), this.#reportWeights(collected)]);
    last.catch(() => undefined); // Awaited behind the metrics, as above.
    return collected.then(() => last).then(() => undefined);
  }

  /** Milliseconds that a look takes by the time of a step. */
  get lookMilliseconds(): number {
    return (this.stepMilliseconds ?? Infinity) * stepsOfLook(this.plan);
  }

  /** Looks inside replica 0 as it is behind the steps issued so far, and reports what is seen. */
  async look(): Promise<void> {
    const { step } = this.#opened;
    const { clock, emit } = this.surroundings;
    this.lookedAt = performance.now();
    const seen = await this.#opened.look();
    // Its time is nobody's training time.
    clock.lap(performance.now());
    emit({ type: 'look', cohort: this.index, step, ...seen });
  }

  /** Milliseconds that a closer look takes by the time of a step. */
  get closerMilliseconds(): number {
    return (this.stepMilliseconds ?? Infinity) * stepsOfBatch(this.plan);
  }

  /** Looks closer at replica 0, and reports what is seen. Never two at once: the one under way is late, not wrong. */
  async lookCloser(): Promise<void> {
    const cohort = this.#opened;
    const { clock, emit } = this.surroundings;
    const before = this.#closerUnder;
    this.closer = { at: performance.now(), under: true };
    const looking = before.then(() => cohort.lookCloser());
    this.#closerUnder = looking.catch(() => undefined);
    const seen = await looking;
    this.closer.under = false;
    clock.lap(performance.now());
    emit({ type: 'closer-look', cohort: this.index, ...seen });
  }

  /** The weights as they are now, behind the end's own report. */
  async #reportWeights(collected: Promise<void>): Promise<void> {
    if (!this.surroundings.options.weights) return;
    const replicas = await this.#opened.weights();
    await collected;
    const tensors = this.plan.layout.parameters.map(({ name, shape }) => ({ name, shape }));
    this.surroundings.emit({ type: 'weights', cohort: this.index, tensors, replicas });
  }

  /** Whether a checkpoint is due: now and then, and when a branch has ended. Never two at once. */
  get saveDue(): boolean {
    const { checkpointEvery } = this.surroundings.options;
    if (checkpointEvery === undefined || this.finished || this.#saved.under) return false;
    const ended = branchesBefore(this.#segments, this.#at) > branchesBefore(this.#segments, this.#saved.segment);
    return ended || performance.now() - this.#saved.at > checkpointEvery;
  }

  /** Reads all from which it can go on as it is behind the steps issued so far, and reports it. Nothing waits for it. */
  async save(): Promise<void> {
    const segment = this.#at;
    const { branch, from } = this.#segments[segment]!;
    const { step } = this.#opened;
    this.#saved = { at: performance.now(), segment, under: true };
    const changes = this.#changes.map((each) => [...each]);
    const traces = { trunk: this.#trunkTraces, branch: this.#branchTraces };
    const trunk = keepsTrunk(this.#segments, segment, step) ? this.#trunk : undefined;
    const [model, kept] = await Promise.all([this.#opened.save(), trunk && this.#opened.save(trunk)]);
    await this.#collected;
    this.#saved.under = false;
    const inBranch = branch >= 0 && step > from;
    this.surroundings.emit({
      type: 'checkpoint',
      cohort: this.index,
      checkpoint: {
        schemaVersion: 1,
        key: this.#key,
        step: executedAt(this.#segments, segment, step),
        segment,
        model,
        ...(kept && { trunk: kept }),
        trunkTraces: saveTraces(traces.trunk, 0, branch < 0 ? step : from),
        branchTraces: inBranch ? saveTraces(traces.branch, from, step) : saveTraces(traces.trunk, 0, 0),
        changes,
        results: this.results.slice(0, branchesBefore(this.#segments, segment) * this.replicas),
        milliseconds: this.#milliseconds,
      },
    });
  }

  /** Before a branch: keep the trunk, unless nothing follows, and aim the schedule at the branch's end. */
  #enter(segment: Segment): void {
    if (segment.branch < 0) return;
    const last = this.#at === this.#segments.length - 1;
    if (!last) this.#trunk = this.#opened.snapshot();
    this.#opened.aimAt(segment.to);
    this.#branchTraces = emptyTraces(this.replicas);
  }

  /** Behind a branch: back to the trunk as it was. The queue keeps the order. */
  #leave(): void {
    if (!this.#trunk) return;
    this.#opened.restore(this.#trunk);
    this.#trunk.state.destroy();
    this.#trunk = undefined;
    this.#opened.aimAt(this.plan.steps);
  }

  async #collect(
    { segment, first, steps, work, started }: Issued,
    metrics: Promise<Float32Array<ArrayBuffer>>,
    ended: Promise<Evaluation[]> | undefined,
  ): Promise<void> {
    const traces = segment.branch < 0 ? this.#trunkTraces : this.#branchTraces;
    const { clock, emit } = this.surroundings;
    const data = await metrics;
    this.stepsDone += steps;
    const elapsed = clock.lap(started);
    this.#took(elapsed, work);
    if (steps > 0) {
      record(traces, data, first, steps);
      this.stepMilliseconds = elapsed / steps;
      emit({ type: 'points', cohort: this.index, branch: segment.branch, firstStep: first + 1, steps, data });
    }
    if (!ended) return;
    const evaluations = await ended;
    this.#took(clock.lap(started), evaluationWork(this.plan));
    const { fraction, steps: step } = this.plan.branches[segment.branch]!;
    const runs = await this.#resultsOf(evaluations, step, joinTraces(this.#trunkTraces, traces, segment.from));
    this.results.push(...runs);
    emit({ type: 'branch', cohort: this.index, branch: segment.branch, fraction, step, evaluations, runs });
  }

  #took(milliseconds: number, work: number): void {
    this.#milliseconds += milliseconds;
    this.timed.milliseconds += milliseconds;
    this.timed.work += work;
    this.done += work;
  }

  #resultsOf(evaluations: Evaluation[], step: number, traces: Trace[]): Promise<RunResult[]> {
    const { config, profile, train } = this.plan;
    const parameters = countParameters(config);
    const flopsPerStep = trainFlopsPerStep(config);
    const executed = describePlan(train.plan).executedFlops / this.replicas;
    const seconds = this.#milliseconds / 1000;
    return Promise.all(
      evaluations.map(async (evaluation, replica) => {
        const { arm, spec } = this.#requests[replica]!;
        const { loss, floor, excess, evalTokens, diverged, routing } = evaluation;
        return {
          arm,
          seed: spec.hyper.seed,
          spec,
          identity: await runIdentity(spec, profile),
          lr: spec.hyper.lr,
          kernelProfile: profile,
          trainFlops: step * flopsPerStep,
          executedFlops: step * executed,
          tokens: step * tokensPerStep(config),
          paramsTotal: parameters.total,
          paramsNonEmbedding: parameters.nonEmbedding,
          paramsActive: parameters.active,
          loss,
          floor,
          excess,
          evalTokens,
          diverged,
          ...(routing && { routing }),
          seconds,
          branch: { budgetFlops: step * flopsPerStep },
          changes: this.#changes[replica]!.filter((change) => change.step < step),
          curve: thinCurve(traces[replica]!, flopsPerStep),
        };
      }),
    );
  }

  /** Changes a replica's row between two submits, or before it begins, and logs the step. */
  setHyper(replica: number, patch: HyperPatch): void {
    const step = this.#cohort?.step ?? this.from?.model.step ?? 0;
    this.#cohort?.setHyper(replica, patch);
    this.#changes[replica]!.push({ step, patch });
    this.surroundings.emit({ type: 'change', cohort: this.index, replica, step, patch });
  }

  /** Gives its GPU memory back; what was measured stays. */
  close(): void {
    this.#trunk?.state.destroy();
    this.#trunk = undefined;
    this.#cohort?.destroy();
    this.#cohort = undefined;
  }
}

/** What was put into the queue together. */
interface Issued {
  segment: Segment;
  /** Steps done before. */
  first: number;
  steps: number;
  work: number;
  /** When, by performance.now(). */
  started: number;
}

function emptyTraces(replicas: number): Trace[] {
  return Array.from({ length: replicas }, () => ({ loss: [], floor: [] }));
}

/** The trunk's first `from` steps and then the branch's own. */
function joinTraces(trunk: Trace[], branch: Trace[], from: number): Trace[] {
  const join = (a: number[], b: number[]): number[] => [...a.slice(0, from), ...b.slice(from)];
  return trunk.map(({ loss, floor }, replica) => ({
    loss: join(loss, branch[replica]!.loss),
    floor: join(floor, branch[replica]!.floor),
  }));
}

/** Writes `steps` rows of metrics, `[steps, R, columns]`, into each replica's trace, at their steps. */
function record(traces: Trace[], data: Float32Array, first: number, steps: number): void {
  traces.forEach(({ loss, floor }, replica) => {
    for (let i = 0; i < steps; i++) {
      const at = (i * traces.length + replica) * METRIC_COLUMNS;
      loss[first + i] = data[at]!;
      floor[first + i] = data[at + 1]!;
    }
  });
}
