/** Redraws a chart whenever points arrive, without going through Lit: the chart itself paces its frames. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Curves } from './curves';

export class FollowCurves implements ReactiveController {
  #unsubscribe: (() => void) | undefined;

  constructor(
    host: ReactiveControllerHost & { curves: Curves | undefined },
    private readonly redraw: () => void,
  ) {
    this.#host = host;
    host.addController(this);
  }

  readonly #host: { curves: Curves | undefined };

  hostUpdated(): void {
    this.#unsubscribe ??= this.#host.curves?.subscribe(this.redraw);
    this.redraw();
  }

  hostDisconnected(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }
}
