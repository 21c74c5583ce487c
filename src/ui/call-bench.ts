/** Calls of the benchmark's worker: each has a worker, and a device, of its own, which are gone when it ends. */
import * as comlink from 'comlink';
import type { BenchWorker, StepTimes } from '../bench-result';
import type { CohortDescription } from '../protocol';
import { connectBench } from './connect';
import { LabError } from './problem';

/** Calls a new worker. `signal` ends it, and with it the call, which then rejects with the signal's reason. */
export async function callBench<T>(
  call: (remote: comlink.Remote<BenchWorker>) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const connection = connectBench();
  const given = new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
  try {
    return await Promise.race([call(connection.remote), connection.broken, given]);
  } catch (error) {
    throw signal?.aborted ? error : LabError.from(error);
  } finally {
    connection.close();
  }
}

/** Times the step of a cohort with the kernels that it trains with. */
export type MeasureStep = (
  specs: CohortDescription['specs'],
  kernels: string,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
) => Promise<StepTimes>;

export const measureStep: MeasureStep = (specs, kernels, onProgress, signal) =>
  callBench((remote) => remote.step(specs, kernels, comlink.proxy(onProgress)), signal);
