import { RING_STEPS } from './step';

/** Milliseconds that one submit should take: on a GPU the page's own drawing waits behind it. */
const SUBMIT_MILLISECONDS = 10;

/** Steps for one submit, by the measured time of one. */
export function submitSteps(stepMilliseconds = Infinity): number {
  return Math.max(1, Math.min(RING_STEPS, Math.floor(SUBMIT_MILLISECONDS / stepMilliseconds)));
}
