/**
 * The page's side of training: owns the worker, turns its events into state and curves, and every failure into
 * one sentence. Nothing here can hang: calls are raced against the worker's breakdown, a stop that is not
 * obeyed ends the worker, and a long silence is said aloud.
 */
import * as comlink from 'comlink';
import { branchesOf } from '../config/flops';
import type { HyperPatch } from '../config/run-spec';
import type {
  BranchEvent,
  ChangeEvent,
  CohortDescription,
  DeviceInfo,
  LabErrorCode,
  ProgressEvent,
  ResultFile,
  RunRequest,
  RunResult,
  TrainEvent,
} from '../protocol';
import { assembleResult } from '../share/result-file';
import { text } from '../text/text';
import type { Connection } from './connect';
import type { Curves } from './curves';
import { LabError, problemOf } from './problem';
import { seriesOf } from './series';
import { canStart, isActive, type End, type Phase, type Store, type Subject } from './store';
import { VERSION } from './version';

/** Milliseconds between two progress updates of the page. */
const PROGRESS_EVERY = 200;
/** Milliseconds that a stop may take before the worker is ended. */
const STOP_WITHIN = 8000;
/** Milliseconds without any news after which the page says so. */
const SILENCE = 20_000;

/** Failures after which the worker, its device or both are of no further use. */
const FATAL: readonly LabErrorCode[] = ['device-lost', 'internal'];

/** An end of the wait for a worker that does not answer. */
class Abandoned extends Error {}

interface Link {
  connection: Connection;
  /** Rejects when the page gives the worker up. */
  abandoned: Promise<never>;
  abandon(): void;
}

export interface RunOptions {
  subject: Subject;
  /** What the finished runs show, for the result file. */
  verdict?: (runs: readonly RunResult[]) => Promise<unknown>;
  onProgress?: (progress: ProgressEvent) => void;
}

export class Session {
  #link: Link | undefined;
  #opening: Promise<DeviceInfo> | undefined;
  /** When the work ended that was reported last, by performance.now(). */
  #workedUntil = 0;
  #lastNews = 0;
  #stopWanted = false;
  #pendingProgress: ProgressEvent | undefined;
  #progressTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly store: Store,
    readonly curves: Curves,
    private readonly connect: () => Connection,
    /** Kernels that the reader asked for, in place of the lab's own choice. */
    private readonly kernels?: string,
  ) {}

  /** Starts the worker and asks for the device; later calls return the first one's answer. */
  open(): Promise<DeviceInfo> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<DeviceInfo> {
    const slow = setTimeout(() => {
      this.store.update({ problem: { code: 'internal', sentence: text.problem.slowToOpen } });
    }, SILENCE);
    try {
      const device = await this.#call((remote) => remote.open(this.kernels));
      const { phase } = this.store.state;
      this.store.update({ device, problem: undefined, phase: phase === 'opening' ? 'idle' : phase });
      return device;
    } catch (error) {
      this.#opening = undefined;
      this.#dropLink();
      if (this.store.state.phase === 'opening') this.#fail(error);
      throw LabError.from(error);
    } finally {
      clearTimeout(slow);
    }
  }

  /** What these runs will be; nothing on the page changes. */
  async describe(requests: RunRequest[]): Promise<CohortDescription[]> {
    await this.open();
    try {
      return await this.#call((remote) => remote.describe(requests));
    } catch (error) {
      throw LabError.from(error);
    }
  }

  /** Seconds that these runs will take on this machine. Compiles their pipelines on the way. */
  async estimate(requests: RunRequest[]): Promise<number> {
    await this.open();
    try {
      return (await this.#call((remote) => remote.estimate(requests))).seconds;
    } catch (error) {
      throw LabError.from(error);
    }
  }

  /** Shows what is about to be run. Replaces what was measured before. */
  show(requests: RunRequest[], cohorts: CohortDescription[], subject: Subject): void {
    const series = seriesOf(requests, cohorts);
    this.curves.reset(
      cohorts.map((cohort) => ({
        cohort: cohort.cohort,
        replicas: cohort.specs.length,
        branches: cohort.specs[0] ? branchesOf(cohort.specs[0]) : [{ from: cohort.steps, steps: cohort.steps }],
      })),
    );
    this.store.update({
      subject,
      cohorts,
      series,
      ends: [],
      changes: [],
      looks: {},
      progress: undefined,
      compile: undefined,
      result: undefined,
    });
  }

  /** Trains these runs and shows them. Resolves at their end, or when they were stopped. */
  async run(requests: RunRequest[], options: RunOptions): Promise<ResultFile> {
    if (isActive(this.store.state.phase)) throw new LabError('busy', text.problem.busy);
    this.#stopWanted = false;
    const { phase: before, result: previous } = this.store.state;
    this.store.update({ phase: 'preparing', problem: undefined });
    let shown = false;
    try {
      const device = await this.open();
      const cohorts = await this.describe(requests);
      this.show(requests, cohorts, options.subject);
      shown = true;
      if (this.#stopWanted) throw new LabError('busy', text.problem.stoppedEarly);

      this.#workedUntil = performance.now();
      const watch = this.#watchSilence();
      try {
        const outcome = await this.#call((remote) =>
          remote.start(
            requests,
            comlink.proxy((event: TrainEvent) => {
              this.#take(event, options);
            }),
          ),
        );
        const { experiment, budget } = options.subject;
        // What was measured must not be lost for want of a sentence about it.
        const verdict = (await options.verdict?.(outcome.runs).catch(() => null)) ?? null;
        const result = assembleResult({ experiment, budget, device, version: VERSION }, outcome, verdict);
        this.#flushProgress();
        this.store.update({ phase: outcome.complete ? 'done' : 'stopped', result, problem: undefined });
        return result;
      } finally {
        clearInterval(watch);
      }
    } catch (error) {
      this.#flushProgress();
      // Refused before the first step: what was measured before is still there, and still finished.
      const back = !shown && previous && !this.#isFatal(error) ? before : undefined;
      if (this.#stopWanted) this.store.update({ phase: back ?? 'stopped' });
      else this.#fail(error, back);
      throw LabError.from(error);
    } finally {
      this.store.update({ compile: undefined });
    }
  }

  async pause(): Promise<void> {
    if (this.store.state.phase !== 'running') return;
    await this.#command((remote) => remote.pause());
    if (this.store.state.phase === 'running') this.store.update({ phase: 'paused' });
  }

  async resume(): Promise<void> {
    if (this.store.state.phase !== 'paused') return;
    // The seconds of the chart are seconds of training.
    this.#workedUntil = performance.now();
    this.#lastNews = performance.now();
    this.store.update({ phase: 'running' });
    await this.#command((remote) => remote.resume());
  }

  /** One optimiser step while paused. */
  async step(): Promise<void> {
    if (this.store.state.phase !== 'paused') return;
    this.#workedUntil = performance.now();
    await this.#command((remote) => remote.step());
  }

  async stop(): Promise<void> {
    if (!isActive(this.store.state.phase) || this.#stopWanted) return;
    this.#stopWanted = true;
    this.store.update({ phase: 'stopping' });
    const giveUp = setTimeout(() => {
      if (this.store.state.phase === 'stopping') this.#dropLink();
    }, STOP_WITHIN);
    try {
      await this.#call((remote) => remote.stop());
    } catch {
      // The run's own promise reports what became of it.
    } finally {
      if (!isActive(this.store.state.phase)) clearTimeout(giveUp);
    }
  }

  /** Changes hyper-parameters of some replicas of a cohort while they train. */
  async setHyper(cohort: number, replicas: readonly number[], patch: HyperPatch): Promise<void> {
    await this.#command(async (remote) => {
      await Promise.all(replicas.map((replica) => remote.setHyper(cohort, replica, patch)));
    });
  }

  /** Lets go of the worker. */
  close(): void {
    clearTimeout(this.#progressTimer);
    this.#dropLink();
  }

  #take(event: TrainEvent, options: RunOptions): void {
    this.#lastNews = performance.now();
    const spent = this.#spent(event);
    switch (event.type) {
      case 'compile':
        this.store.update({ compile: { done: event.done, total: event.total } });
        return;
      case 'points':
        this.curves.add(event, spent);
        if (this.store.state.phase === 'preparing') this.store.update({ phase: 'running', compile: undefined });
        return;
      case 'branch':
        this.store.update({ ends: [...this.store.state.ends, ...this.#endsOf(event)] });
        return;
      case 'change':
        this.#log(event);
        return;
      case 'look':
        this.store.update({ looks: { ...this.store.state.looks, [event.cohort]: event } });
        return;
      case 'progress':
        this.#pendingProgress = event;
        this.#progressTimer ??= setTimeout(() => {
          this.#flushProgress();
        }, PROGRESS_EVERY);
        options.onProgress?.(event);
    }
  }

  /**
   * Seconds since the work that was reported before. The device does one thing at a time and reports in order, so
   * this is what the event's own cohort took, whoever trains beside it.
   */
  #spent({ type }: TrainEvent): number {
    if (type === 'progress' || type === 'change') return 0;
    const now = performance.now();
    const spent = (now - this.#workedUntil) / 1000;
    this.#workedUntil = now;
    return spent;
  }

  #log(event: ChangeEvent): void {
    this.store.update({ changes: [...this.store.state.changes, event] });
  }

  #endsOf(event: BranchEvent): End[] {
    return this.store.state.series.flatMap((series, index) =>
      series.cohort !== event.cohort
        ? []
        : series.replicas.flatMap((replica, i) => {
            const evaluation = event.evaluations[replica];
            const seed = series.seeds[i];
            if (!evaluation || seed === undefined) return [];
            return [{ ...evaluation, series: index, seed, fraction: event.fraction, step: event.step }];
          }),
    );
  }

  #flushProgress(): void {
    clearTimeout(this.#progressTimer);
    this.#progressTimer = undefined;
    const progress = this.#pendingProgress;
    this.#pendingProgress = undefined;
    if (progress) this.store.update({ progress });
  }

  /** Says so when a running worker has not been heard of for long, and takes it back when it is. */
  #watchSilence(): ReturnType<typeof setInterval> {
    this.#lastNews = performance.now();
    return setInterval(() => {
      const { phase, problem } = this.store.state;
      const silent = phase === 'running' && performance.now() - this.#lastNews > SILENCE;
      const said = problem?.sentence === text.problem.silent;
      if (silent && !said) this.store.update({ problem: { code: 'internal', sentence: text.problem.silent } });
      if (!silent && said) this.store.update({ problem: undefined });
    }, 1000);
  }

  /** A call whose failure is shown but is nobody's to catch. */
  async #command(action: (remote: comlink.Remote<import('../protocol').TrainWorker>) => Promise<void>): Promise<void> {
    try {
      await this.#call(action);
    } catch (error) {
      // A breakdown is reported by the run itself.
      if (!(error instanceof Abandoned)) this.store.update({ problem: problemOf(error) });
    }
  }

  #call<T>(action: (remote: comlink.Remote<import('../protocol').TrainWorker>) => Promise<T>): Promise<T> {
    this.#link ??= this.#makeLink();
    const { connection, abandoned } = this.#link;
    return Promise.race([action(connection.remote), connection.broken, abandoned]);
  }

  #makeLink(): Link {
    let abandon = (): void => undefined;
    const abandoned = new Promise<never>((_resolve, reject) => {
      abandon = () => {
        reject(new Abandoned(text.problem.abandoned));
      };
    });
    abandoned.catch(() => undefined);
    return { connection: this.connect(), abandoned, abandon };
  }

  /** Ends the worker; the next call makes a new one. */
  #dropLink(): void {
    const link = this.#link;
    this.#link = undefined;
    this.#opening = undefined;
    link?.abandon();
    link?.connection.close();
  }

  #isFatal(error: unknown): boolean {
    return FATAL.includes(problemOf(error).code);
  }

  /** @param back the phase to return to, where nothing was lost */
  #fail(error: unknown, back?: Phase): void {
    if (this.#isFatal(error)) this.#dropLink();
    const { phase } = this.store.state;
    this.store.update({ phase: back ?? (canStart(phase) ? phase : 'failed'), problem: problemOf(error) });
  }
}
