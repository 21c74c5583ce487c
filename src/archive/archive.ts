/**
 * Runs are kept: every sweep with its results, curves and weights, and while it is under way its points and
 * checkpoints, so that it can go on after a reload or a crash.
 *
 * Writers return at once. What they were given is written together some tenths of a second later and until then is
 * read from memory; where nothing can be written it stays in memory, and `problem` says so.
 */
import type { Checkpoint, PointsEvent, RunResult, WeightsEvent } from '../protocol';
import { archiveText } from '../text/archive';
import { openDatabase } from './database';
import { Holds } from './holds';
import {
  readableCheckpoint,
  readableDetails,
  readablePoints,
  readableRun,
  readableSweep,
  readableWeights,
} from './readable';
import {
  joinResult,
  keyText,
  RECORD_VERSION,
  rowKey,
  splitResult,
  type Resumption,
  type RowKey,
  type RunRecord,
  type RunRow,
  type SweepRecord,
  type WeightsRecord,
} from './records';
import type { Storage, StorageEvents } from './storage';
import { sentenceOf, WriteBehind } from './write-behind';

/** An error whose message is a sentence for the reader. */
class ArchiveError extends Error {
  constructor(code: 'busy' | 'internal', message: string) {
    super(message);
    this.name = `LabError/${code}`;
  }
}

export interface ArchiveOptions {
  /** Opens the storage behind it. */
  open?: (events: StorageEvents) => Promise<Storage>;
  locks?: LockManager | undefined;
}

/** Never rejects: where nothing can be kept, it keeps in memory and has a `problem`. */
export async function openArchive(options: ArchiveOptions = {}): Promise<Archive> {
  const { open = openDatabase, locks = globalThis.navigator?.locks } = options;
  const archive = new Archive(new Holds(locks));
  await archive.attach(open);
  // The last chance before a tab is closed or put to sleep.
  globalThis.document?.addEventListener('visibilitychange', () => void archive.flush());
  return archive;
}

/** Dispatches `problem` when `problem` has changed, and `change` when there are other rows than before. */
export class Archive extends EventTarget {
  /** Damaged records, or of a later version, that the latest `rows` or `resume` left out. They are not touched. */
  unreadable = 0;

  readonly #store = new WriteBehind({
    problem: () => this.dispatchEvent(new Event('problem')),
    opened: () => this.dispatchEvent(new Event('change')),
    // Points that come from now on begin a new chunk.
    writing: () => {
      this.#chunks.clear();
    },
  });
  /** Sweeps that were begun, resumed or changed in this tab. */
  readonly #sweeps = new Map<string, SweepRecord>();
  /** Points since the last write, by sweep and cohort. */
  readonly #chunks = new Map<string, PointsEvent[]>();
  /** Number of the latest chunk: ascending, also from one visit to the next. */
  #chunk = 0;
  /** Changes of sweeps whose records have to be read first. */
  #updating: Promise<void> = Promise.resolve();

  constructor(private readonly holds: Holds) {
    super();
  }

  /** Why runs are not being kept, as a sentence; undefined while they are. */
  get problem(): string | undefined {
    return this.#store.problem;
  }

  /** Waits for the storage, but not for long: one that comes late is used from then on. */
  attach(open: (events: StorageEvents) => Promise<Storage>): Promise<void> {
    return this.#store.attach(open);
  }

  /** A sweep starts, in this tab: until its state changes it is held against others. */
  begin(sweep: SweepRecord): void {
    void this.holds.hold(sweep.id);
    this.#keepSweep(sweep);
  }

  /** Changes a sweep. One that is no longer under way gives up what it would have needed to go on. */
  update(id: string, change: Partial<Omit<SweepRecord, 'id'>>): void {
    const known = this.#sweeps.get(id);
    if (known) {
      this.#change(known, change);
      return;
    }
    this.#updating = this.#updating
      .then(async () => {
        const read = this.#sweeps.get(id) ?? readableSweep(await this.#store.get('sweeps', [id]));
        if (read) this.#change(read, change);
        else this.#store.say(archiveText.problem.unreadableSweep);
      })
      .catch((error: unknown) => {
        this.#store.say(sentenceOf(error));
      });
  }

  /** A sweep is under way, but nobody trains it at the moment (its device was lost): it may be offered again. */
  leave(id: string): void {
    void this.holds.release(id);
  }

  /** @param key the cohort's, as its description has it */
  points(id: string, key: string, event: PointsEvent): void {
    if (!this.#isUnderWay(id)) return;
    const open = keyText([id, key]);
    let events = this.#chunks.get(open);
    if (!events) {
      this.#chunk = Math.max(this.#chunk + 1, Date.now());
      events = [];
      this.#chunks.set(open, events);
      this.#store.put('points', [id, key, this.#chunk], events);
    }
    events.push(event);
  }

  /** Runs of a sweep that was begun or resumed here have ended. */
  ended(id: string, runs: readonly RunResult[]): void {
    const sweep = this.#sweeps.get(id);
    if (!sweep) {
      this.#store.say(archiveText.problem.unknownSweep);
      return;
    }
    const at = new Date().toISOString();
    const { experiment, case: chosen, budget, startedAt, device, version } = sweep;
    const about = { experiment, case: chosen, budget, startedAt, device, version, at };
    for (const result of runs) {
      const { run, details } = splitResult(result);
      const record: RunRecord = { schemaVersion: RECORD_VERSION, sweep: id, ...about, run };
      const key = rowKey(id, result);
      this.#store.put('runs', key, record);
      this.#store.put('curves', key, details);
    }
    this.dispatchEvent(new Event('change'));
  }

  /** Replaces the cohort's checkpoint before. */
  checkpoint(id: string, checkpoint: Checkpoint): void {
    if (this.#isUnderWay(id)) this.#store.put('checkpoints', [id, checkpoint.key], checkpoint);
  }

  /** @param runs the ends that the weights belong to, in the order of the replicas */
  weights(id: string, runs: readonly RunResult[], { tensors, replicas }: WeightsEvent): void {
    replicas.forEach((data, replica) => {
      const run = runs[replica];
      if (run) this.#store.put('weights', rowKey(id, run), { tensors, data } satisfies WeightsRecord);
    });
    this.dispatchEvent(new Event('change'));
  }

  /** Resolves when all that was given has been written, or could not be. */
  async flush(): Promise<void> {
    await this.#updating;
    await this.#store.flush();
  }

  /** Sweeps that are under way and trained by nobody, the latest first. */
  async unfinished(): Promise<SweepRecord[]> {
    const held = await this.holds.held();
    const sweeps = (await this.#underWay()).filter(({ id }) => !held.has(id));
    return sweeps.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  }

  /**
   * Calls back each time that another tab lets go of a sweep that is under way now: one that was closed or reloaded
   * just before may not have been gone yet when `unfinished` looked.
   */
  async watchOthers(onFree: () => void): Promise<void> {
    for (const { id } of await this.#underWay()) {
      if (!this.#sweeps.has(id)) void this.holds.free(id).then(onFree);
    }
  }

  async #underWay(): Promise<SweepRecord[]> {
    const sweeps: SweepRecord[] = [];
    for await (const entries of this.#store.pages('sweeps')) {
      for (const { value } of entries) {
        const sweep = readableSweep(value);
        if (sweep?.state === 'under-way') sweeps.push(sweep);
      }
    }
    return sweeps;
  }

  /**
   * Takes hold of a sweep to go on with it. Rejects with a LabError `busy` if it is being trained, also in another
   * tab, and `internal` if its record cannot be read.
   */
  async resume(id: string): Promise<Resumption> {
    if (!(await this.holds.hold(id))) throw new ArchiveError('busy', archiveText.problem.held);
    this.unreadable = 0;
    try {
      const sweep = readableSweep(await this.#store.get('sweeps', [id]));
      if (!sweep) throw new ArchiveError('internal', archiveText.problem.unreadableSweep);
      const points: Resumption['points'] = {};
      const chunks = await this.#store.all('points', id);
      // What is still to be written comes last, and belongs there.
      for (const { key, value } of chunks.sort((a, b) => Number(a.key[2]) - Number(b.key[2]))) {
        const events = (points[String(key[1])] ??= []);
        for (const event of this.#checked(readablePoints, value) ?? []) events.push(event);
      }
      const checkpoints = (await this.#store.all('checkpoints', id)).flatMap(
        ({ value }) => this.#checked(readableCheckpoint, value) ?? [],
      );
      const finished = await this.#results(id);
      this.#sweeps.set(id, sweep);
      return { sweep, finished, checkpoints, points };
    } catch (error) {
      void this.holds.release(id);
      throw error;
    }
  }

  /** All ends of all runs; those that cannot be read are left out and counted in `unreadable`. */
  async rows(): Promise<RunRow[]> {
    const rows: RunRow[] = [];
    let unreadable = 0;
    const [names, pins, weights] = await Promise.all([
      this.#store.map('names'),
      this.#store.map('pins'),
      this.#store.keys('weights'),
    ]);
    for await (const entries of this.#store.pages('runs')) {
      for (const { key, value } of entries) {
        const record = readableRun(value);
        if (!record) {
          unreadable++;
          continue;
        }
        const { schemaVersion: _version, ...rest } = record;
        const id = keyText(key);
        const name = names.get(id);
        rows.push({
          ...rest,
          key: key as RowKey,
          id,
          name: typeof name === 'string' ? name : '',
          pinned: pins.get(id) === true,
          weights: weights.has(id),
        });
      }
    }
    this.unreadable = unreadable;
    return rows;
  }

  /** The whole result of one end, curve and routing included; undefined if it is not there or cannot be read. */
  async result(key: RowKey): Promise<RunResult | undefined> {
    const [run, details] = await Promise.all([this.#store.get('runs', key), this.#store.get('curves', key)]);
    const [record, rest] = [readableRun(run), readableDetails(details)];
    return record && rest && joinResult(record.run, rest);
  }

  async curve(key: RowKey): Promise<RunResult['curve'] | undefined> {
    return readableDetails(await this.#store.get('curves', key))?.curve;
  }

  /** Final weights; undefined for an end that has none, or whose weights are damaged. */
  async weightsOf(key: RowKey): Promise<WeightsRecord | undefined> {
    return readableWeights(await this.#store.get('weights', key));
  }

  /** What is kept of a sweep itself. */
  async sweep(id: string): Promise<SweepRecord | undefined> {
    return this.#sweeps.get(id) ?? readableSweep(await this.#store.get('sweeps', [id]));
  }

  /** An empty name takes it away. */
  rename(key: RowKey, name: string): void {
    this.#store.put('names', key, name.trim() || undefined);
    this.dispatchEvent(new Event('change'));
  }

  pin(key: RowKey, pinned: boolean): void {
    this.#store.put('pins', key, pinned || undefined);
    this.dispatchEvent(new Event('change'));
  }

  /** Ends, with all that belongs to them; a sweep goes with the last of its ends. */
  async delete(keys: readonly RowKey[]): Promise<void> {
    for (const key of keys) {
      for (const store of ['runs', 'curves', 'names', 'pins', 'weights'] as const)
        this.#store.put(store, key, undefined);
    }
    const held = await this.holds.held();
    for (const id of new Set(keys.map(([sweep]) => sweep))) {
      if (held.has(id) || (await this.#store.keys('runs', id)).size > 0) continue;
      for (const store of ['sweeps', 'points', 'checkpoints'] as const) this.#store.clear(store, id);
      this.#sweeps.delete(id);
    }
    // There may be room again for what did not fit.
    await this.flush();
    this.dispatchEvent(new Event('change'));
  }

  /** Lets go of the storage and of all sweeps, after a last write. */
  async close(): Promise<void> {
    await this.#updating;
    await this.#store.close();
    await Promise.all([...this.#sweeps.keys()].map((id) => this.holds.release(id)));
  }

  #isUnderWay(id: string): boolean {
    return this.#sweeps.get(id)?.state === 'under-way';
  }

  #change(sweep: SweepRecord, change: Partial<SweepRecord>): void {
    const changed = { ...sweep, ...change };
    this.#keepSweep(changed);
    if (changed.state === 'under-way') return;
    void this.holds.release(changed.id);
    for (const store of ['points', 'checkpoints'] as const) this.#store.clear(store, changed.id);
    // Nothing is to be added any more to what has just been given up.
    this.#chunks.clear();
  }

  #keepSweep(sweep: SweepRecord): void {
    this.#sweeps.set(sweep.id, sweep);
    this.#store.put('sweeps', [sweep.id], sweep);
  }

  /** Counts what cannot be read. */
  #checked<T>(readable: (value: unknown) => T | undefined, value: unknown): T | undefined {
    const record = readable(value);
    if (record === undefined) this.unreadable++;
    return record;
  }

  /** Results of a sweep that can be read whole. */
  async #results(id: string): Promise<RunResult[]> {
    const details = await this.#store.map('curves', id);
    return (await this.#store.all('runs', id)).flatMap(({ key, value }) => {
      const record = this.#checked(readableRun, value);
      const rest = record && this.#checked(readableDetails, details.get(keyText(key)));
      return record && rest ? [joinResult(record.run, rest)] : [];
    });
  }
}
