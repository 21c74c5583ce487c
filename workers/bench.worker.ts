/** The benchmark's worker. src/bench-result.ts is its contract. */
import * as comlink from 'comlink';
import { benchmark } from '../src/bench/benchmark';
import { stepTimes } from '../src/bench/step-times';
import type { BenchWorker } from '../src/bench-result';

const worker: BenchWorker = { run: benchmark, step: stepTimes };
comlink.expose(worker);
