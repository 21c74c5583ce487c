import * as comlink from 'comlink';
import { expect, test } from 'vitest';
import type { FitWorker } from '../../src/fit-protocol';
import { ladder } from './runs';

test('the worker fits and predicts', async () => {
  const worker = new Worker(new URL('../../workers/fit.worker.ts', import.meta.url), { type: 'module' });
  const fitter = comlink.wrap<FitWorker>(worker);
  const request = { observations: ladder((n) => 16.8 * n ** -0.335), law: 'power', floor: 0, resamples: 20 } as const;
  const { fits } = await fitter.fit(request);
  expect(fits[0]?.parameters.alpha).toBeCloseTo(0.335, 6);
  const { predictions } = await fitter.predict(request, { n: 1e5, d: 1e6, c: 6e11 });
  expect(predictions[0]?.predicted).toBeCloseTo(16.8 * 1e5 ** -0.335, 6);
  expect((await fitter.fit({ ...request, observations: [] })).problems).toEqual([
    { kind: '', code: 'nothing-usable', ends: 0 },
  ]);
  worker.terminate();
});
