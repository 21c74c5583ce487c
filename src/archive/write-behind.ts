/**
 * A storage that is written behind the back of whoever uses it. What is given lies in `Pending`, is read from there, and
 * is written together with the rest a little later; what cannot be written stays there, is said and is tried again.
 */
import { archiveText } from '../text/archive';
import { Pending } from './pending';
import { keyText } from './records';
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
  ['sweeps', 'runs', 'curves', 'names', 'pins', 'points'],
  ['checkpoints'],
  ['weights'],
];

/** What the browser’s error means to the reader. */
export function sentenceOf(error: unknown): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === 'QuotaExceededError') return archiveText.problem.full;
  if (name === 'VersionError') return archiveText.problem.newer;
  if (name === 'SecurityError' || name === 'ReferenceError') return archiveText.problem.forbidden;
  return archiveText.problem.failed(message);
}

/** Who wants to know what becomes of it. */
interface Listener {
  /** `problem` has changed. */
  problem(): void;
  /** There is a storage now, with what was written before. */
  opened(): void;
  /** A write begins: what was given must not be changed any more. */
  writing(): void;
}

export class WriteBehind {
  /** Why nothing is being written, as a sentence; undefined while all is well. */
  problem: string | undefined;

  #storage: Storage | undefined;
  readonly #pending = new Pending();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | undefined;

  constructor(private readonly heard: Listener) {}

  /** Waits for the storage, but not for long: one that comes late is used from then on. */
  async attach(open: (events: StorageEvents) => Promise<Storage>): Promise<void> {
    const lose = (sentence: string): void => {
      this.#storage = undefined;
      this.say(sentence);
    };
    await new Promise<void>((resolve) => {
      const giveUp = (sentence: string): void => {
        clearTimeout(patience);
        this.say(sentence);
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
    this.say(undefined);
    this.heard.opened();
    if (!this.#pending.empty) void this.#write();
  }

  /** Resolves when all that was given has been written, or could not be. */
  async flush(): Promise<void> {
    // One that is under way has begun without what came since.
    await this.#writing;
    await this.#write();
  }

  /** After a last write. */
  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#timer);
    this.#storage?.close();
    this.#storage = undefined;
  }

  /** To be written soon; `undefined` deletes. */
  put(store: StoreName, key: Key, value: unknown): void {
    this.#pending.put(store, key, value);
    this.#schedule(WRITE_AFTER);
  }

  /** All of a sweep is to be deleted. */
  clear(store: StoreName, sweep: string): void {
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
    // All at once: what comes while this is being written is for the next time.
    this.heard.writing();
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
    this.say(failure);
    if (this.#pending.empty) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#schedule(failure === undefined || madeRoom ? WRITE_AFTER : RETRY_AFTER);
  }

  /** A sentence about what is wrong, or nothing any more. */
  say(problem: string | undefined): void {
    if (problem === this.problem) return;
    this.problem = problem;
    this.heard.problem();
  }

  /** Reads what is stored; a storage that cannot be read has nothing, and that is said. */
  async #read<T>(read: (storage: Storage) => Promise<T>, nothing: T): Promise<T> {
    const storage = this.#storage;
    if (!storage) return nothing;
    try {
      return await read(storage);
    } catch (error) {
      if (this.#storage === storage) this.say(sentenceOf(error));
      return nothing;
    }
  }

  /** One record as it will be once all is written. */
  async get(store: StoreName, key: Key): Promise<unknown> {
    const pending = this.#pending.get(store, key);
    if (pending) return pending.value;
    return this.#read((storage) => storage.get(store, key), undefined);
  }

  /** Entries as they will be once all is written, in pages that leave the page time to breathe. */
  async *pages(store: StoreName, sweep?: string): AsyncGenerator<Entry[]> {
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

  /** All records of a store, or of one sweep in it. */
  async all(store: StoreName, sweep?: string): Promise<Entry[]> {
    const all: Entry[] = [];
    for await (const entries of this.pages(store, sweep)) all.push(...entries);
    return all;
  }

  /** The same by their keys as text. */
  async map(store: StoreName, sweep?: string): Promise<Map<string, unknown>> {
    return new Map((await this.all(store, sweep)).map(({ key, value }) => [keyText(key), value]));
  }

  /** Keys alone, as text. */
  async keys(store: StoreName, sweep?: string): Promise<Set<string>> {
    const pending = this.#pending.entries(store, sweep);
    const stored = await this.#read((storage) => storage.keys(store, sweep), []);
    const kept = stored.filter((key) => !this.#isDeleted(store, key));
    return new Set([...kept, ...pending.map(({ key }) => key)].map(keyText));
  }
}
