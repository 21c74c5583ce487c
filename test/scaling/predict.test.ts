import { describe, expect, test } from 'vitest';
import { hits } from '../../bench/lib/simulated-sweep';
import type { FitRequest, Place } from '../../src/fit-protocol';
import { predictRuns } from '../../src/scaling/predict';
import { ladder, SIZES } from './runs';

const law = (n: number) => 16.8 * n ** -0.335;
const AT: Place = { n: 1e5, d: 1e6, c: 6e11 };

function predicted(request: Partial<FitRequest>, at = AT) {
  return predictRuns({ observations: [], law: 'power', floor: 0, resamples: 100, ...request }, at);
}

test('a law without noise is continued, with next to no interval', () => {
  const { predictions, problems } = predicted({ observations: ladder(law) });
  expect(problems).toEqual([]);
  const [{ predicted: value, interval, spread, beyond }] = predictions as [(typeof predictions)[number]];
  expect(value).toBeCloseTo(law(1e5), 8);
  expect(interval[1] - interval[0]).toBeLessThan(1e-6);
  expect(spread.seeds).toBeNull();
  expect(beyond).toBeCloseTo(2.5, 8);
});

test('the interval is made of the law, the seeds and the misfit', () => {
  const quiet = predicted({ observations: ladder(law, { noise: 0.01, seeds: 3 }) }).predictions[0]!;
  const loud = predicted({ observations: ladder(law, { noise: 0.04, seeds: 3 }) }).predictions[0]!;
  const width = ({ interval: [low, high] }: typeof quiet) => Math.log(high / low);
  expect(width(loud) / width(quiet)).toBeGreaterThan(3);
  expect(width(loud) / width(quiet)).toBeLessThan(5);
  expect(quiet.spread.seeds).toBeGreaterThan(0.005);
  expect(quiet.spread.seeds).toBeLessThan(0.015);

  // A law that bends: the seeds are quiet, the misfit is not.
  const bent = predicted({ observations: ladder((n) => law(n) + 0.3 * n ** -0.1, { noise: 1e-4, seeds: 3 }) });
  const [{ spread }] = bent.predictions as [typeof quiet];
  expect(spread.seeds).toBeLessThan(3e-4);
  expect(spread.misfit).toBeGreaterThan(1e-3);
});

test('inside the sizes measured, nothing is beyond', () => {
  expect(predicted({ observations: ladder(law) }, { ...AT, n: 5e3 }).predictions[0]!.beyond).toBe(1);
});

describe('what cannot be predicted is a problem with a name', () => {
  test.each<[string, ReturnType<typeof predicted>, object]>([
    [
      'two sizes leave nothing over to tell the misfit',
      predicted({ observations: ladder(law, { sizes: SIZES.slice(0, 2), seeds: 3 }) }),
      { kind: 'dense', code: 'too-few-to-predict', found: 2, needed: 3 },
    ],
    ['no fit', predicted({ observations: ladder(law).slice(0, 1) }), { kind: 'dense', code: 'one-run' }],
    [
      'a place that is none',
      predicted({ observations: ladder(law) }, { ...AT, n: NaN }),
      { kind: 'dense', code: 'bad-target', axes: 'n' },
    ],
    [
      'without resamples nobody knows how sure it is',
      predicted({ observations: ladder(law), resamples: 0 }),
      { kind: 'dense', code: 'too-few-to-predict' },
    ],
  ])('%s', (_what, { predictions, problems }, problem) => {
    expect(predictions).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject(problem);
  });
});

test('a run of twice the size on twice the tokens is hit in 84 to 97 % of 150 simulated sweeps', () => {
  const share = hits(150, { floorKnown: true, resamples: 40 });
  expect(share).toBeGreaterThan(0.84);
  expect(share).toBeLessThan(0.97);
}, 60_000);
