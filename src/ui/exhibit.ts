/** One experiment on the page: shows it before the start, measures what it will cost here, and runs it. */
import { totalSteps, trainFlopsPerStep } from '../config/flops';
import type { BudgetName } from '../config/run-spec';
import { expand, type Experiment } from '../experiments/experiment';
import type { RunRequest } from '../protocol';
import { verdictOf } from './answer';
import { LabError, problemOf } from './problem';
import type { Session } from './session';
import { canStart } from './store';

/** The largest budget that fits into so many seconds is proposed. */
const PATIENCE = 90;
/** Budgets below this are for checking the mechanics and are never proposed. */
const MEASURED_AT: BudgetName = 'quick';

/** Training FLOPs of all runs. */
function flopsOf(requests: readonly RunRequest[]): number {
  return requests.reduce((sum, { spec }) => sum + totalSteps(spec) * trainFlopsPerStep(spec), 0);
}

export class Exhibit {
  constructor(
    readonly session: Session,
    readonly experiment: Experiment,
  ) {}

  requests(budget: BudgetName): RunRequest[] {
    return expand(this.experiment, budget);
  }

  /** Opens the device, describes the runs and measures how long each budget will take here. */
  async prepare(): Promise<void> {
    const { store } = this.session;
    try {
      await this.session.open();
      await this.#show();
      await this.#measure();
      if (store.state.phase === 'idle') await this.choose(this.#proposed());
    } catch (error) {
      // Something else was started meanwhile: that it is busy is no news then.
      if (!canStart(store.state.phase)) return;
      const problem = problemOf(error);
      if (problem.code !== 'busy') store.update({ problem });
    }
  }

  /** Takes a budget for the next start. Curves that were measured stay until then. */
  async choose(budget: BudgetName): Promise<void> {
    const { store } = this.session;
    const changed = budget !== store.state.budget;
    store.update({ budget });
    if (changed && store.state.phase === 'idle') await this.#show();
  }

  async start(): Promise<void> {
    const { store } = this.session;
    const { budget } = store.state;
    try {
      const requests = this.requests(budget);
      const result = await this.session.run(requests, {
        subject: { experiment: this.experiment.id, budget },
        verdict: verdictOf,
      });
      // Nothing tells better how long the next run will take than a run; but a smoke run is too short for that.
      const telling = store.state.phase === 'done' && budget !== 'smoke';
      if (telling) store.update({ estimates: this.#estimates(result.seconds / flopsOf(requests)) });
      else if (store.state.estimates[budget] === undefined) await this.#measure();
    } catch (error) {
      // The session has said what went wrong; only a programming error is left to be seen.
      if (!(error instanceof LabError)) throw error;
    }
  }

  #estimates(secondsPerFlop: number): Partial<Record<BudgetName, number>> {
    return Object.fromEntries(
      this.experiment.budgets.map((budget) => [budget, secondsPerFlop * flopsOf(this.requests(budget))]),
    );
  }

  /** Measures this machine; a start that comes meanwhile goes before, and this is given up. */
  async #measure(): Promise<void> {
    const requests = this.requests(MEASURED_AT);
    const seconds = await this.session.estimate(requests);
    this.session.store.update({ estimates: this.#estimates(seconds / flopsOf(requests)) });
  }

  #proposed(): BudgetName {
    const { estimates } = this.session.store.state;
    const fitting = this.experiment.budgets.filter(
      (budget) => budget !== 'smoke' && (estimates[budget] ?? Infinity) <= PATIENCE,
    );
    return fitting.at(-1) ?? MEASURED_AT;
  }

  async #show(): Promise<void> {
    const { store } = this.session;
    const { budget } = store.state;
    const requests = this.requests(budget);
    const cohorts = await this.session.describe(requests);
    // A start, or another choice, may have come between.
    if (store.state.phase !== 'idle' || store.state.budget !== budget) return;
    this.session.show(requests, cohorts, { experiment: this.experiment.id, budget });
  }
}
