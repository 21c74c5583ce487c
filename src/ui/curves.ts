/**
 * The losses of every step, as they arrive. They are kept as running sums, so that the mean over any stretch of
 * steps costs two look-ups: a redraw costs the same at 500 steps as at 15,000.
 *
 * This is deliberately mutable and outside the store: it changes many times a second.
 */
import type { Branch } from '../config/flops';
import { METRICS, type PointsEvent } from '../protocol';

const LOSS = METRICS.indexOf('loss');
const FLOOR = METRICS.indexOf('floorLoss');

type LossKind = 'loss' | 'excess';

/** What is kept of one replica. Entry n of a sum covers the first n steps. */
interface ReplicaCurve {
  loss: Float64Array;
  excess: Float64Array;
  /** First step whose loss was no finite number; the sums stop before it. */
  divergedAt: number | undefined;
}

/** A stretch of steps without a hole: the whole run, or one of the branches that end before it. */
interface Trace {
  /** Steps of the run before the first of these. */
  from: number;
  replicas: ReplicaCurve[];
  /** Steps that have arrived. */
  steps: number;
}

interface CohortCurve {
  /** The trunk and, without a seam, the last branch. */
  run: Trace;
  /** The branches that end before the budget. */
  branches: Trace[];
  /** Seconds that this cohort had trained when each step was done. */
  seconds: Float64Array;
}

/** Steps at which a decay branch leaves the trunk, and at which it ends. */
export type BranchShape = Omit<Branch, 'fraction'>;

export interface CohortShape {
  cohort: number;
  replicas: number;
  /** The last one ends the run. */
  branches: readonly BranchShape[];
}

/** Everything that has arrived, to be put aside and taken up again. */
export type CurvesContent = ReadonlyMap<number, CohortCurve>;

function emptyTrace(replicas: number, from: number, to: number): Trace {
  const length = to - from + 1;
  const empty = (): ReplicaCurve => ({
    loss: new Float64Array(length),
    excess: new Float64Array(length),
    divergedAt: undefined,
  });
  return { from, replicas: Array.from({ length: replicas }, empty), steps: 0 };
}

export class Curves {
  readonly #subscribers = new Set<() => void>();
  #cohorts = new Map<number, CohortCurve>();

  /** Forgets everything and makes room for these cohorts. */
  reset(shapes: readonly CohortShape[]): void {
    this.#cohorts = new Map();
    for (const { cohort, replicas, branches } of shapes) {
      const steps = branches.at(-1)?.steps ?? 0;
      this.#cohorts.set(cohort, {
        run: emptyTrace(replicas, 0, steps),
        branches: branches.slice(0, -1).map((branch) => emptyTrace(replicas, branch.from, branch.steps)),
        seconds: new Float64Array(steps + 1),
      });
    }
    this.#tell();
  }

  get content(): CurvesContent {
    return this.#cohorts;
  }

  /** Goes back to what was put aside. */
  restore(content: CurvesContent): void {
    this.#cohorts = new Map(content);
    this.#tell();
  }

  /** Calls back at every change; returns the function that ends it. */
  subscribe(subscriber: () => void): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  #tell(): void {
    for (const subscriber of [...this.#subscribers]) subscriber();
  }

  /** Takes in a batch of steps, and the seconds that they took. Steps that it has already, from before a crash, are the same again. */
  add(event: PointsEvent, spent: number): void {
    const cohort = this.#cohorts.get(event.cohort);
    if (!cohort) return;
    const early = cohort.branches[event.branch];
    const trace = early ?? cohort.run;
    const known = trace.from + trace.steps + 1 - event.firstStep;
    if (known < 0 || known >= event.steps) return;
    const before = trace.steps;
    const added = take(trace, event, known);
    if (!early) {
      const clock = cohort.seconds[before] ?? 0;
      for (let i = 1; i <= added; i++) cohort.seconds[before + i] = clock + (spent * i) / (event.steps - known);
    }
    this.#tell();
  }

  /** Steps that have arrived. */
  steps(cohort: number): number {
    return this.#cohorts.get(cohort)?.run.steps ?? 0;
  }

  /** Steps of an early branch that have arrived. */
  branchSteps(cohort: number, branch: number): number {
    return this.#cohorts.get(cohort)?.branches[branch]?.steps ?? 0;
  }

  /** Seconds that the cohort had trained at `step`. */
  seconds(cohort: number, step: number): number {
    return this.#cohorts.get(cohort)?.seconds[step] ?? 0;
  }

  divergedAt(cohort: number, replica: number): number | undefined {
    return this.#cohorts.get(cohort)?.run.replicas[replica]?.divergedAt;
  }

  /**
   * Mean over steps `from` … `to` of the run, or of an early branch of it; undefined where nothing was measured or the
   * replica had diverged.
   */
  mean(cohort: number, replica: number, kind: LossKind, from: number, to: number, branch?: number): number | undefined {
    const curve = this.#cohorts.get(cohort);
    const trace = branch === undefined ? curve?.run : curve?.branches[branch];
    const data = trace?.replicas[replica];
    if (!trace || !data || from < 1 + trace.from || to < from || to > trace.from + trace.steps) return undefined;
    if (data.divergedAt !== undefined && to >= data.divergedAt) return undefined;
    const sums = data[kind];
    return ((sums[to - trace.from] ?? 0) - (sums[from - 1 - trace.from] ?? 0)) / (to - from + 1);
  }
}

/** Adds the steps of an event, but for the first `known`, to a trace; returns how many there was room for. */
function take(trace: Trace, { data, firstStep, steps }: PointsEvent, known: number): number {
  const columns = METRICS.length;
  const { replicas } = trace;
  const room = Math.min(steps - known, (replicas[0]?.loss.length ?? 1) - 1 - trace.steps);
  for (let i = 0; i < room; i++) {
    const n = trace.steps + 1 + i;
    replicas.forEach((replica, r) => {
      const at = ((known + i) * replicas.length + r) * columns;
      const loss = data[at + LOSS] ?? NaN;
      const floor = data[at + FLOOR] ?? NaN;
      const sound = Number.isFinite(loss);
      if (!sound) replica.divergedAt ??= firstStep + known + i;
      replica.loss[n] = (replica.loss[n - 1] ?? 0) + (sound ? loss : 0);
      replica.excess[n] = (replica.excess[n - 1] ?? 0) + (sound ? loss - floor : 0);
    });
  }
  trace.steps += room;
  return room;
}
