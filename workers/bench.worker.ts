/** The benchmark's worker. src/bench-result.ts is its contract. */
import * as comlink from 'comlink';
import { benchmark } from '../src/bench/benchmark';
import type { BenchWorker } from '../src/bench-result';

const worker: BenchWorker = { run: benchmark };
comlink.expose(worker);
