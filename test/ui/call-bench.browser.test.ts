/** Times of a step as the page gets them: from the benchmark's own worker, on a device of its own. */
import { expect, test } from 'vitest';
import { measureStep } from '../../src/ui/call-bench';
import { planCohort } from '../../src/train/cohort';
import { tinySpec } from '../config/specs';

test('every dispatch of a step is timed, and so is the ceiling', async () => {
  const seen: number[] = [];
  const progress = (done: number) => seen.push(done);
  const times = await measureStep([tinySpec()], 'register', progress, new AbortController().signal);
  expect(times.milliseconds).toHaveLength(planCohort([tinySpec()]).train.plan.dispatches.length);
  expect(times.milliseconds.every((time) => time > 0 && time < 1000)).toBe(true);
  expect(times.multiplyAdd).toBeGreaterThan(0);
  // Progress comes by a way of its own, and where the machine is busy its last words come after the end.
  expect(seen.length).toBeGreaterThan(times.milliseconds.length / 2);
  expect(seen).toEqual(seen.map((_done, index) => index));
});

test('kernels that this adapter does not have end the measurement with a sentence', async () => {
  const call = measureStep([tinySpec()], 'quick', () => undefined, new AbortController().signal);
  await expect(call).rejects.toThrow('quick');
});

test('a measurement that is given up ends with the reason', async () => {
  const controller = new AbortController();
  const call = measureStep([tinySpec()], 'register', () => undefined, controller.signal);
  controller.abort(new Error('given up'));
  await expect(call).rejects.toThrow('given up');
});
