import * as comlink from 'comlink';
import type { Library } from './library';
import type { Entrant } from './result';

/** Milliseconds after which an entrant is given up. */
const PATIENCE = 300_000;

/** An entrant's library in a worker of its own. What fails there, or takes too long, ends it and nobody else. */
export class Contact {
  /** Why it takes part no more. */
  problem?: string;
  readonly #worker = new Worker(new URL('./entrant.worker.ts', import.meta.url), { type: 'module' });
  readonly #broken: Promise<never>;
  #library?: comlink.Remote<Library>;

  constructor(readonly entrant: Entrant) {
    this.#broken = new Promise((_resolve, reject) => {
      this.#worker.onerror = ({ message }) => {
        reject(new Error(message || 'The worker ended.'));
      };
    });
    this.#broken.catch(() => undefined); // Heard by whoever asks next.
  }

  /** Opens the library first if need be. Nothing comes back from one that has failed, now or before. */
  async ask<T>(question: (library: comlink.Remote<Library>) => Promise<T>): Promise<T | undefined> {
    if (this.problem !== undefined) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`No answer within ${PATIENCE / 1000} seconds.`));
      }, PATIENCE);
    });
    try {
      return await Promise.race([this.#answer(question), this.#broken, late]);
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      this.close();
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Milliseconds that the answer took. */
  async time(question: (library: comlink.Remote<Library>) => Promise<unknown>): Promise<number | undefined> {
    const started = performance.now();
    await this.ask(question);
    return this.problem === undefined ? performance.now() - started : undefined;
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
