/**
 * Trains cohorts on one device, and reports as it goes. It is what the worker exposes; it knows nothing of workers.
 */
import type { HyperPatch, RunSpec } from '../config/run-spec';
import { Allocator } from '../gpu/allocator';
import { openDevice, type OpenedDevice } from '../gpu/device';
import { LabError } from '../gpu/errors';
import { kernelText } from '../plan/describe';
import { engineText } from '../text/engine';
import type {
  CohortDescription,
  DeviceInfo,
  KernelText,
  RunRequest,
  StartOptions,
  TrainEvent,
  TrainOutcome,
  TrainWorker,
} from '../protocol';
import { estimateCohort } from './estimate';
import { describeGroup, groupRequests, type Group } from './groups';
import { probeKernels } from './probe';
import { readTexts } from './source';
import { Speed } from './speed';
import { Training } from './training';

export class Trainer implements TrainWorker {
  #opened: Promise<OpenedDevice & { allocator: Allocator; speed: Speed; lost: Promise<never> }> | undefined;
  /** The start that is under way. */
  #training: Training | undefined;
  /** What has the device to itself now. */
  #current: { kind: 'training' | 'estimate'; ended: Promise<unknown> } | undefined;
  /** A start that waits for an estimate to end. */
  #hurry = false;
  /** Kernels that were asked for. */
  #kernels: string | undefined;
  /** Somebody looks closer. */
  #looking = false;

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
    return { ...opened, allocator, speed: new Speed(opened.info.software), lost };
  }

  async describe(requests: RunRequest[], { order }: Pick<StartOptions, 'order'> = {}): Promise<CohortDescription[]> {
    return (await this.#plan(requests, order)).map(describeGroup);
  }

  /** Plans for the device at hand, whose profile decides the kernels. */
  async #plan(requests: RunRequest[], order: StartOptions['order']): Promise<Group[]> {
    const { profile, bundled } = await this.#device();
    return groupRequests(requests, profile, bundled, order);
  }

  async estimate(requests: RunRequest[]): Promise<{ seconds: number }> {
    const planned = await this.#plan(requests, 'in-turn');
    return this.#exclusively('estimate', async (allocator, speed) => {
      let milliseconds = 0;
      for (const { plan } of planned) {
        if (this.#hurry) throw new LabError('busy', engineText.estimateGivenUp);
        milliseconds += await estimateCohort(allocator, plan, speed);
      }
      return { seconds: milliseconds / 1000 };
    });
  }

  async start(
    requests: RunRequest[],
    onEvent: (event: TrainEvent) => void,
    options: StartOptions = {},
  ): Promise<TrainOutcome> {
    const planned = await this.#plan(requests, options.order);
    const texts = await readTexts(options.texts ?? []);
    return this.#exclusively('training', async (allocator, speed) => {
      const training = new Training(planned, texts, options, speed, onEvent, this.#looking);
      this.#training = training;
      try {
        return await training.run(allocator);
      } finally {
        this.#training = undefined;
      }
    });
  }

  /**
   * One use of the device at a time, ended by the device's loss. Whoever comes during training is refused; a
   * start that comes during an estimate hurries it and waits.
   */
  async #exclusively<T>(
    kind: 'training' | 'estimate',
    body: (allocator: Allocator, speed: Speed) => Promise<T>,
  ): Promise<T> {
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

  async #withDevice<T>(body: (allocator: Allocator, speed: Speed) => Promise<T>): Promise<T> {
    const { allocator, speed, lost } = await this.#device();
    try {
      return await Promise.race([body(allocator, speed), lost]);
    } catch (error) {
      // Whichever call noticed first: the next one needs another device.
      if (error instanceof LabError && error.name === 'LabError/device-lost') this.#opened = undefined;
      throw error;
    }
  }

  pause(): Promise<void> {
    this.#training?.pause();
    return Promise.resolve();
  }

  resume(): Promise<void> {
    this.#training?.resume();
    return Promise.resolve();
  }

  step(): Promise<void> {
    this.#training?.step();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#training?.stop();
    return Promise.resolve();
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws is a rejection
  async skip(cohort: number): Promise<void> {
    this.#underWay.skip(cohort);
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async setHyper(cohort: number, replica: number, patch: HyperPatch): Promise<void> {
    this.#underWay.setHyper(cohort, replica, patch);
  }

  get #underWay(): Training {
    if (!this.#training) throw new LabError('spec', engineText.noSuchRun);
    return this.#training;
  }

  lookCloser(looking: boolean): Promise<void> {
    this.#looking = looking;
    this.#training?.lookCloser(looking);
    return Promise.resolve();
  }

  async kernelText(specs: RunSpec[], dispatch: number): Promise<KernelText> {
    const [group] = await this.#plan(
      specs.map((spec) => ({ arm: '', spec })),
      'in-turn',
    );
    const found = group && kernelText(group.plan.train.plan, dispatch);
    if (!found) throw new LabError('spec', engineText.noSuchDispatch);
    return found;
  }

  async liveBytes(): Promise<number> {
    return this.#opened ? (await this.#opened).allocator.liveBytes : 0;
  }
}
