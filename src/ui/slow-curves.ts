/** Asks an element to render again some time after points have arrived: a picture of where runs stand need not flow. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Curves } from './curves';

/** Milliseconds between two renderings: training may share this very processor. */
const EVERY = 500;

export class SlowCurves implements ReactiveController {
  readonly #host: ReactiveControllerHost & { curves: Curves | undefined };
  #unsubscribe: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost & { curves: Curves | undefined }) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdated(): void {
    this.#unsubscribe ??= this.#host.curves?.subscribe(() => {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#host.requestUpdate();
      }, EVERY);
    });
  }

  hostDisconnected(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
