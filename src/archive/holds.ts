/**
 * Which sweeps are being trained, in whatever tab: a Web Lock for each, which the browser releases by itself when a
 * tab is closed or crashes.
 */
const PREFIX = 'scaling-lab/sweep/';

export class Holds {
  readonly #releases = new Map<string, () => void>();
  /** Locks that were asked for, until they are free again. */
  readonly #locked = new Map<string, Promise<void>>();

  /** @param locks undefined where the browser has none; then only this tab's sweeps are known */
  constructor(private readonly locks: LockManager | undefined) {}

  /** Takes hold of a sweep until `release` or the end of the tab. False if it is being trained already. */
  async hold(id: string): Promise<boolean> {
    if (this.#releases.has(id)) return false;
    const released = new Promise<void>((resolve) => this.#releases.set(id, resolve));
    const before = this.#locked.get(id);
    const { locks } = this;
    if (!locks) return true;
    const granted = await new Promise<boolean>((resolve) => {
      const ask = async (): Promise<void> => {
        await before;
        await locks.request(PREFIX + id, { ifAvailable: true }, async (lock) => {
          resolve(lock !== null);
          if (lock) await released;
        });
      };
      const free = ask()
        // Where locks are forbidden, so is the storage that they protect.
        .catch(() => {
          resolve(true);
        })
        .finally(() => {
          if (this.#locked.get(id) === free) this.#locked.delete(id);
        });
      this.#locked.set(id, free);
    });
    if (!granted) this.#releases.delete(id);
    return granted;
  }

  /** Resolves when others may take hold of it. */
  async release(id: string): Promise<void> {
    this.#releases.get(id)?.();
    if (this.#releases.delete(id)) await this.#locked.get(id);
  }

  /** Resolves when no other tab trains the sweep: at once, when it is done, or when that tab is gone. */
  async free(id: string): Promise<void> {
    await this.locks?.request(PREFIX + id, { mode: 'shared' }, () => undefined).catch(() => undefined);
  }

  /** Ids of all sweeps that are being trained. */
  async held(): Promise<Set<string>> {
    await Promise.all([...this.#locked].filter(([id]) => !this.#releases.has(id)).map(([, free]) => free));
    const snapshot = await this.locks?.query().catch(() => undefined);
    const names = (snapshot?.held ?? []).map(({ name }) => name ?? '');
    const elsewhere = names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length));
    return new Set([...this.#releases.keys(), ...elsewhere]);
  }
}
