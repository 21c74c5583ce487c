/**
 * The losses of every step, as they arrive. They are kept as running sums, so that the mean over any stretch of
 * steps costs two look-ups: a redraw costs the same at 500 steps as at 15,000.
 *
 * This is deliberately mutable and outside the store: it changes many times a second.
 */
import { METRICS, type PointsEvent } from '../protocol';

const LOSS = METRICS.indexOf('loss');
const FLOOR = METRICS.indexOf('floorLoss');

/** What is kept of one replica. Entry n of a sum covers steps 1 … n. */
interface ReplicaCurve {
  loss: Float64Array;
  excess: Float64Array;
  /** First step whose loss was no finite number; the sums stop before it. */
  divergedAt: number | undefined;
}

interface CohortCurve {
  replicas: ReplicaCurve[];
  /** Steps that have arrived, without a hole. */
  steps: number;
  /** Seconds after the start at which each step was known. */
  seconds: Float64Array;
  /** Branch whose steps continue the trunk's: the last one. */
  lastBranch: number;
}

export interface CohortShape {
  cohort: number;
  replicas: number;
  steps: number;
  branches: number;
}

export class Curves {
  readonly #subscribers = new Set<() => void>();
  readonly #cohorts = new Map<number, CohortCurve>();

  /** Forgets everything and makes room for these cohorts. */
  reset(shapes: readonly CohortShape[]): void {
    this.#cohorts.clear();
    for (const shape of shapes) {
      const length = shape.steps + 1;
      this.#cohorts.set(shape.cohort, {
        replicas: Array.from({ length: shape.replicas }, () => ({
          loss: new Float64Array(length),
          excess: new Float64Array(length),
          divergedAt: undefined,
        })),
        steps: 0,
        seconds: new Float64Array(length),
        lastBranch: shape.branches - 1,
      });
    }
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

  /** Takes in a batch of steps. Branches that end before the budget leave only their end point on the chart. */
  add(event: PointsEvent, seconds: number): void {
    const cohort = this.#cohorts.get(event.cohort);
    if (!cohort || (event.branch !== -1 && event.branch !== cohort.lastBranch)) return;
    if (event.firstStep !== cohort.steps + 1) return;
    const columns = METRICS.length;
    const replicaCount = cohort.replicas.length;
    const before = cohort.seconds[cohort.steps] ?? 0;
    const room = Math.min(event.steps, cohort.seconds.length - 1 - cohort.steps);
    for (let i = 0; i < room; i++) {
      const step = cohort.steps + 1 + i;
      cohort.seconds[step] = before + ((seconds - before) * (i + 1)) / event.steps;
      for (let r = 0; r < replicaCount; r++) {
        const replica = cohort.replicas[r];
        if (!replica) continue;
        const at = (i * replicaCount + r) * columns;
        const loss = event.data[at + LOSS] ?? NaN;
        const floor = event.data[at + FLOOR] ?? NaN;
        const sound = Number.isFinite(loss);
        if (!sound) replica.divergedAt ??= step;
        replica.loss[step] = (replica.loss[step - 1] ?? 0) + (sound ? loss : 0);
        replica.excess[step] = (replica.excess[step - 1] ?? 0) + (sound ? loss - floor : 0);
      }
    }
    cohort.steps += room;
    this.#tell();
  }

  /** Steps that have arrived. */
  steps(cohort: number): number {
    return this.#cohorts.get(cohort)?.steps ?? 0;
  }

  /** Seconds after the start at which `step` was known. */
  seconds(cohort: number, step: number): number {
    return this.#cohorts.get(cohort)?.seconds[step] ?? 0;
  }

  divergedAt(cohort: number, replica: number): number | undefined {
    return this.#cohorts.get(cohort)?.replicas[replica]?.divergedAt;
  }

  /** Mean over steps `from` … `to`, or undefined where nothing was measured or the replica had diverged. */
  mean(cohort: number, replica: number, kind: 'loss' | 'excess', from: number, to: number): number | undefined {
    const curve = this.#cohorts.get(cohort);
    const data = curve?.replicas[replica];
    if (!curve || !data || from < 1 || to < from || to > curve.steps) return undefined;
    if (data.divergedAt !== undefined && to >= data.divergedAt) return undefined;
    return ((data[kind][to] ?? 0) - (data[kind][from - 1] ?? 0)) / (to - from + 1);
  }
}
