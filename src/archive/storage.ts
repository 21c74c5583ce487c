/** Where the archive writes to: stores of records under keys. Behind it is IndexedDB, or in a test whatever fails. */

export const STORES = ['sweeps', 'runs', 'curves', 'names', 'pins', 'points', 'checkpoints', 'weights'] as const;
export type StoreName = (typeof STORES)[number];

/** The first part is always a sweep's id: two tabs that train do not write to the same keys. */
export type Key = readonly (string | number)[];

export interface Entry {
  key: Key;
  value: unknown;
}

/** One record to be written, or with `undefined` to be deleted; without a key, all of a store that belong to a sweep. */
export type Change = { store: StoreName; key: Key; value: unknown } | { store: StoreName; sweep: string };

/** Every method rejects with the browser's DOMException. */
export interface Storage {
  get(store: StoreName, key: Key): Promise<unknown>;
  /** At most `count` entries of a sweep, or of all, in the order of their keys, from behind the key `after`. */
  page(store: StoreName, count: number, sweep?: string, after?: Key): Promise<Entry[]>;
  keys(store: StoreName, sweep?: string): Promise<Key[]>;
  /** All or nothing. */
  write(changes: readonly Change[]): Promise<void>;
  close(): void;
}

/** Called when the store goes away or comes into the way of others. */
export interface StorageEvents {
  /** Another tab holds an older version of the database open: nothing opens until it is closed. */
  blocked(): void;
  /** A newer version of the lab wants to upgrade: this connection has been closed. */
  superseded(): void;
  /** The browser closed the connection, for instance because the site's data were deleted. */
  terminated(): void;
}
