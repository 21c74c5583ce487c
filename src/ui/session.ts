/**
 * The page's side of training: owns the worker, turns its events into state and curves, and every failure into
 * one sentence. Nothing here can hang: calls are raced against the worker's breakdown, a stop that is not
 * obeyed ends the worker, and a long silence is said aloud.
 */
import * as comlink from 'comlink';
import { branchesOf } from '../config/flops';
import { staticKey, type HyperPatch, type RunSpec } from '../config/run-spec';
import type {
  BranchEvent,
  ChangeEvent,
  CohortDescription,
  DeviceInfo,
  KernelText,
  LabErrorCode,
  PointsEvent,
  ProgressEvent,
  ResultFile,
  RunRequest,
  RunResult,
  StartOptions,
  TrainEvent,
  TrainOutcome,
} from '../protocol';
import { controlsOf } from '../experiments/setting-model';
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

/** What is known of runs from an earlier sitting. */
export interface Earlier {
  runs: RunResult[];
  /** Of the cohorts as they are numbered now. */
  points: PointsEvent[];
  /** Seconds of training. */
  seconds: number;
}

export interface RunOptions {
  subject: Subject;
  /** How the worker is to go about it. */
  start?: StartOptions;
  /** Parts of the runs that are trained one behind the other; those of no part have ended before. All at once if absent. */
  stages?: RunRequest[][];
  /** Called before each part, with all ends so far; the runs wait for it. */
  beforeStage?: (stage: number, runs: readonly RunResult[]) => Promise<void>;
  earlier?: (cohorts: readonly CohortDescription[]) => Promise<Earlier>;
  /** Once it is known what the runs will be. */
  onPlan?: (cohorts: readonly CohortDescription[], device: DeviceInfo) => Promise<void>;
  /** Every event, its cohort numbered as the page does. */
  onEvent?: (event: TrainEvent) => void;
  onProgress?: (progress: ProgressEvent) => void;
  /** What the runs show, for the result file. */
  conclude?: (runs: readonly RunResult[]) => Promise<Pick<ResultFile, 'verdict' | 'fits' | 'predictions'>>;
}

/** Numbers of the cohorts that some of the runs belong to, in the order in which the worker will number them. */
function numbersOf(part: readonly RunRequest[], all: readonly RunRequest[]): number[] {
  const keys = (requests: readonly RunRequest[]): string[] => [...new Set(requests.map(({ spec }) => staticKey(spec)))];
  const known = keys(all);
  return keys(part).map((key) => known.indexOf(key));
}

/** Results in the order in which their runs were asked for, from little compute to much; each end once. */
function inOrder(requests: readonly RunRequest[], runs: readonly RunResult[]): RunResult[] {
  const place = ({ arm, seed }: RunResult): number =>
    requests.findIndex((request) => request.arm === arm && request.spec.hyper.seed === seed);
  const ends = new Map(runs.map((run) => [`${run.identity}/${run.arm}/${run.seed}/${run.branch.budgetFlops}`, run]));
  return [...ends.values()].sort((a, b) => place(a) - place(b) || a.branch.budgetFlops - b.branch.budgetFlops);
}

export class Session {
  #link: Link | undefined;
  #opening: Promise<DeviceInfo> | undefined;
  /** When the work ended that was reported last, by performance.now(). */
  #workedUntil = 0;
  #lastNews = 0;
  #stopWanted = false;
  #looking = false;
  /** Numbers on the page of the cohorts that the worker trains; empty where they are the worker's own. */
  #numbers: number[] = [];
  #pendingProgress: ProgressEvent | undefined;
  #progressTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly store: Store,
    readonly curves: Curves,
    private readonly connect: () => Connection,
    /** Kernels that the reader asked for, in place of the lab's own choice. */
    private readonly kernels?: string,
    /** The texts that some runs read. */
    private readonly textsOf: (specs: RunSpec[]) => Promise<string[]> = () => Promise.resolve([]),
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
      const { phase, device: before } = this.store.state;
      const waiting = phase === 'opening' || (phase === 'failed' && !before);
      this.store.update({ device, problem: undefined, phase: waiting ? 'idle' : phase });
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
  async describe(requests: RunRequest[], { order }: StartOptions = {}): Promise<CohortDescription[]> {
    await this.open();
    try {
      return await this.#call((remote) => remote.describe(requests, { ...(order && { order }) }));
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
      closer: {},
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
      const cohorts = await this.describe(requests, options.start);
      this.show(requests, cohorts, options.subject);
      shown = true;
      const earlier = await options.earlier?.(cohorts);
      if (earlier) this.#takeUp(earlier);
      await options.onPlan?.(cohorts, device);
      if (this.#stopWanted) throw new LabError('busy', text.problem.stoppedEarly);

      const outcome = await this.#train(requests, options, earlier);
      const { experiment, budget, case: chosen, setting } = options.subject;
      // What was measured must not be lost for want of a sentence about it.
      const nothing = { verdict: null };
      const conclusion = (await options.conclude?.(outcome.runs).catch(() => nothing)) ?? nothing;
      const header = {
        ...{
          experiment,
          budget,
          ...(chosen !== undefined && { case: chosen }),
          ...(setting && { setting: controlsOf(setting) }),
        },
        ...{ date: new Date().toISOString(), device, version: VERSION },
      };
      const result = assembleResult(header, outcome, conclusion);
      this.#flushProgress();
      this.store.update({ phase: outcome.complete ? 'done' : 'stopped', result, problem: undefined });
      return result;
    } catch (error) {
      this.#flushProgress();
      // Refused before the first step: what was measured before is still there, and still finished.
      const back = !shown && previous && !this.#isFatal(error) ? before : undefined;
      if (this.#stopWanted) this.store.update({ phase: back ?? 'stopped' });
      else this.#fail(error, back);
      throw LabError.from(error);
    } finally {
      this.#numbers = [];
      this.store.update({ compile: undefined });
    }
  }

  /** Part by part. */
  async #train(requests: RunRequest[], options: RunOptions, earlier?: Earlier): Promise<TrainOutcome> {
    const stages = options.stages ?? [requests];
    const outcome: TrainOutcome = { complete: true, seconds: earlier?.seconds ?? 0, runs: earlier?.runs ?? [] };
    const texts = await this.textsOf(requests.map(({ spec }) => spec));
    for (const [stage, part] of stages.entries()) {
      await options.beforeStage?.(stage, outcome.runs);
      if (this.#stopWanted) outcome.complete = false;
      if (this.#stopWanted || part.length === 0) continue;
      this.#numbers = part === requests ? [] : numbersOf(part, requests);
      const start = { ...this.#startOf(options), ...(texts.length > 0 && { texts }) };
      this.#workedUntil = performance.now();
      const watch = this.#watchSilence();
      try {
        const { complete, seconds, runs } = await this.#call((remote) =>
          remote.start(
            part,
            comlink.proxy((event: TrainEvent) => {
              this.#take(this.#renumbered(event), options);
            }),
            start,
          ),
        );
        outcome.complete &&= complete;
        outcome.seconds += seconds;
        outcome.runs = inOrder(requests, [...outcome.runs, ...runs]);
      } finally {
        clearInterval(watch);
      }
    }
    return outcome;
  }

  /** Saved states of cohorts that have ended since, or are no part of this, are of no use any more. */
  #startOf({ start = {} }: RunOptions): StartOptions {
    const { cohorts } = this.store.state;
    const numbers = this.#numbers.length === 0 ? cohorts.map((_cohort, i) => i) : this.#numbers;
    const keys = numbers.map((number) => cohorts[number]?.key);
    return { ...start, ...(start.resume && { resume: start.resume.filter(({ key }) => keys.includes(key)) }) };
  }

  /** Shows what is known from an earlier sitting. */
  #takeUp({ runs, points }: Earlier): void {
    for (const event of points) this.curves.add(event, 0);
    const { series } = this.store.state;
    const ends = runs.flatMap((run): End[] => {
      const index = series.findIndex(({ arm, seeds }) => arm === run.arm && seeds.includes(run.seed));
      const found = series[index];
      if (!found) return [];
      const step = Math.round(run.tokens / found.tokensPerStep);
      return [{ ...run, series: index, step, fraction: step === found.steps ? 1 : step / found.steps }];
    });
    this.store.update({ ends });
  }

  /** An event with its cohort's number on the page, where the worker trains only some of them. */
  #renumbered(event: TrainEvent): TrainEvent {
    const numbers = this.#numbers;
    if (numbers.length === 0) return event;
    if (event.type === 'compile') return event;
    if (event.type !== 'progress') return { ...event, cohort: numbers[event.cohort] ?? event.cohort };
    const cohorts = this.store.state.cohorts.map(({ cohort, executedSteps: steps }, i) => {
      const mine = event.cohorts[numbers.indexOf(i)];
      // What is no part of this has ended, or comes behind it.
      return mine ?? { step: this.curves.steps(cohort) > 0 ? steps : 0, steps };
    });
    return { ...event, cohorts };
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

  /** Ends one cohort; the others go on. */
  async skip(cohort: number): Promise<void> {
    if (!isActive(this.store.state.phase)) return;
    const number = this.#numbers.length === 0 ? cohort : this.#numbers.indexOf(cohort);
    if (number >= 0) await this.#command((remote) => remote.skip(number));
  }

  /** Changes hyper-parameters of some replicas of a cohort while they train. */
  async setHyper(cohort: number, replicas: readonly number[], patch: HyperPatch): Promise<void> {
    await this.#command(async (remote) => {
      await Promise.all(replicas.map((replica) => remote.setHyper(cohort, replica, patch)));
    });
  }

  /** Whether somebody looks closer, from now on and in runs to come. */
  async lookCloser(looking: boolean): Promise<void> {
    this.#looking = looking;
    // A worker that is made later is told then.
    if (this.#link) await this.#command((remote) => remote.lookCloser(looking));
  }

  /** The WGSL of one dispatch of a training step. */
  kernelText = async (specs: RunSpec[], dispatch: number): Promise<KernelText> => {
    await this.open();
    try {
      return await this.#call((remote) => remote.kernelText(specs, dispatch));
    } catch (error) {
      throw LabError.from(error);
    }
  };

  /** Lets go of the worker. */
  close(): void {
    clearTimeout(this.#progressTimer);
    this.#dropLink();
  }

  #take(event: TrainEvent, options: RunOptions): void {
    this.#lastNews = performance.now();
    const spent = this.#spent(event);
    options.onEvent?.(event);
    switch (event.type) {
      case 'compile':
        this.store.update({ compile: { done: event.done, total: event.total } });
        return;
      case 'points':
        this.curves.add(event, spent);
        if (this.store.state.phase === 'preparing') this.store.update({ phase: 'running', compile: undefined });
        return;
      case 'branch':
        this.#takeEnds(this.#endsOf(event));
        return;
      case 'change':
        this.#log(event);
        return;
      case 'checkpoint':
      case 'weights':
        return; // For whoever keeps them.
      case 'look':
        this.store.update({ looks: { ...this.store.state.looks, [event.cohort]: event } });
        return;
      case 'closer-look':
        this.store.update({ closer: { ...this.store.state.closer, [event.cohort]: event } });
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
    const worked: readonly TrainEvent['type'][] = ['points', 'branch', 'look', 'closer-look', 'compile'];
    if (!worked.includes(type)) return 0;
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

  /** An end that was known from before a crash may come again, and is the same. */
  #takeEnds(ends: End[]): void {
    const isSame = (a: End, b: End): boolean => a.series === b.series && a.seed === b.seed && a.step === b.step;
    const others = this.store.state.ends.filter((known) => !ends.some((end) => isSame(end, known)));
    this.store.update({ ends: [...others, ...ends] });
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
    let looked = this.#lastNews;
    return setInterval(() => {
      const { phase, problem } = this.store.state;
      const now = performance.now();
      const silent = phase === 'running' && now - this.#lastNews > SILENCE;
      // This clock stood still as well: it was not the worker alone that said nothing.
      const slept = now - looked > SILENCE;
      looked = now;
      if (silent && slept) {
        this.#lastNews = now;
        this.store.update({ problem: { code: 'held-up', sentence: text.problem.asleep } });
        return;
      }
      const said = problem?.sentence === text.problem.silent;
      if (silent && !said) this.store.update({ problem: { code: 'held-up', sentence: text.problem.silent } });
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
    const connection = this.connect();
    // Its breakdown is met by the call for which it was made.
    if (this.#looking) void connection.remote.lookCloser(true).catch(() => undefined);
    return { connection, abandoned, abandon };
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
