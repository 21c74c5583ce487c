/**
 * Keeps what is trained: hands the session's events to the archive, which comes with a script of its own, and brings
 * sweeps back that were broken off.
 */
import type { Archive } from '../archive/archive';
import type { Resumption, SweepRecord } from '../archive/records';
import { canonicalJson } from '../config/run-spec';
import { branchesOf } from '../config/flops';
import type {
  CohortDescription,
  DeviceInfo,
  FrozenPrediction,
  PointsEvent,
  RunRequest,
  RunResult,
  TrainEvent,
} from '../protocol';
import type { Earlier } from './session';
import type { Store, Subject } from './store';
import { VERSION } from './version';

/** Milliseconds between two checkpoints: what a crash may cost. */
export const CHECKPOINT_EVERY = 10_000;

/** True when all ends of a run are among these results. */
function isFinished({ arm, spec }: RunRequest, runs: readonly RunResult[]): boolean {
  const text = canonicalJson(spec);
  const own = runs.filter((run) => run.arm === arm && canonicalJson(run.spec) === text);
  return own.length >= branchesOf(spec).length;
}

/** A sweep that is being kept while it trains. */
export class Keeping {
  #cohorts: readonly CohortDescription[] = [];
  /** Results of each cohort's latest end, which its weights belong to. */
  readonly #latest = new Map<number, RunResult[]>();
  #seconds: number;
  readonly #began = performance.now();

  constructor(
    private readonly archive: Archive,
    readonly id: string,
    private readonly resumed: Resumption | undefined,
  ) {
    this.#seconds = resumed?.sweep.seconds ?? 0;
  }

  /** Runs that are still to be trained, cohort by cohort: one whose replicas have not all ended is trained as a whole. */
  remaining(requests: readonly RunRequest[], key: (request: RunRequest) => string): RunRequest[] {
    const finished = this.resumed?.finished ?? [];
    const open = new Set(requests.filter((request) => !isFinished(request, finished)).map(key));
    return requests.filter((request) => open.has(key(request)));
  }

  /** Called once it is known what the runs will be. */
  plan(cohorts: readonly CohortDescription[]): void {
    this.#cohorts = cohorts;
  }

  earlier(cohorts: readonly CohortDescription[]): Earlier {
    const { finished = [], points = {} } = this.resumed ?? {};
    return {
      runs: finished,
      seconds: this.#seconds,
      points: cohorts.flatMap(({ key, cohort }) =>
        (points[key] ?? []).map((event): PointsEvent => ({ ...event, cohort })),
      ),
    };
  }

  take(event: TrainEvent): void {
    const key = 'cohort' in event ? this.#cohorts.find(({ cohort }) => cohort === event.cohort)?.key : undefined;
    if (key === undefined) return;
    switch (event.type) {
      case 'points':
        this.archive.points(this.id, key, event);
        break;
      case 'branch':
        this.#latest.set(event.cohort, event.runs);
        this.archive.ended(this.id, event.runs);
        break;
      case 'weights':
        this.archive.weights(this.id, this.#latest.get(event.cohort) ?? [], event);
        break;
      case 'checkpoint':
        this.archive.checkpoint(this.id, event.checkpoint);
        this.archive.update(this.id, { seconds: this.seconds });
    }
  }

  get seconds(): number {
    return this.#seconds + (performance.now() - this.#began) / 1000;
  }

  /** Ends that may be kept already. */
  ended(runs: readonly RunResult[]): void {
    this.archive.ended(this.id, runs);
  }

  predicted(prediction: FrozenPrediction): void {
    this.archive.update(this.id, { predictions: [prediction] });
  }

  end(state: 'done' | 'stopped', seconds: number, predictions: FrozenPrediction[]): void {
    this.archive.update(this.id, { state, seconds, predictions });
  }

  /** Broken off: it may be gone on with. */
  leave(): void {
    this.archive.leave(this.id);
  }
}

export class Keeper {
  readonly #archive: Promise<Archive>;

  /** @param open loads the archive; a test gives one of its own */
  constructor(open: () => Promise<Archive>) {
    this.#archive = open();
  }

  get archive(): Promise<Archive> {
    return this.#archive;
  }

  async begin(subject: Subject, requests: RunRequest[], device: DeviceInfo): Promise<Keeping> {
    const archive = await this.#archive;
    const sweep: SweepRecord = {
      id: crypto.randomUUID(),
      schemaVersion: 1,
      experiment: subject.experiment,
      case: subject.case ?? '',
      budget: subject.budget,
      startedAt: new Date().toISOString(),
      requests,
      state: 'under-way',
      device: device.name,
      adapter: device,
      kernelProfile: device.kernelProfile,
      version: VERSION,
      seconds: 0,
      predictions: [],
    };
    archive.begin(sweep);
    return new Keeping(archive, sweep.id, undefined);
  }

  /** Tells the store what was broken off, and from now on why runs are not kept. */
  async watch(store: Store): Promise<void> {
    const archive = await this.#archive;
    const say = (): void => {
      if (archive.problem !== store.state.notKept) store.update({ notKept: archive.problem });
    };
    archive.addEventListener('problem', () => {
      say();
      // A store that opens late may hold what was broken off.
      if (archive.problem === undefined) void this.review(store);
    });
    say();
    await this.review(store);
    await archive.watchOthers(() => void this.review(store));
  }

  /** Looks again for sweeps that were broken off. */
  async review(store: Store): Promise<void> {
    const archive = await this.#archive;
    await archive.flush();
    const unfinished = await archive.unfinished();
    store.update({
      unfinished: unfinished.map(({ id, experiment, budget, startedAt }) => ({ id, experiment, budget, startedAt })),
    });
  }

  async resumption(id: string): Promise<Resumption> {
    return (await this.#archive).resume(id);
  }

  /** Leaves a sweep as it is: it will not be offered again. */
  async giveUp(id: string): Promise<void> {
    (await this.#archive).update(id, { state: 'stopped' });
  }

  async goOn(resumed: Resumption): Promise<Keeping> {
    const archive = await this.#archive;
    return new Keeping(archive, resumed.sweep.id, resumed);
  }
}
