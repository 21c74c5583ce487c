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
import { Pending } from './pending';
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
import type { Change, Entry, Key, Storage, StorageEvents, StoreName } from './storage';

/** Milliseconds from the first change to the write: with the write itself, points are at most a second late. */
const WRITE_AFTER = 400;
/** Milliseconds after which a write that failed is tried again. */
const RETRY_AFTER = 15_000;
/** Milliseconds that opening the database may take before the page goes on without. */
const OPEN_WITHIN = 3000;
/** Records that are read and checked in one go: few enough to keep the page moving. */
const PAGE = 100;

/** What is written in one transaction. The small and precious first: they may still fit into a store that is full. */
const TOGETHER: readonly (readonly StoreName[])[] = [
  ['sweeps', 'runs', 'curves', 'names', 'pins'],
  ['points', 'checkpoints'],
  ['weights'],
];

/** An error whose message is a sentence for the reader. */
class ArchiveError extends Error {
  constructor(code: 'busy' | 'internal', message: string) {
    super(message);
    this.name = `LabError/${code}`;
  }
}

function sentenceOf(error: unknown): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === 'QuotaExceededError') return archiveText.problem.full;
  if (name === 'VersionError') return archiveText.problem.newer;
  if (name === 'SecurityError' || name === 'ReferenceError') return archiveText.problem.forbidden;
  return archiveText.problem.failed(message);
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
  /** Why runs are not being kept, as a sentence; undefined while they are. */
  problem: string | undefined;
  /** Damaged records, or of a later version, that the latest `rows` or `resume` left out. They are not touched. */
  unreadable = 0;

  #storage: Storage | undefined;
  readonly #pending = new Pending();
  /** Sweeps that were begun, resumed or changed in this tab. */
  readonly #sweeps = new Map<string, SweepRecord>();
  /** Points since the last write, by sweep and cohort. */
  readonly #chunks = new Map<string, PointsEvent[]>();
  /** Number of the latest chunk: ascending, also from one visit to the next. */
  #chunk = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | undefined;
  /** Changes of sweeps whose records have to be read first. */
  #updating: Promise<void> = Promise.resolve();

  constructor(private readonly holds: Holds) {
    super();
  }

  /** Waits for the storage, but not for long: one that comes late is used from then on. */
  async attach(open: (events: StorageEvents) => Promise<Storage>): Promise<void> {
    const lose = (sentence: string): void => {
      this.#storage = undefined;
      this.#say(sentence);
    };
    await new Promise<void>((resolve) => {
      const giveUp = (sentence: string): void => {
        clearTimeout(patience);
        this.#say(sentence);
        resolve();
      };
      const patience = setTimeout(() => {
        giveUp(archiveText.problem.slow);
      }, OPEN_WITHIN);
      const opening = open({
        blocked: () => {
          giveUp(archiveText.problem.blocked);
        },
        superseded: () => {
          lose(archiveText.problem.superseded);
        },
        terminated: () => {
          lose(archiveText.problem.terminated);
        },
      });
      opening.then(
        (storage) => {
          clearTimeout(patience);
          this.#use(storage);
          resolve();
        },
        (error: unknown) => {
          giveUp(sentenceOf(error));
        },
      );
    });
  }

  #use(storage: Storage): void {
    this.#storage = storage;
    this.#say(undefined);
    this.dispatchEvent(new Event('change'));
    if (!this.#pending.empty) void this.#write();
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
        const read = this.#sweeps.get(id) ?? readableSweep(await this.#get('sweeps', [id]));
        if (read) this.#change(read, change);
      })
      .catch((error: unknown) => {
        this.#say(sentenceOf(error));
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
      this.#put('points', [id, key, this.#chunk], events);
    }
    events.push(event);
  }

  /** Runs of a sweep that was begun or resumed here have ended. */
  ended(id: string, runs: readonly RunResult[]): void {
    const sweep = this.#sweeps.get(id);
    if (!sweep) {
      this.#say(archiveText.problem.unknownSweep);
      return;
    }
    const at = new Date().toISOString();
    const { experiment, case: chosen, budget, startedAt, device, version } = sweep;
    const about = { experiment, case: chosen, budget, startedAt, device, version, at };
    for (const result of runs) {
      const { run, details } = splitResult(result);
      const record: RunRecord = { schemaVersion: RECORD_VERSION, sweep: id, ...about, run };
      const key = rowKey(id, result);
      this.#put('runs', key, record);
      this.#put('curves', key, details);
    }
    this.dispatchEvent(new Event('change'));
  }

  /** Replaces the cohort's checkpoint before. */
  checkpoint(id: string, checkpoint: Checkpoint): void {
    if (this.#isUnderWay(id)) this.#put('checkpoints', [id, checkpoint.key], checkpoint);
  }

  /** @param runs the ends that the weights belong to, in the order of the replicas */
  weights(id: string, runs: readonly RunResult[], { tensors, replicas }: WeightsEvent): void {
    replicas.forEach((data, replica) => {
      const run = runs[replica];
      if (run) this.#put('weights', rowKey(id, run), { tensors, data } satisfies WeightsRecord);
    });
    this.dispatchEvent(new Event('change'));
  }

  /** Resolves when all that was given has been written, or could not be. */
  async flush(): Promise<void> {
    await this.#updating;
    // One that is under way has begun without what came since.
    await this.#writing;
    await this.#write();
  }

  /** Sweeps that are under way and trained by nobody, the latest first. */
  async unfinished(): Promise<SweepRecord[]> {
    const held = await this.holds.held();
    const sweeps: SweepRecord[] = [];
    for await (const entries of this.#pages('sweeps')) {
      for (const { value } of entries) {
        const sweep = readableSweep(value);
        if (sweep?.state === 'under-way' && !held.has(sweep.id)) sweeps.push(sweep);
      }
    }
    return sweeps.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  }

  /**
   * Takes hold of a sweep to go on with it. Rejects with a LabError `busy` if it is being trained, also in another
   * tab, and `internal` if its record cannot be read.
   */
  async resume(id: string): Promise<Resumption> {
    if (!(await this.holds.hold(id))) throw new ArchiveError('busy', archiveText.problem.held);
    this.unreadable = 0;
    try {
      const sweep = readableSweep(await this.#get('sweeps', [id]));
      if (!sweep) throw new ArchiveError('internal', archiveText.problem.unreadableSweep);
      const points: Resumption['points'] = {};
      const chunks = await this.#all('points', id);
      // What is still to be written comes last, and belongs there.
      for (const { key, value } of chunks.sort((a, b) => Number(a.key[2]) - Number(b.key[2]))) {
        (points[String(key[1])] ??= []).push(...(this.#checked(readablePoints, value) ?? []));
      }
      const checkpoints = (await this.#all('checkpoints', id)).flatMap(
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
    this.unreadable = 0;
    const [names, pins, weights] = await Promise.all([this.#map('names'), this.#map('pins'), this.#keys('weights')]);
    for await (const entries of this.#pages('runs')) {
      for (const { key, value } of entries) {
        const record = this.#checked(readableRun, value);
        if (!record) continue;
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
    return rows;
  }

  /** The whole result of one end, curve and routing included; undefined if it is not there or cannot be read. */
  async result(key: RowKey): Promise<RunResult | undefined> {
    const [run, details] = await Promise.all([this.#get('runs', key), this.#get('curves', key)]);
    const [record, rest] = [readableRun(run), readableDetails(details)];
    return record && rest && joinResult(record.run, rest);
  }

  async curve(key: RowKey): Promise<RunResult['curve'] | undefined> {
    return readableDetails(await this.#get('curves', key))?.curve;
  }

  /** Final weights; undefined for an end that has none, or whose weights are damaged. */
  async weightsOf(key: RowKey): Promise<WeightsRecord | undefined> {
    return readableWeights(await this.#get('weights', key));
  }

  /** What is kept of a sweep itself. */
  async sweep(id: string): Promise<SweepRecord | undefined> {
    return this.#sweeps.get(id) ?? readableSweep(await this.#get('sweeps', [id]));
  }

  /** An empty name takes it away. */
  rename(key: RowKey, name: string): void {
    this.#put('names', key, name.trim() || undefined);
    this.dispatchEvent(new Event('change'));
  }

  pin(key: RowKey, pinned: boolean): void {
    this.#put('pins', key, pinned || undefined);
    this.dispatchEvent(new Event('change'));
  }

  /** Ends, with all that belongs to them; a sweep goes with the last of its ends. */
  async delete(keys: readonly RowKey[]): Promise<void> {
    for (const key of keys) {
      for (const store of ['runs', 'curves', 'names', 'pins', 'weights'] as const) this.#put(store, key, undefined);
    }
    const held = await this.holds.held();
    for (const id of new Set(keys.map(([sweep]) => sweep))) {
      if (held.has(id) || (await this.#keys('runs', id)).size > 0) continue;
      for (const store of ['sweeps', 'points', 'checkpoints'] as const) this.#clear(store, id);
      this.#sweeps.delete(id);
    }
    // There may be room again for what did not fit.
    await this.flush();
    this.dispatchEvent(new Event('change'));
  }

  /** Lets go of the storage and of all sweeps, after a last write. */
  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#timer);
    this.#storage?.close();
    this.#storage = undefined;
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
    for (const store of ['points', 'checkpoints'] as const) this.#clear(store, changed.id);
    // Nothing is to be added any more to what has just been given up.
    this.#chunks.clear();
  }

  #keepSweep(sweep: SweepRecord): void {
    this.#sweeps.set(sweep.id, sweep);
    this.#put('sweeps', [sweep.id], sweep);
  }

  #put(store: StoreName, key: Key, value: unknown): void {
    this.#pending.put(store, key, value);
    this.#schedule(WRITE_AFTER);
  }

  #clear(store: StoreName, sweep: string): void {
    this.#pending.clear(store, sweep);
    this.#schedule(WRITE_AFTER);
  }

  #schedule(after: number): void {
    if (!this.#storage) return;
    this.#timer ??= setTimeout(() => void this.#write(), after);
  }

  #write(): Promise<void> {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const storage = this.#storage;
    if (!storage || this.#pending.empty) return;
    // All at once: points that come while this is being written begin a new chunk.
    this.#chunks.clear();
    const groups = TOGETHER.map((stores) => this.#pending.changes(stores));
    const isRemoval = (change: Change) => !('key' in change) || change.value === undefined;
    const removals = groups.flat().filter(isRemoval);
    let failure: string | undefined;
    let madeRoom = false;
    // Removals last, so that nothing is given up before what replaces it is safe.
    for (const changes of [...groups.map((group) => group.filter((change) => !isRemoval(change))), removals]) {
      if (changes.length === 0) continue;
      try {
        await storage.write(changes);
        this.#pending.done(changes);
        madeRoom ||= changes === removals;
      } catch (error) {
        failure ??= sentenceOf(error);
      }
    }
    // Lost meanwhile: that has been said already.
    if (this.#storage !== storage) return;
    this.#say(failure);
    if (this.#pending.empty) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#schedule(failure === undefined || madeRoom ? WRITE_AFTER : RETRY_AFTER);
  }

  #say(problem: string | undefined): void {
    if (problem === this.problem) return;
    this.problem = problem;
    this.dispatchEvent(new Event('problem'));
  }

  /** Counts what cannot be read. */
  #checked<T>(readable: (value: unknown) => T | undefined, value: unknown): T | undefined {
    const record = readable(value);
    if (record === undefined) this.unreadable++;
    return record;
  }

  /** Reads what is stored; a storage that cannot be read has nothing, and that is said. */
  async #read<T>(read: (storage: Storage) => Promise<T>, nothing: T): Promise<T> {
    const storage = this.#storage;
    if (!storage) return nothing;
    try {
      return await read(storage);
    } catch (error) {
      if (this.#storage === storage) this.#say(sentenceOf(error));
      return nothing;
    }
  }

  async #get(store: StoreName, key: Key): Promise<unknown> {
    const pending = this.#pending.get(store, key);
    if (pending) return pending.value;
    return this.#read((storage) => storage.get(store, key), undefined);
  }

  /** Entries as they will be once all is written, in pages that leave the page time to breathe. */
  async *#pages(store: StoreName, sweep?: string): AsyncGenerator<Entry[]> {
    // First, or what is written meanwhile would be found nowhere.
    const pending = this.#pending.entries(store, sweep);
    let after: Key | undefined;
    for (;;) {
      const from = after;
      const entries = await this.#read((storage) => storage.page(store, PAGE, sweep, from), []);
      const fresh = new Set(pending.map(({ key }) => keyText(key)));
      yield entries.filter(({ key }) => !fresh.has(keyText(key)) && !this.#isDeleted(store, key));
      after = entries.at(-1)?.key;
      if (entries.length < PAGE) break;
    }
    yield pending;
  }

  #isDeleted(store: StoreName, key: Key): boolean {
    const pending = this.#pending.get(store, key);
    return pending !== undefined && pending.value === undefined;
  }

  async #all(store: StoreName, sweep?: string): Promise<Entry[]> {
    const all: Entry[] = [];
    for await (const entries of this.#pages(store, sweep)) all.push(...entries);
    return all;
  }

  async #map(store: StoreName, sweep?: string): Promise<Map<string, unknown>> {
    return new Map((await this.#all(store, sweep)).map(({ key, value }) => [keyText(key), value]));
  }

  async #keys(store: StoreName, sweep?: string): Promise<Set<string>> {
    const pending = this.#pending.entries(store, sweep);
    const stored = await this.#read((storage) => storage.keys(store, sweep), []);
    const kept = stored.filter((key) => !this.#isDeleted(store, key));
    return new Set([...kept, ...pending.map(({ key }) => key)].map(keyText));
  }

  /** Results of a sweep that can be read whole. */
  async #results(id: string): Promise<RunResult[]> {
    const details = await this.#map('curves', id);
    return (await this.#all('runs', id)).flatMap(({ key, value }) => {
      const record = this.#checked(readableRun, value);
      const rest = record && this.#checked(readableDetails, details.get(keyText(key)));
      return record && rest ? [joinResult(record.run, rest)] : [];
    });
  }
}
