/** The worker that fits laws, so that the page stays quick. src/fit-protocol.ts is its contract. */
import * as comlink from 'comlink';
import type { FitWorker } from '../src/fit-protocol';
import { fitLaws } from '../src/scaling/fit';
import { predictRuns } from '../src/scaling/predict';

const worker: FitWorker = {
  fit: (request) => Promise.resolve(fitLaws(request)),
  predict: (request, at) => Promise.resolve(predictRuns(request, at)),
};
comlink.expose(worker);
