/** How long a step takes: as measured, and from that for cohorts that were not timed yet. */
import { canonicalJson } from '../config/run-spec';
import type { CohortPlan } from './cohort';
import { stepWork } from './work';

/** What a step's time depends on, and the time where it is known. */
export interface StepCost {
  dispatches: number;
  /** Training FLOPs of all replicas. */
  flops: number;
}
export interface TimedStep extends StepCost {
  milliseconds: number;
}

/** FLOPs in whose time a dispatch is issued and its threads woken, until two cohorts of unlike size were timed. */
const DISPATCH_FLOPS = { software: 3e5, hardware: 1e7 } as const;

/** How strongly that guess is held to, in relative residuals of one measurement: times of a busy machine vary by 20 %. */
const PRIOR = 0.5;

/**
 * Milliseconds of a step as α·dispatches + β·FLOPs: least squares over relative residuals, and a weak pull of α
 * towards `dispatchFlops`·β, which decides alone while there is one measurement. Neither becomes negative.
 */
export function fitSteps(timed: readonly TimedStep[], dispatchFlops: number): (cost: StepCost) => number {
  const rows = timed.map(({ dispatches, flops, milliseconds }) => ({
    x: (dispatches * dispatchFlops) / milliseconds,
    y: flops / milliseconds,
  }));
  const sum = (of: (row: { x: number; y: number }) => number): number =>
    rows.reduce((total, row) => total + of(row), 0);
  const pull = (PRIOR * sum(({ x, y }) => x + y)) / rows.length;
  const [xx, xy, yy] = [sum(({ x }) => x * x), sum(({ x, y }) => x * y), sum(({ y }) => y * y)];
  const [a, b, c] = [xx + pull ** 2, xy - pull ** 2, yy + pull ** 2];
  const [x, y] = [sum((row) => row.x), sum((row) => row.y)];
  const determinant = a * c - b * b;
  let perDispatch = (x * c - y * b) / determinant;
  let perFlop = (y * a - x * b) / determinant;
  if (perDispatch < 0) [perDispatch, perFlop] = [0, y / yy];
  if (perFlop < 0) [perDispatch, perFlop] = [x / xx, 0];
  return ({ dispatches, flops }) => perDispatch * dispatches * dispatchFlops + perFlop * flops;
}

/** Times of steps on one device. */
export class Speed {
  #estimated = new Map<string, TimedStep>();
  #measured = new Map<string, TimedStep>();

  /** @param software whether the adapter runs on the CPU */
  constructor(private readonly software: boolean) {}

  /** False while nothing was timed: then times are only right among each other. */
  get known(): boolean {
    return this.#estimated.size + this.#measured.size > 0;
  }

  /** Some steps were timed before a start. */
  estimated(plan: CohortPlan, milliseconds: number): void {
    this.#estimated.set(keyOf(plan), { ...costOf(plan), milliseconds });
  }

  /** A training step takes so long, on average so far. */
  measured(plan: CohortPlan, milliseconds: number): void {
    this.#measured.set(keyOf(plan), { ...costOf(plan), milliseconds });
  }

  /** Milliseconds of a step of each of these cohorts. */
  steps(plans: readonly CohortPlan[]): number[] {
    const drift = this.#drift();
    const estimated = [...this.#estimated].map(
      ([key, step]) => [key, { ...step, milliseconds: step.milliseconds * drift }] as const,
    );
    const timed = new Map([...estimated, ...this.#measured]);
    const dispatchFlops = DISPATCH_FLOPS[this.software ? 'software' : 'hardware'];
    const fit =
      timed.size > 0
        ? fitSteps([...timed.values()], dispatchFlops)
        : ({ dispatches, flops }: StepCost) => dispatches * dispatchFlops + flops;
    return plans.map((plan) => timed.get(keyOf(plan))?.milliseconds ?? fit(costOf(plan)));
  }

  /** By how much training is slower than it was estimated, over cohorts of which both are known. */
  #drift(): number {
    let [estimated, measured] = [0, 0];
    for (const [key, { milliseconds }] of this.#measured) {
      const before = this.#estimated.get(key);
      if (!before) continue;
      estimated += before.milliseconds;
      measured += milliseconds;
    }
    return estimated > 0 ? measured / estimated : 1;
  }
}

function costOf(plan: CohortPlan): StepCost {
  return { dispatches: plan.train.plan.dispatches.length, flops: stepWork(plan) };
}

/** Equal for cohorts whose steps do the same. */
function keyOf({ config, hypers }: CohortPlan): string {
  const { budget: _budget, branches: _branches, ...step } = config;
  return canonicalJson({ step, replicas: hypers.length });
}
