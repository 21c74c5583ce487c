/** Makes the workers and wraps them. Whoever uses one takes this as a function, so that tests can replace it. */
import * as comlink from 'comlink';
import type { BenchWorker } from '../bench-result';
import type { FitWorker } from '../fit-protocol';
import type { TrainWorker } from '../protocol';
import type { TextWorker } from '../text-protocol';

export interface Connection<T = TrainWorker> {
  remote: comlink.Remote<T>;
  /** Rejects when the worker itself breaks down; never resolves. */
  broken: Promise<never>;
  /** Ends the worker at once, whatever it is doing. */
  close(): void;
}

export function connectWorker(): Connection {
  return connect(new Worker(new URL('../../workers/train.worker.ts', import.meta.url), { type: 'module' }));
}

export function connectBench(): Connection<BenchWorker> {
  return connect(new Worker(new URL('../../workers/bench.worker.ts', import.meta.url), { type: 'module' }));
}

export function connectFit(): Connection<FitWorker> {
  return connect(new Worker(new URL('../../workers/fit.worker.ts', import.meta.url), { type: 'module' }));
}

export function connectText(): Connection<TextWorker> {
  return connect(new Worker(new URL('../../workers/text.worker.ts', import.meta.url), { type: 'module' }));
}

function connect<T>(worker: Worker): Connection<T> {
  const remote = comlink.wrap<T>(worker);
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
      (remote as comlink.Remote<unknown> & { [comlink.releaseProxy]: () => void })[comlink.releaseProxy]();
      worker.terminate();
    },
  };
}
