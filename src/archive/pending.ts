/**
 * What has not been written yet. It is both the queue of the next write and, where nothing can be written, the memory
 * that everything stays in: readers lay it over what the storage has.
 */
import { keyText } from './records';
import type { Change, Entry, Key, StoreName } from './storage';

type Written = Extract<Change, { key: Key }>;

export class Pending {
  readonly #stores = new Map<StoreName, Map<string, Written>>();
  /** Deletions of all of a sweep; they come before what is written since. */
  #cleared: Extract<Change, { sweep: string }>[] = [];

  get empty(): boolean {
    return this.#cleared.length === 0 && [...this.#stores.values()].every((store) => store.size === 0);
  }

  /** Replaces what was to be written under the same key; `undefined` deletes. */
  put(store: StoreName, key: Key, value: unknown): void {
    this.#of(store).set(keyText(key), { store, key, value });
  }

  clear(store: StoreName, sweep: string): void {
    const entries = this.#of(store);
    for (const [text, { key }] of entries) if (key[0] === sweep) entries.delete(text);
    this.#cleared.push({ store, sweep });
  }

  /** Undefined where nothing is known of this key; `{ value: undefined }` where it is to be deleted. */
  get(store: StoreName, key: Key): { value: unknown } | undefined {
    const found = this.#of(store).get(keyText(key));
    if (found) return found;
    return this.#isCleared(store, key) ? { value: undefined } : undefined;
  }

  /** Entries of a store, or of one sweep in it, that are to be written. */
  entries(store: StoreName, sweep?: string): Entry[] {
    return [...this.#of(store).values()].filter(
      ({ key, value }) => value !== undefined && (sweep === undefined || key[0] === sweep),
    );
  }

  /** All that is to be written to these stores, in the order in which it has to be. */
  changes(stores: readonly StoreName[]): Change[] {
    const cleared = this.#cleared.filter(({ store }) => stores.includes(store));
    return [...cleared, ...stores.flatMap((store) => [...this.#of(store).values()])];
  }

  /** These have been written; what has replaced them since has not. */
  done(changes: readonly Change[]): void {
    const cleared = new Set(changes);
    this.#cleared = this.#cleared.filter((each) => !cleared.has(each));
    for (const change of changes) {
      if (!('key' in change)) continue;
      const store = this.#of(change.store);
      const text = keyText(change.key);
      if (store.get(text) === change) store.delete(text);
    }
  }

  #isCleared(store: StoreName, key: Key): boolean {
    return this.#cleared.some((each) => each.store === store && each.sweep === key[0]);
  }

  #of(store: StoreName): Map<string, Written> {
    let entries = this.#stores.get(store);
    if (!entries) this.#stores.set(store, (entries = new Map<string, Written>()));
    return entries;
  }
}
