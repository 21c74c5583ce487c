/** One experiment on the page: shows it before the start, measures what it will cost here, and runs it. */
import { totalSteps, trainFlopsPerStep } from '../config/flops';
import type { BudgetName } from '../config/run-spec';
import type { Resumption } from '../archive/records';
import { betsFirst, expand, type Case, type Experiment, type Setting } from '../experiments/experiment';
import type { RunRequest } from '../protocol';
import type { LinkState } from '../share/link-state';
import { text } from '../text/text';
import { bringBack, clear, keep, type Kept } from './kept';
import type { Keeper } from './keeper';
import { LabError, problemOf } from './problem';
import type { Session } from './session';
import { canStart, isActive, showsRecorded, type LabState, type Shared, type Subject } from './store';
import { runSweep } from './sweep';

/** The largest budget that fits into so many seconds is proposed. */
const PATIENCE = 90;
/** Budgets below this are for checking the mechanics and are never proposed. */
const MEASURED_AT: BudgetName = 'quick';

/** Training FLOPs of all runs. */
function flopsOf(requests: readonly RunRequest[]): number {
  return requests.reduce((sum, { spec }) => sum + totalSteps(spec) * trainFlopsPerStep(spec), 0);
}

export class Exhibit {
  /** What was measured of each case, while another one is shown. */
  readonly #kept = new Map<string, Kept>();
  /** What is the page's own and differs from exhibit to exhibit, while another exhibit is shown. */
  #own: Pick<LabState, 'budget' | 'wanted' | 'measured'>;
  /** To be shown when it takes the page next. */
  #shared: Shared | undefined;
  #secondsPerFlop: number | undefined;
  /** The reader has chosen a budget: none is proposed any more. */
  #chosen = false;

  constructor(
    readonly session: Session,
    readonly experiment: Experiment,
    private readonly keeper: Keeper,
  ) {
    this.#own = { budget: MEASURED_AT, wanted: { case: experiment.cases[0].id, setting: {} }, measured: {} };
  }

  /** The case that the next start will run. */
  get case(): Case {
    const { wanted } = this.#state;
    return this.experiment.cases.find(({ id }) => id === wanted.case) ?? this.experiment.cases[0];
  }

  get #state(): LabState {
    return this.session.store.state;
  }

  get #shown(): boolean {
    return this.#state.exhibit === this.experiment.id;
  }

  requests(budget: BudgetName): RunRequest[] {
    const { setting, seeds } = this.#state.wanted;
    return expand(this.experiment, budget, { case: this.case, setting, ...(seeds && { seeds }) });
  }

  /** True once a budget was chosen, by the reader or by a link: none is proposed any more. */
  get chosen(): boolean {
    return this.#chosen;
  }

  /** What it will show when it takes the page next; a result comes as if it had just been measured. */
  arrange({ case: id, setting, seeds, budget }: LinkState, shared?: Shared): void {
    const text = shared?.subject.setting?.text;
    // A text of somebody else's can be read again only where it was opened here, too.
    const known = text && text.hash in this.#state.texts;
    const wanted = { case: id, setting: { ...setting, ...(known && { text }) }, ...(seeds && { seeds }) };
    this.#own = { ...this.#own, wanted, ...(budget && { budget }) };
    if (budget) this.#chosen = true;
    this.#kept.delete(id);
    this.#shared = shared;
  }

  /**
   * Takes the page; at the first time opens the device and measures how long each budget will take here.
   * @param recorded whether what comes with the lab is shown where nothing was measured
   */
  async enter(recorded = true): Promise<void> {
    const { store, curves } = this.session;
    store.update({ exhibit: this.experiment.id, ...this.#own, problem: undefined });
    clear(store, curves);
    this.#updateEstimates();
    const kept = this.#kept.get(this.#own.wanted.case);
    if (kept) {
      bringBack(store, curves, kept);
      return;
    }
    const shared = this.#shared;
    this.#shared = undefined;
    if (shared) this.#present(shared);
    // Where the reader bets first, the answer is not given away.
    else if (recorded && !betsFirst(this.experiment)) await this.#presentRecorded();
    await this.#prepare();
  }

  /** Leaves the page to another exhibit; what was measured is put aside. */
  leave(): void {
    this.#putAside();
    const { budget, wanted, measured } = this.#state;
    this.#own = { budget, wanted, measured };
  }

  /** Needs no device: it is all on the page. */
  #present(shared: Shared): void {
    const { store, curves } = this.session;
    const { subject, result, series, ends, law } = shared;
    curves.restore(shared.curves.content);
    store.update({ phase: 'done', subject, series, ends, result, law, shared });
  }

  /** Shows what was recorded of what a start would run, in any amount; nothing where nothing was. */
  async #presentRecorded(): Promise<void> {
    const { experiment } = this;
    if (!experiment.law) return;
    const recorded = await this.#fetchRecorded();
    const { phase, result, wanted } = this.#state;
    if (!recorded || !this.#shown || isActive(phase) || result) return;
    const { subject } = recorded;
    if (subject.case === wanted.case && Object.keys(wanted.setting).length === 0 && !wanted.seeds) {
      this.#present(recorded);
    }
  }

  async #fetchRecorded(): Promise<Shared | undefined> {
    try {
      const { recordedLaw } = await import('./recorded-law');
      return await recordedLaw(this.experiment.id);
    } catch {
      // The connection, or a lab that was replaced meanwhile: what is measured here needs none of it.
      this.session.store.update({ problem: { code: 'internal', sentence: text.sheets.notLoaded } });
      return undefined;
    }
  }

  /** Takes recorded results off the page: who is to bet must not see them. */
  async withdrawRecorded(): Promise<void> {
    const { store, curves } = this.session;
    if (!showsRecorded(store.state)) return;
    clear(store, curves);
    await this.#review();
  }

  async #prepare(): Promise<void> {
    const { store } = this.session;
    try {
      await this.session.open();
      await this.#show();
      if (this.#secondsPerFlop === undefined) await this.#measure();
      const free = store.state.phase === 'idle' || showsRecorded(store.state);
      if (this.#shown && free && !this.#chosen) await this.#take(this.#proposed());
    } catch (error) {
      // Something else was started, or shown, meanwhile: that it is busy is no news then.
      if (!this.#shown || !canStart(store.state.phase)) return;
      const problem = problemOf(error);
      if (problem.code !== 'busy') store.update({ problem });
      if (!store.state.device) await this.#presentRecorded();
    }
  }

  /** Takes a budget for the next start. Curves that were measured stay until then. */
  async choose(budget: BudgetName): Promise<void> {
    this.#chosen = true;
    if (budget !== this.#state.budget) await this.#take(budget);
  }

  async #take(budget: BudgetName): Promise<void> {
    this.session.store.update({ budget });
    await this.#review();
  }

  /** Takes what the reader set for the next start. */
  async set(setting: Setting): Promise<void> {
    const { wanted, phase } = this.#state;
    if (isActive(phase)) return;
    this.session.store.update({ wanted: { ...wanted, setting } });
    await this.#review();
  }

  /** Shows another case, as it was left or as it would be run. */
  async select(id: string): Promise<void> {
    const { store, curves } = this.session;
    if (isActive(store.state.phase)) return;
    this.#putAside();
    store.update({ wanted: { case: id, setting: {} }, problem: undefined });
    this.#updateEstimates();
    const kept = this.#kept.get(id);
    if (kept) bringBack(store, curves, kept);
    else {
      clear(store, curves);
      await this.#review();
    }
  }

  async start(): Promise<void> {
    const { budget, wanted } = this.#state;
    const requests = this.requests(budget);
    await this.#run(requests, { experiment: this.experiment.id, budget, ...wanted });
  }

  /** Goes on with runs of this experiment that were broken off. */
  async goOn(resumed: Resumption): Promise<void> {
    const { case: id, budget: name, requests } = resumed.sweep;
    const budget = this.experiment.budgets.find((each) => each === name);
    const wanted = { case: this.experiment.cases.some((each) => each.id === id) ? id : this.case.id, setting: {} };
    this.#chosen = true;
    this.session.store.update({ wanted, ...(budget && { budget }) });
    await this.#run(requests, { experiment: this.experiment.id, budget: name, ...wanted }, resumed);
  }

  /** Leaves out what is left of the size under way. */
  async skip(): Promise<void> {
    const { progress, cohorts } = this.#state;
    const under = progress?.cohorts.findIndex(({ step, steps }) => step > 0 && step < steps) ?? -1;
    const cohort = cohorts[under < 0 ? (progress?.cohorts.findIndex(({ step }) => step === 0) ?? 0) : under];
    if (cohort) await this.session.skip(cohort.cohort);
  }

  async #run(requests: RunRequest[], subject: Subject, resumed?: Resumption): Promise<void> {
    const { store } = this.session;
    const { budget, wanted } = store.state;
    const { session, keeper, experiment } = this;
    try {
      const result = await runSweep({ session, keeper }, requests, {
        subject,
        experiment,
        ...(resumed && { resumed }),
      });
      // A smoke run is too short to tell anything: neither how models compare nor how long a run takes.
      if (budget === 'smoke') {
        if (store.state.estimates[budget] === undefined) await this.#measure();
        return;
      }
      const whole = store.state.phase === 'done';
      if (whole && !resumed && !wanted.seeds && Object.keys(wanted.setting).length === 0) {
        store.update({ measured: { ...store.state.measured, [wanted.case]: { budget, runs: result.runs } } });
      }
      // Nothing tells better how long the next run will take than a run.
      if (whole && !resumed) this.#secondsPerFlop = result.seconds / flopsOf(requests);
      else if (this.#secondsPerFlop === undefined) await this.#measure();
      this.#updateEstimates();
    } catch (error) {
      // The session has said what went wrong; only a programming error is left to be seen.
      if (!(error instanceof LabError)) throw error;
    }
  }

  #putAside(): void {
    const { store, curves } = this.session;
    const { subject, phase } = store.state;
    const measured = subject.experiment === this.experiment.id && phase !== 'idle' && phase !== 'opening';
    if (measured && subject.case !== undefined) this.#kept.set(subject.case, keep(store, curves));
  }

  /** What was chosen has changed: how long it will take, what it will be, and whether it can be run at all. */
  async #review(): Promise<void> {
    const { store } = this.session;
    this.#updateEstimates();
    if (!store.state.device) return;
    try {
      await this.#show();
      if (store.state.problem?.code === 'spec') store.update({ problem: undefined });
    } catch (error) {
      if (this.#shown) store.update({ problem: problemOf(error) });
    }
  }

  /** Seconds that a case will take here as the experiment has it, once that is known. */
  secondsOf(id: string): number | undefined {
    const chosen = this.experiment.cases.find((each) => each.id === id);
    if (!chosen || this.#secondsPerFlop === undefined) return undefined;
    return this.#secondsPerFlop * flopsOf(expand(this.experiment, this.#state.budget, { case: chosen }));
  }

  #updateEstimates(): void {
    const rate = this.#secondsPerFlop;
    const estimates =
      rate === undefined
        ? {}
        : Object.fromEntries(this.experiment.budgets.map((budget) => [budget, rate * flopsOf(this.requests(budget))]));
    if (this.#shown) this.session.store.update({ estimates });
  }

  /** Measures this machine; a start that comes meanwhile goes before, and this is given up. */
  async #measure(): Promise<void> {
    const requests = this.requests(MEASURED_AT);
    const seconds = await this.session.estimate(requests);
    this.#secondsPerFlop = seconds / flopsOf(requests);
    this.#updateEstimates();
  }

  #proposed(): BudgetName {
    const { estimates } = this.#state;
    const fitting = this.experiment.budgets.filter(
      (budget) => budget !== 'smoke' && (estimates[budget] ?? Infinity) <= PATIENCE,
    );
    return fitting.at(-1) ?? MEASURED_AT;
  }

  /** Describes what a start would run; shows it where nothing has been measured. */
  async #show(): Promise<void> {
    if (!this.#shown) return;
    const { budget, wanted } = this.#state;
    const requests = this.requests(budget);
    const cohorts = await this.session.describe(requests, { order: this.experiment.law ? 'in-turn' : 'together' });
    // A start, or another choice, may have come between.
    const { state } = this.session.store;
    if (!this.#shown || state.phase !== 'idle' || state.budget !== budget || state.wanted !== wanted) return;
    this.session.show(requests, cohorts, { experiment: this.experiment.id, budget, ...wanted });
  }
}
