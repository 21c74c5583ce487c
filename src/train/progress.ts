import type { TrainEvent } from '../protocol';
import type { CohortRun } from './cohort-run';
import type { Speed } from './speed';
import { stepWork } from './work';

/** Milliseconds between two progress events. */
const PROGRESS_MILLISECONDS = 250;

/** Milliseconds of training from which a cohort's speed is read, unless it is over before. */
const TIMED_MILLISECONDS = 1000;

/** Progress by the time that cohorts take; time that training was paused does not count. */
export class Progress {
  #began = performance.now();
  #heldAt = 0;
  #last = 0;

  constructor(
    private readonly runs: CohortRun[],
    private readonly speed: Speed,
    private readonly onEvent: (event: TrainEvent) => void,
  ) {}

  hold(): void {
    this.#heldAt = performance.now();
  }

  release(): void {
    this.#began += performance.now() - this.#heldAt;
  }

  reportNowAndThen(): void {
    if (performance.now() - this.#last > PROGRESS_MILLISECONDS) this.report();
  }

  report(): void {
    this.#last = performance.now();
    for (const { plan, timed, wanted } of this.runs) {
      if (timed.milliseconds > (wanted ? TIMED_MILLISECONDS : 0))
        this.speed.measured(plan, (timed.milliseconds / timed.work) * stepWork(plan));
    }
    let [done, left] = [0, 0];
    const steps = this.speed.steps(this.runs.map(({ plan }) => plan));
    for (const [i, run] of this.runs.entries()) {
      const perWork = steps[i]! / stepWork(run.plan);
      done += run.done * perWork;
      if (run.wanted) left += (run.work - run.done) * perWork;
    }
    this.onEvent({
      type: 'progress',
      fraction: done + left > 0 ? done / (done + left) : 1,
      secondsElapsed: (performance.now() - this.#began) / 1000,
      secondsLeft: this.speed.known || left === 0 ? left / 1000 : Infinity,
      cohorts: this.runs.map((run) => ({ step: run.stepsDone, steps: run.steps })),
    });
  }
}
