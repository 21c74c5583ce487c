/** One cohort under way: which steps come next, and what has been measured so far. */
import { branchesOf, countParameters, executedSteps, tokensPerStep, trainFlopsPerStep } from '../config/flops';
import type { HyperPatch } from '../config/run-spec';
import type { Snapshot } from '../nn/model-state';
import { describePlan } from '../plan/describe';
import type { Evaluation, RunRequest, RunResult, TrainEvent } from '../protocol';
import { METRIC_COLUMNS, type Cohort } from './cohort';
import type { Clock } from './clock';
import { thinCurve, type Trace } from './curve';
import { runIdentity } from './identity';
import { segmentsOf, type Segment } from './segments';
import { heldOut } from './step';

/** A forward pass costs a third of a training step. */
const EVALUATION_SHARE = 1 / 3;

/** Work of a cohort in training FLOPs, evaluations included: what progress and fairness are counted in. */
function workOf(cohort: Cohort): number {
  const { config } = cohort.plan;
  const steps = executedSteps(config) * trainFlopsPerStep(config);
  return cohort.replicas * (steps + branchesOf(config).length * evaluationWork(cohort));
}

/** Training steps that one evaluation batch is worth. */
function stepsOfBatch({ plan: { config } }: Cohort): number {
  return (EVALUATION_SHARE * heldOut(config).batchSize) / config.batchSize;
}

function evaluationWork(cohort: Cohort): number {
  const { config } = cohort.plan;
  return heldOut(config).batches * stepsOfBatch(cohort) * trainFlopsPerStep(config);
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
  /** When the last look was issued, by performance.now(). */
  lookedAt = -Infinity;
  readonly results: RunResult[] = [];
  readonly work: number;
  #segments: Segment[];
  #at = 0;
  #trunk: { state: Snapshot; step: number } | undefined;
  #trunkTraces: Trace[];
  #branchTraces: Trace[] = [];
  #changes: { step: number; patch: HyperPatch }[][];
  #milliseconds = 0;

  constructor(
    readonly index: number,
    readonly cohort: Cohort,
    private readonly requests: RunRequest[],
    private readonly clock: Clock,
    private readonly emit: (event: TrainEvent) => void,
  ) {
    this.work = workOf(cohort);
    this.#segments = segmentsOf(cohort.plan.branches);
    this.#trunkTraces = emptyTraces(requests.length);
    this.#changes = requests.map(() => []);
  }

  get finished(): boolean {
    return this.#at >= this.#segments.length;
  }

  /** Steps that this cohort executes in all. */
  get steps(): number {
    return executedSteps(this.cohort.plan.config);
  }

  /**
   * Puts the next `count` steps at most into the queue, and an evaluation where a branch ends with them.
   * Resolves when their metrics are back and were reported; issuing more meanwhile is allowed.
   */
  issue(count: number): Promise<void> {
    const segment = this.#segments[this.#at]!;
    const { cohort } = this;
    if (cohort.step === segment.from) this.#enter(segment);
    const first = cohort.step;
    const steps = Math.min(count, segment.to - first);
    const started = performance.now();
    const flops = steps * trainFlopsPerStep(cohort.plan.config) * cohort.replicas;
    const metrics = steps > 0 ? cohort.run(steps) : Promise.resolve(new Float32Array(0));
    this.issued += flops;
    let ended: Promise<Evaluation[]> | undefined;
    if (cohort.step >= segment.to) {
      if (segment.branch >= 0) {
        ended = cohort.evaluate();
        ended.catch(() => undefined); // Awaited behind the metrics, which fail first when the device is lost.
        this.issued += evaluationWork(cohort) * cohort.replicas;
        this.#leave();
      }
      this.#at++;
    }
    const look = this.finished ? this.look() : undefined;
    look?.catch(() => undefined); // Awaited behind the metrics, as above.
    return this.#collect({ segment, first, steps, flops, started }, metrics, ended).then(() => look);
  }

  /** Milliseconds that a look takes by the time of a step: a forward pass over an evaluation batch. */
  get lookMilliseconds(): number {
    return (this.stepMilliseconds ?? Infinity) * stepsOfBatch(this.cohort);
  }

  /** Looks inside replica 0 as it is behind the steps issued so far, and reports what is seen. */
  async look(): Promise<void> {
    const { step } = this.cohort;
    this.lookedAt = performance.now();
    const { documents, routing } = await this.cohort.look();
    // Its time is nobody's training time.
    this.clock.lap(performance.now());
    this.emit({ type: 'look', cohort: this.index, step, documents, routing });
  }

  /** Before a branch: keep the trunk, unless nothing follows, and aim the schedule at the branch's end. */
  #enter(segment: Segment): void {
    if (segment.branch < 0) return;
    const last = this.#at === this.#segments.length - 1;
    if (!last) this.#trunk = this.cohort.snapshot();
    this.cohort.aimAt(segment.to);
    this.#branchTraces = emptyTraces(this.requests.length);
  }

  /** Behind a branch: back to the trunk as it was. The queue keeps the order. */
  #leave(): void {
    if (!this.#trunk) return;
    this.cohort.restore(this.#trunk);
    this.#trunk.state.destroy();
    this.#trunk = undefined;
    this.cohort.aimAt(this.cohort.plan.steps);
  }

  async #collect(
    { segment, first, steps, flops, started }: Issued,
    metrics: Promise<Float32Array<ArrayBuffer>>,
    ended: Promise<Evaluation[]> | undefined,
  ): Promise<void> {
    const traces = segment.branch < 0 ? this.#trunkTraces : this.#branchTraces;
    const data = await metrics;
    this.done += flops;
    this.stepsDone += steps;
    const elapsed = this.clock.lap(started);
    this.#milliseconds += elapsed;
    if (steps > 0) {
      record(traces, data, first, steps);
      this.stepMilliseconds = elapsed / steps;
      this.emit({ type: 'points', cohort: this.index, branch: segment.branch, firstStep: first + 1, steps, data });
    }
    if (!ended) return;
    const evaluations = await ended;
    this.#milliseconds += this.clock.lap(started);
    this.done += evaluationWork(this.cohort) * this.cohort.replicas;
    const { fraction, steps: step } = this.cohort.plan.branches[segment.branch]!;
    await this.#report(evaluations, step, joinTraces(this.#trunkTraces, traces, segment.from));
    this.emit({ type: 'branch', cohort: this.index, branch: segment.branch, fraction, step, evaluations });
  }

  async #report(evaluations: Evaluation[], step: number, traces: Trace[]): Promise<void> {
    const { config, profile, train } = this.cohort.plan;
    const parameters = countParameters(config);
    const flopsPerStep = trainFlopsPerStep(config);
    const executed = describePlan(train.plan).executedFlops / this.cohort.replicas;
    for (const [replica, evaluation] of evaluations.entries()) {
      const { arm, spec } = this.requests[replica]!;
      const { loss, floor, excess, evalTokens, diverged, routing } = evaluation;
      this.results.push({
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
        seconds: this.#milliseconds / 1000,
        branch: { budgetFlops: step * flopsPerStep },
        changes: this.#changes[replica]!.filter((change) => change.step < step),
        curve: thinCurve(traces[replica]!, flopsPerStep),
      });
    }
  }

  /** Changes a replica's row between two submits, and logs the step. */
  setHyper(replica: number, patch: HyperPatch): void {
    const { step } = this.cohort;
    this.cohort.setHyper(replica, patch);
    this.#changes[replica]!.push({ step, patch });
    this.emit({ type: 'change', cohort: this.index, replica, step, patch });
  }

  destroy(): void {
    this.#trunk?.state.destroy();
    this.cohort.destroy();
  }
}

/** What was put into the queue together. */
interface Issued {
  segment: Segment;
  /** Steps done before. */
  first: number;
  steps: number;
  flops: number;
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
