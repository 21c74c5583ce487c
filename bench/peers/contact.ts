import * as comlink from 'comlink';
import type { Library } from './library';
import type { Entrant } from './result';

/** Milliseconds that an entrant may take for all its answers. */
const PATIENCE = 600_000;

/** An entrant's library in a worker of its own. What fails there, or takes too long, ends it and nobody else. */
export class Contact {
  /** Why it takes part no more. */
  problem?: string;
  readonly #worker = new Worker(new URL('./entrant.worker.ts', import.meta.url), { type: 'module' });
  readonly #broken: Promise<never>;
  #left = PATIENCE;
  #library?: comlink.Remote<Library>;

  constructor(readonly entrant: Entrant) {
    this.#broken = new Promise((_resolve, reject) => {
      this.#worker.onerror = ({ message }) => {
        reject(new Error(message || 'The worker ended.'));
      };
    });
    this.#broken.catch(() => undefined); // Heard by whoever asks next.
  }

  /**
   * The answer and the milliseconds that it took; the library is opened first if need be. Nothing comes back from one
   * that has failed, now or before.
   */
  async ask<T>(
    question: (library: comlink.Remote<Library>) => Promise<T>,
  ): Promise<{ value: T; milliseconds: number } | undefined> {
    if (this.problem !== undefined) return undefined;
    const started = performance.now();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`Not done within ${PATIENCE / 1000} seconds.`));
      }, this.#left);
    });
    try {
      const value = await Promise.race([this.#answer(question), this.#broken, late]);
      const milliseconds = performance.now() - started;
      this.#left -= milliseconds;
      return { value, milliseconds };
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      this.close();
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  async #answer<T>(question: (library: comlink.Remote<Library>) => Promise<T>): Promise<T> {
    const open = comlink.wrap<(entrant: Entrant) => Library>(this.#worker);
    this.#library ??= (await open(this.entrant)) as unknown as comlink.Remote<Library>;
    return question(this.#library);
  }

  close(): void {
    this.#worker.terminate();
  }
}
