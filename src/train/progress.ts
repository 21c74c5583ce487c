import type { TrainEvent } from '../protocol';
import type { CohortRun } from './cohort-run';

/** Milliseconds between two progress events. */
const PROGRESS_MILLISECONDS = 250;

/** Progress by work done; time that training was paused does not count. */
export class Progress {
  #began = performance.now();
  #heldAt = 0;
  #last = 0;

  constructor(
    private readonly runs: CohortRun[],
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
    const sum = (of: (run: CohortRun) => number): number => this.runs.reduce((total, run) => total + of(run), 0);
    const fraction = sum((run) => run.done) / sum((run) => run.work);
    const secondsElapsed = (performance.now() - this.#began) / 1000;
    this.onEvent({
      type: 'progress',
      fraction,
      secondsElapsed,
      secondsLeft: fraction > 0 ? (secondsElapsed * (1 - fraction)) / fraction : Infinity,
      cohorts: this.runs.map((run) => ({ step: run.stepsDone, steps: run.steps })),
    });
  }
}
