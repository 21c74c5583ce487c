/** The queue of a sweep, and what a bet on a percentage came to. */
import { expect, test } from 'vitest';
import { articleCompute } from '../../src/experiments/article-compute';
import { articleData } from '../../src/experiments/article-data';
import { lawVerdict } from '../../src/experiments/law-verdict';
import { size } from '../../src/experiments/size';
import { measuredShare } from '../../src/ui/bet-model';
import { queueOf } from '../../src/ui/queue-model';
import { fitted, FLOOR, power, runsOf, stateOf } from './law-runs';

const series = (arm: string, cohort: number, flopsPerStep: number) => ({
  ...{ arm, style: 0, cohort, replicas: [0], seeds: [1], size: 1, total: 1, active: 1, steps: 100, branches: [] },
  ...{ flopsPerStep, tokensPerStep: 512, guessing: Math.log(32), floor: FLOOR },
});
const curves = {
  steps: (cohort: number) => [100, 50, 0][cohort] ?? 0,
  seconds: (cohort: number) => [4, 3, 0][cohort] ?? 0,
};

test('least work first; done, under way and to come, with seconds', () => {
  const state = stateOf(
    {},
    {
      phase: 'running',
      series: [series('dense 16', 2, 4e6), series('sparse 8', 1, 2e6), series('dense 8', 0, 1e6)],
      progress: {
        ...{ type: 'progress', fraction: 0.3, secondsElapsed: 7, secondsLeft: 10 },
        cohorts: [
          { step: 100, steps: 100 },
          { step: 50, steps: 100 },
          { step: 0, steps: 100 },
        ],
      },
    },
  );
  const queue = queueOf(size, state, curves);
  expect(queue.map(({ arm, state }) => [arm, state])).toEqual([
    ['dense 8', 'done'],
    ['sparse 8', 'under way'],
    ['dense 16', 'to come'],
  ]);
  // Of the ten seconds left one fifth is for what is under way.
  expect(queue.map(({ seconds }) => seconds)).toEqual([4, 3, 8]);
  const stopped = queueOf(size, { ...state, phase: 'stopped' }, curves);
  expect(stopped.map((entry) => entry.state)).toEqual(['done', 'not trained', 'not trained']);
});

test('runs of an earlier sitting are done', () => {
  const runs = runsOf(size, 'quick', power(20, 0.35)).filter(({ arm }) => arm === 'dense 8');
  const [own] = queueOf(size, stateOf({ runs }, { series: [series('dense 8', 2, 1e6)] }), curves);
  expect(own).toMatchObject({ state: 'done', seconds: 2 });
});

test('a bet on data: what the last doubling took off the larger model', () => {
  const runs = runsOf(articleData, 'quick', (n, d) => (n > 4000 ? 300 : 200) * d ** (n > 4000 ? -0.4 : -0.2));
  const state = stateOf({ runs, verdict: lawVerdict(articleData, runs, []) });
  const measured = measuredShare(articleData, state.law)!;
  expect(measured.holds).toBe(95);
  expect(measured.value).toBeCloseTo(100 * (1 - 2 ** -0.4), 0);
  expect(measured.low!).toBeLessThanOrEqual(measured.value);
});

test('a bet on compute: what the frontier says of a doubling, with its interval', () => {
  const runs = runsOf(articleCompute, 'quick', (_n, d) => 300 * d ** -0.3);
  const fit = fitted('dense', 1, 0.2, { law: 'frontier', x: 'c', intervals: { alpha: [0.15, 0.25] } });
  const state = stateOf({ runs, fits: [fit], verdict: lawVerdict(articleCompute, runs, [fit]) });
  const measured = measuredShare(articleCompute, state.law)!;
  expect(measured.holds).toBe(90);
  expect([measured.value, measured.low!, measured.high!].map((value) => value.toFixed(2))).toEqual(
    [0.2, 0.15, 0.25].map((alpha) => (100 * (1 - 2 ** -alpha)).toFixed(2)),
  );
  expect(measuredShare(articleCompute, stateOf({ runs }).law)).toBeUndefined();
});
