/** Makes the training worker and wraps it. The session takes this as a function, so that tests can replace it. */
import * as comlink from 'comlink';
import type { TrainWorker } from '../protocol';

export interface Connection {
  remote: comlink.Remote<TrainWorker>;
  /** Rejects when the worker itself breaks down; never resolves. */
  broken: Promise<never>;
  /** Ends the worker at once, whatever it is doing. */
  close(): void;
}

export function connectWorker(): Connection {
  const worker = new Worker(new URL('../../workers/train.worker.ts', import.meta.url), { type: 'module' });
  const remote = comlink.wrap<TrainWorker>(worker);
  const broken = new Promise<never>((_resolve, reject) => {
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      reject(new Error(event.message || 'worker error'));
    });
    worker.addEventListener('messageerror', () => {
      reject(new Error('unreadable message'));
    });
  });
  // Whoever waits for a call hears of the breakdown; with nobody waiting it is no unhandled rejection.
  broken.catch(() => undefined);
  return {
    remote,
    broken,
    close() {
      remote[comlink.releaseProxy]();
      worker.terminate();
    },
  };
}
