/** The held-out set: its size, its floor, and what a model that knows nothing scores on it. */
import { expect, it } from 'vitest';
import { successorNll, topicsEntropy } from '../../src/data/topics';
import type { RunSpec, TopicsSource } from '../../src/config/run-spec';
import { tinySpec } from '../config/specs';
import { runSteps, withCohort } from './cohorts';

/** The head starts at zero, so every row costs log V; adding 2,000 equal rows in float32 rounds some 100 times. */
const ROUNDING = 100 * 2 ** -24;

function spec(lag: 1 | 2, seed: number): RunSpec<TopicsSource> {
  // Noise and the rest change training only: evaluation is always clean.
  const tiny = tinySpec({ seed, noise: 0.3, uniqueDocuments: 4, curriculum: 'hard-first' });
  return { ...tiny, source: { ...tiny.source, lag } };
}

/** Standard deviation of −log p of one clean token. */
function deviation(vocabSize: number): number {
  const { successors } = successorNll({ noise: 0 }, vocabSize);
  const moment = (power: number) => successors.reduce((sum, nll) => sum + Math.exp(-nll) * nll ** power, 0);
  return Math.sqrt(moment(2) - moment(1) ** 2);
}

it.each([1, 2] as const)('evaluation on lag %i', async (lag) => {
  const specs = [spec(lag, 5), spec(lag, 6)];
  const { source } = specs[0]!;
  await withCohort(specs, async (cohort) => {
    const before = await cohort.evaluate();
    for (const { loss, floor, excess, evalTokens, diverged } of before) {
      expect(evalTokens).toBeGreaterThanOrEqual(32_768);
      const error = deviation(source.vocabSize) / Math.sqrt(evalTokens);
      expect(Math.abs(floor - topicsEntropy(source, { noise: 0 }))).toBeLessThan(3 * error);
      expect(Math.abs(loss / Math.log(source.vocabSize) - 1)).toBeLessThan(ROUNDING);
      expect([excess, diverged]).toEqual([loss - floor, false]);
    }
    // Each seed has its own documents.
    expect(before[0]!.floor).not.toBe(before[1]!.floor);

    const [first] = await runSteps(cohort, 20);
    expect(Math.abs(first!.loss / Math.log(source.vocabSize) - 1)).toBeLessThan(ROUNDING);
    const after = await cohort.evaluate();
    expect(after.map(({ floor }) => floor)).toEqual(before.map(({ floor }) => floor));
    for (const [replica, { loss }] of after.entries()) expect(loss).not.toBe(before[replica]!.loss);
    expect(await cohort.evaluate()).toEqual(after);
  });
});
