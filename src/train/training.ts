/** One start: its cohorts, together or in turn, and what is pressed meanwhile. */
import { LIVE_FIELDS, type HyperPatch } from '../config/run-spec';
import type { Allocator } from '../gpu/allocator';
import { LabError } from '../gpu/errors';
import type { Plan } from '../plan/plan';
import { compilePlan } from '../plan/replay';
import type { StartOptions, TrainEvent, TrainOutcome } from '../protocol';
import { engineText } from '../text/engine';
import { checkpointsOf } from './checkpoint';
import { Clock } from './clock';
import { CohortRun } from './cohort-run';
import type { Group } from './groups';
import { Progress } from './progress';
import type { Texts } from './source';
import type { Speed } from './speed';
import { submitSteps } from './submit';

/** Submits that may be in the queue at once: the GPU never waits for the CPU, and a pause is not late. */
const IN_FLIGHT = 2;

/** Milliseconds between two looks inside a cohort, at least, and the share of the time that looks may take. */
const LOOK_EVERY = 500;
const LOOK_SHARE = 0.04;

/** The same of closer looks, while somebody looks. */
const CLOSER_EVERY = 1000;
const CLOSER_SHARE = 0.01;

export class Training {
  #runs: CohortRun[];
  #progress: Progress | undefined;
  /** Those whose kernels were compiled ahead of their turn. */
  #compiled = new Set<CohortRun>();
  #paused = false;
  #stopped = false;
  #singleSteps = 0;
  /** Somebody has just begun to look closer, and should not have to wait. */
  #lookNow = false;
  #waiting: (() => void)[] = [];

  /** Throws a LabError for a checkpoint that is foreign or damaged; nothing is allocated yet. */
  constructor(
    groups: Group[],
    texts: Texts,
    private readonly options: StartOptions,
    private readonly speed: Speed,
    private readonly onEvent: (event: TrainEvent) => void,
    /** Whether somebody looks closer. */
    private looking: boolean,
  ) {
    const surroundings = { clock: new Clock(), emit: onEvent, options, texts };
    const checkpoints = checkpointsOf(groups, options.resume ?? []);
    this.#runs = groups.map((group, index) => new CohortRun(index, group, surroundings, checkpoints[index]));
  }

  /** Resolves with what was measured when all is done, or was stopped. */
  async run(allocator: Allocator): Promise<TrainOutcome> {
    const began = performance.now();
    const turns = this.#turns();
    for (const [i, turn] of turns.entries()) {
      try {
        await this.#open(allocator, turn);
        void this.#compileAhead(allocator, turns[i + 1]);
        await this.#train(turn);
      } finally {
        for (const run of turn) run.close();
      }
    }
    this.#progress?.report();
    return {
      complete: this.#runs.every((run) => run.finished),
      seconds: (performance.now() - began) / 1000,
      runs: this.#runs.flatMap((run) => run.results),
    };
  }

  /** What trains at the same time, in the order of the turns: everything, or one cohort, least work first. */
  #turns(): CohortRun[][] {
    if (this.options.order !== 'in-turn') return [this.#runs];
    return [...this.#runs].sort((a, b) => a.work - b.work).map((run) => [run]);
  }

  #wanted(turn: CohortRun[]): CohortRun[] {
    return this.#stopped ? [] : turn.filter((run) => run.wanted);
  }

  async #open(allocator: Allocator, turn: CohortRun[]): Promise<void> {
    const due = this.#wanted(turn);
    let compiled = false;
    const compiling = this.#compile(
      allocator,
      due.filter((run) => !this.#compiled.has(run)),
    ).finally(() => (compiled = true));
    compiling.catch(() => undefined); // Nobody awaits it any more once these runs are not wanted.
    // Compiling cannot be broken off, but nobody who presses stop needs to wait for it.
    while (!compiled && this.#wanted(due).length > 0) await Promise.race([compiling, this.#pressed()]);
    for (const run of this.#wanted(due)) await run.open(allocator);
    this.#progress ??= new Progress(this.#runs, this.speed, this.onEvent);
  }

  async #compile({ device }: Allocator, runs: CohortRun[]): Promise<void> {
    const plans = runs.flatMap(plansOf);
    const total = plans.reduce((sum, plan) => sum + plan.dispatches.length, 0);
    let done = 0;
    const report = (): void => {
      done++;
      if (done % 16 === 0 || done === total) this.onEvent({ type: 'compile', done, total });
    };
    for (const plan of plans) await compilePlan(device, plan, report);
  }

  /** Compiles the next turn's kernels beside this one's steps. */
  async #compileAhead({ device }: Allocator, turn: CohortRun[] = []): Promise<void> {
    try {
      for (const run of this.#wanted(turn)) {
        for (const plan of plansOf(run)) await compilePlan(device, plan);
        this.#compiled.add(run);
      }
    } catch {
      // In its own turn it meets the same error, which is reported then.
    }
  }

  async #train(turn: CohortRun[]): Promise<void> {
    const inFlight: Promise<void>[] = [];
    const beside = new Set<Promise<void>>();
    try {
      await this.#issueAll(turn, inFlight, beside);
    } finally {
      // When one has failed, so will the others: that is said once.
      await Promise.allSettled([...inFlight, ...beside]);
    }
  }

  async #issueAll(turn: CohortRun[], inFlight: Promise<void>[], beside: Set<Promise<void>>): Promise<void> {
    const progress = this.#progress!;
    // Beside the steps, which never wait for it; a failure is met where it is awaited.
    const begin = (work: Promise<void>): void => {
      beside.add(work);
      void work.then(() => beside.delete(work)).catch(() => undefined);
    };
    const save = (run: CohortRun): void => {
      begin(run.save());
    };
    const lookCloser = (run: CohortRun): void => {
      begin(run.lookCloser());
    };
    for (let run = this.#next(turn); run; run = this.#next(turn)) {
      if (this.#lookNow) this.#wanted(turn).forEach(lookCloser);
      this.#lookNow = false;
      if (this.#paused && this.#singleSteps === 0) {
        await Promise.all([...inFlight.splice(0), ...beside]);
        if (this.options.checkpointEvery !== undefined) this.#wanted(turn).forEach(save);
        progress.report();
        progress.hold();
        await this.#goneOn();
        progress.release();
        continue;
      }
      const single = this.#paused;
      if (single) this.#singleSteps--;
      inFlight.push(run.issue(single ? 1 : submitSteps(run.stepMilliseconds)));
      if (run.saveDue) save(run);
      if (this.#lookDue(run, turn.length)) inFlight.push(run.look());
      if (this.#closerLookDue(run, turn.length, single)) lookCloser(run);
      while (inFlight.length >= IN_FLIGHT) await inFlight.shift();
      progress.reportNowAndThen();
    }
    await Promise.all([...inFlight, ...beside]);
    progress.report();
  }

  /** Now and then, so that all looks together take a small share of the time. */
  #lookDue(run: CohortRun, cohorts: number): boolean {
    if (this.options.looks === false) return false;
    const wait = Math.max(LOOK_EVERY, (run.lookMilliseconds * cohorts) / LOOK_SHARE);
    return !run.finished && performance.now() - run.lookedAt > wait;
  }

  /** Only while somebody looks, and then as rarely as looks come; behind every single step. */
  #closerLookDue(run: CohortRun, cohorts: number, single: boolean): boolean {
    if (!this.looking || run.finished || run.closer.under) return false;
    const wait = Math.max(CLOSER_EVERY, (run.closerMilliseconds * cohorts) / CLOSER_SHARE);
    return single || performance.now() - run.closer.at > wait;
  }

  /** The cohort that has the least behind it. */
  #next(turn: CohortRun[]): CohortRun | undefined {
    return this.#wanted(turn).sort((a, b) => a.issued - b.issued)[0];
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#press();
  }

  step(): void {
    if (!this.#paused) return;
    this.#singleSteps++;
    this.#press();
  }

  /** Takes closer looks from now on, the first at once, or no more of them. */
  lookCloser(looking: boolean): void {
    this.looking = looking;
    this.#lookNow = looking;
    this.#press();
  }

  stop(): void {
    this.#stopped = true;
    this.#press();
  }

  /** Throws a LabError if there is no such cohort. */
  skip(cohort: number): void {
    const run = this.#runs[cohort];
    if (!run) throw new LabError('spec', engineText.noSuchRun);
    run.skip();
    this.#press();
  }

  /** Throws a LabError for a run that is not there or is over, and for what cannot be changed. */
  setHyper(cohort: number, replica: number, patch: HyperPatch): void {
    const run = this.#runs[cohort];
    if (!run || run.closed || replica < 0 || replica >= run.replicas) throw new LabError('spec', engineText.noSuchRun);
    for (const [name, value] of Object.entries(patch)) {
      if (!(LIVE_FIELDS as readonly string[]).includes(name))
        throw new LabError('spec', engineText.notLive(name, LIVE_FIELDS.join(', ')));
      if (!Number.isFinite(value) || value < 0) throw new LabError('spec', engineText.notFromZeroUp(name, value));
    }
    run.setHyper(replica, patch);
  }

  /** Resolves once there is something to do again, at once when that happened while nobody waited. */
  async #goneOn(): Promise<void> {
    while (this.#paused && !this.#stopped && this.#singleSteps === 0 && !this.#lookNow) await this.#pressed();
  }

  #pressed(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #press(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function plansOf({ plan }: CohortRun): Plan[] {
  return [plan.train.plan, plan.evaluate.plan, ...(plan.write ? [plan.write.plan] : [])];
}
