/**
 * Trains cohorts on one device, interleaved by work done, and reports as it goes. It is what the worker
 * exposes; it knows nothing of workers.
 */
import { LIVE_FIELDS, type HyperPatch } from '../config/run-spec';
import { Allocator } from '../gpu/allocator';
import { openDevice, type OpenedDevice } from '../gpu/device';
import { LabError } from '../gpu/errors';
import { engineText } from '../text/engine';
import { compilePlan } from '../plan/replay';
import type { CohortDescription, DeviceInfo, RunRequest, TrainEvent, TrainOutcome, TrainWorker } from '../protocol';
import { Clock } from './clock';
import { Cohort } from './cohort';
import { CohortRun } from './cohort-run';
import { estimateCohort } from './estimate';
import { describeGroup, groupRequests, type Group } from './groups';
import { probeKernels } from './probe';
import { Progress } from './progress';
import { submitSteps } from './submit';

/** Submits that may be in the queue at once: the GPU never waits for the CPU, and a pause is not late. */
const IN_FLIGHT = 2;

/** Milliseconds between two looks inside a cohort, at least, and the share of the time that looks may take. */
const LOOK_EVERY = 500;
const LOOK_SHARE = 0.04;

export class Trainer implements TrainWorker {
  #opened: Promise<OpenedDevice & { allocator: Allocator; lost: Promise<never> }> | undefined;
  #runs: CohortRun[] = [];
  /** What has the device to itself now. */
  #current: { kind: 'training' | 'estimate'; ended: Promise<unknown> } | undefined;
  /** A start that waits for an estimate to end. */
  #hurry = false;
  #paused = false;
  #stopped = false;
  #wake: (() => void) | undefined;
  #singleSteps = 0;

  /** Kernels that were asked for. */
  #kernels: string | undefined;

  /** @param openGpu where the device comes from: the browser, or a test that wants to take it away */
  constructor(
    private readonly openGpu: (kernels?: string) => Promise<OpenedDevice> = (kernels) =>
      openDevice({ kernels, probe: probeKernels }),
  ) {}

  async open(kernels?: string): Promise<DeviceInfo> {
    this.#kernels = kernels;
    return (await this.#device()).info;
  }

  async #device() {
    this.#opened ??= this.#openDevice();
    try {
      return await this.#opened;
    } catch (error) {
      this.#opened = undefined;
      throw error;
    }
  }

  async #openDevice() {
    const opened = await this.openGpu(this.#kernels);
    const allocator = new Allocator(opened.device);
    const lost = new Promise<never>((_, reject) => {
      void opened.device.lost.then(({ message }) => {
        this.#opened = undefined;
        reject(new LabError('device-lost', engineText.deviceLost(message)));
      });
      opened.device.onuncapturederror = ({ error }) => {
        reject(new LabError('internal', engineText.refusedCommand(error.message)));
      };
    });
    // Whoever trains awaits it; nobody else needs to hear of it.
    lost.catch(() => undefined);
    return { ...opened, allocator, lost };
  }

  async describe(requests: RunRequest[]): Promise<CohortDescription[]> {
    return (await this.#plan(requests)).map(describeGroup);
  }

  /** Plans for the device at hand, whose profile decides the kernels. */
  async #plan(requests: RunRequest[]): Promise<Group[]> {
    const { profile, bundled } = await this.#device();
    return groupRequests(requests, profile, bundled);
  }

  async estimate(requests: RunRequest[]): Promise<{ seconds: number }> {
    const planned = await this.#plan(requests);
    return this.#exclusively('estimate', async (allocator) => {
      let milliseconds = 0;
      for (const { plan } of planned) {
        if (this.#hurry) throw new LabError('busy', engineText.estimateGivenUp);
        milliseconds += await estimateCohort(allocator, plan);
      }
      return { seconds: milliseconds / 1000 };
    });
  }

  async start(requests: RunRequest[], onEvent: (event: TrainEvent) => void): Promise<TrainOutcome> {
    const planned = await this.#plan(requests);
    return this.#exclusively('training', async (allocator) => {
      this.#paused = false;
      this.#stopped = false;
      this.#singleSteps = 0;
      const began = performance.now();
      try {
        await this.#prepare(allocator, planned, onEvent);
        await this.#train(onEvent);
        return {
          complete: this.#runs.every((run) => run.finished),
          seconds: (performance.now() - began) / 1000,
          runs: this.#runs.flatMap((run) => run.results),
        };
      } finally {
        for (const run of this.#runs) run.destroy();
        this.#runs = [];
      }
    });
  }

  /**
   * One use of the device at a time, ended by the device's loss. Whoever comes during training is refused; a
   * start that comes during an estimate hurries it and waits.
   */
  async #exclusively<T>(kind: 'training' | 'estimate', body: (allocator: Allocator) => Promise<T>): Promise<T> {
    while (this.#current) {
      if (this.#current.kind === 'training') {
        throw new LabError('busy', engineText.busy);
      }
      this.#hurry ||= kind === 'training';
      await this.#current.ended;
    }
    const work = this.#withDevice(body);
    const current = { kind, ended: work.catch(() => undefined) };
    this.#current = current;
    try {
      return await work;
    } finally {
      this.#current = undefined;
      this.#hurry = false;
    }
  }

  async #withDevice<T>(body: (allocator: Allocator) => Promise<T>): Promise<T> {
    const { allocator, lost } = await this.#device();
    try {
      return await Promise.race([body(allocator), lost]);
    } catch (error) {
      // Whichever call noticed first: the next one needs another device.
      if (error instanceof LabError && error.name === 'LabError/device-lost') this.#opened = undefined;
      throw error;
    }
  }

  async #prepare(allocator: Allocator, planned: Group[], onEvent: (event: TrainEvent) => void): Promise<void> {
    const plans = planned.flatMap(({ plan }) => [plan.train.plan, plan.evaluate.plan]);
    const total = plans.reduce((sum, plan) => sum + plan.dispatches.length, 0);
    let done = 0;
    const report = (): void => {
      done++;
      if (done % 16 === 0 || done === total) onEvent({ type: 'compile', done, total });
    };
    for (const plan of plans) await compilePlan(allocator.device, plan, report);
    const clock = new Clock();
    for (const [index, { plan, requests }] of planned.entries()) {
      this.#runs.push(new CohortRun(index, await Cohort.create(allocator, plan), requests, clock, onEvent));
    }
  }

  async #train(onEvent: (event: TrainEvent) => void): Promise<void> {
    const inFlight: Promise<void>[] = [];
    try {
      await this.#issueAll(inFlight, onEvent);
    } finally {
      // When one has failed, so will the others: that is said once.
      await Promise.allSettled(inFlight);
    }
  }

  async #issueAll(inFlight: Promise<void>[], onEvent: (event: TrainEvent) => void): Promise<void> {
    const progress = new Progress(this.#runs, onEvent);
    for (let run = this.#next(); run && !this.#stopped; run = this.#next()) {
      if (this.#paused && this.#singleSteps === 0) {
        await Promise.all(inFlight.splice(0));
        progress.report();
        progress.hold();
        await this.#goneOn();
        progress.release();
        continue;
      }
      const single = this.#paused;
      if (single) this.#singleSteps--;
      inFlight.push(run.issue(single ? 1 : submitSteps(run.stepMilliseconds)));
      if (this.#lookDue(run)) inFlight.push(run.look());
      while (inFlight.length >= IN_FLIGHT) await inFlight.shift();
      progress.reportNowAndThen();
    }
    await Promise.all(inFlight);
    progress.report();
  }

  /** Now and then, so that all looks together take a small share of the time. */
  #lookDue(run: CohortRun): boolean {
    const wait = Math.max(LOOK_EVERY, (run.lookMilliseconds * this.#runs.length) / LOOK_SHARE);
    return !run.finished && performance.now() - run.lookedAt > wait;
  }

  /** The cohort that has the least behind it. */
  #next(): CohortRun | undefined {
    const open = this.#runs.filter((run) => !run.finished);
    return open.sort((a, b) => a.issued - b.issued)[0];
  }

  pause(): Promise<void> {
    this.#paused = true;
    return Promise.resolve();
  }

  resume(): Promise<void> {
    this.#paused = false;
    this.#goOn();
    return Promise.resolve();
  }

  step(): Promise<void> {
    if (this.#paused) {
      this.#singleSteps++;
      this.#goOn();
    }
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#stopped = true;
    this.#goOn();
    return Promise.resolve();
  }

  /** Resolves once there is something to do again, at once when that happened while nobody waited. */
  async #goneOn(): Promise<void> {
    while (this.#paused && !this.#stopped && this.#singleSteps === 0) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #goOn(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  setHyper(cohort: number, replica: number, patch: HyperPatch): Promise<void> {
    return Promise.resolve().then(() => {
      const run = this.#runs[cohort];
      if (!run || replica < 0 || replica >= run.cohort.replicas) {
        throw new LabError('spec', engineText.noSuchRun);
      }
      for (const [name, value] of Object.entries(patch)) {
        if (!(LIVE_FIELDS as readonly string[]).includes(name))
          throw new LabError('spec', engineText.notLive(name, LIVE_FIELDS.join(', ')));
        if (!Number.isFinite(value) || value < 0) throw new LabError('spec', engineText.notFromZeroUp(name, value));
      }
      run.setHyper(replica, patch);
    });
  }

  async liveBytes(): Promise<number> {
    return this.#opened ? (await this.#opened).allocator.liveBytes : 0;
  }
}
