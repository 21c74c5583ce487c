/** The archive's storage in IndexedDB. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { STORES, type Change, type Key, type Storage, type StorageEvents, type StoreName } from './storage';

export const DATABASE_NAME = 'scaling-lab';
const DATABASE_VERSION = 1;

/** Values are `unknown` on purpose: what is read back is checked by readable.ts. */
type Schema = DBSchema & Record<StoreName, { key: (string | number)[]; value: unknown }>;

/** Keys of a sweep, or all, from behind `after`. An empty list sorts behind every string and number. */
function range(sweep: string | undefined, after?: Key): IDBKeyRange | undefined {
  if (sweep !== undefined) return IDBKeyRange.bound(after ?? [sweep], [sweep, []], after !== undefined, true);
  return after && IDBKeyRange.lowerBound(after, true);
}

class Database implements Storage {
  constructor(private readonly database: IDBPDatabase<Schema>) {}

  get(store: StoreName, key: Key): Promise<unknown> {
    return this.database.get(store, [...key]);
  }

  async page(store: StoreName, count: number, sweep?: string, after?: Key): Promise<{ key: Key; value: unknown }[]> {
    const source = this.database.transaction(store).store;
    const wanted = range(sweep, after);
    const [keys, values] = await Promise.all([source.getAllKeys(wanted, count), source.getAll(wanted, count)]);
    return keys.map((key, i) => ({ key, value: values[i] }));
  }

  keys(store: StoreName, sweep?: string): Promise<Key[]> {
    return this.database.getAllKeys(store, range(sweep));
  }

  async write(changes: readonly Change[]): Promise<void> {
    const stores = [...new Set(changes.map(({ store }) => store))];
    // The browser may take its time to reach the disk: after a power cut the last seconds are trained again.
    const transaction = this.database.transaction(stores, 'readwrite', { durability: 'relaxed' });
    try {
      for (const change of changes) {
        const store = transaction.objectStore(change.store);
        const request =
          'sweep' in change
            ? store.delete(range(change.sweep)!)
            : change.value === undefined
              ? store.delete([...change.key])
              : store.put(change.value, [...change.key]);
        // The transaction itself says what went wrong.
        request.catch(() => undefined);
      }
    } catch (error) {
      transaction.done.catch(() => undefined);
      transaction.abort();
      throw error;
    }
    await transaction.done;
  }

  close(): void {
    this.database.close();
  }
}

/** Rejects with a DOMException where IndexedDB is forbidden, damaged, or newer than this version of the lab. */
export async function openDatabase(events: StorageEvents, name = DATABASE_NAME): Promise<Storage> {
  const database = await openDB<Schema>(name, DATABASE_VERSION, {
    upgrade(upgraded) {
      for (const store of STORES) upgraded.createObjectStore(store);
    },
    blocked: () => {
      events.blocked();
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      events.superseded();
    },
    terminated: () => {
      events.terminated();
    },
  });
  return new Database(database);
}
