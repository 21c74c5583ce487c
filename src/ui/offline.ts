/** Has the built page kept for use without a connection, and says when a newer version of it waits. */
import type { Keeper } from './keeper';
import type { Store } from './store';

/** Milliseconds after which a page that stayed open asks for a newer version when it is looked at again. */
const ASK_AGAIN = 3_600_000;
/** Milliseconds that a last write of what is being kept may take. */
const WRITE_WITHIN = 2000;

/** What of the browser is needed; a test gives its own. */
export interface OfflineParts {
  container: Pick<ServiceWorkerContainer, 'register' | 'ready' | 'controller' | 'addEventListener'>;
  reload: () => void;
}

export class Offline {
  #waiting: ServiceWorker | undefined;

  constructor(
    private readonly store: Store,
    private readonly keeper: Keeper,
    private readonly parts: OfflineParts = {
      container: navigator.serviceWorker,
      reload: () => {
        location.reload();
      },
    },
  ) {}

  async begin(): Promise<void> {
    const { container } = this.parts;
    try {
      // Relative to the page, as the whole build is.
      const registration = await container.register('./service-worker.js', { updateViaCache: 'none' });
      this.#announce(registration);
      this.#follow(registration.installing);
      registration.addEventListener('updatefound', () => {
        this.#follow(registration.installing);
      });
      this.#askAgain(registration);
    } catch {
      // Site data are blocked, or a program that drives the browser wants no service worker.
      this.store.update({ offline: 'failed' });
      return;
    }
    await container.ready;
    this.store.update({ offline: 'ready' });
  }

  /** Reloads for the version that waits. Runs that are under way can go on from what is kept of them. */
  async takeUp(): Promise<void> {
    const { container, reload } = this.parts;
    const archive = await this.keeper.archive;
    await Promise.race([archive.flush(), new Promise((resolve) => setTimeout(resolve, WRITE_WITHIN))]);
    // Another tab may have pressed the button before: then the new version is in charge already.
    if (this.#waiting?.state !== 'installed') {
      reload();
      return;
    }
    container.addEventListener('controllerchange', reload, { once: true });
    this.#waiting.postMessage('take-over');
  }

  /** @param worker one that is being installed */
  #follow(worker: ServiceWorker | null): void {
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'redundant' && !this.parts.container.controller) this.store.update({ offline: 'failed' });
      if (worker.state === 'installed') this.#announce({ waiting: worker });
    });
  }

  #announce({ waiting }: Pick<ServiceWorkerRegistration, 'waiting'>): void {
    // The very first version has nobody to wait for.
    if (!waiting || !this.parts.container.controller) return;
    this.#waiting = waiting;
    this.store.update({ newVersion: true });
  }

  #askAgain(registration: ServiceWorkerRegistration): void {
    let asked = performance.now();
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'visible' || performance.now() - asked < ASK_AGAIN) return;
      asked = performance.now();
      // Without a connection there is nothing newer.
      registration.update().catch(() => undefined);
    });
  }
}
