import { expect, test } from 'vitest';
import { fitLaws } from '../../src/scaling/fit';
import { envelope } from '../../src/scaling/frontier';
import { observation, SIZES } from './runs';

test('the envelope is what nobody got below with as little compute; seeds are averaged first', () => {
  const ends = [
    observation({ n: 1, c: 1 }, 4, 'a'),
    observation({ n: 1, c: 4 }, 3, 'a'),
    // Two seeds of one end: their geometric mean is 3.2, above the end before, though one of them is lower.
    observation({ n: 2, c: 5 }, 2.56, 'b 1'),
    observation({ n: 2, c: 5 }, 4, 'b 2'),
    observation({ n: 2, c: 9 }, 2, 'b 1'),
  ];
  expect(envelope(ends, [1, 1, 1, 1, 1]).map(({ c }) => c)).toEqual([1, 4, 9]);
  // Without the second seed it counts.
  expect(envelope(ends, [1, 1, 1, 0, 1]).map(({ c }) => c)).toEqual([1, 4, 5, 9]);
});

/** Ends of each size at many token counts, of L = 16 n^−.35 + 60 d^−.35: the frontier falls as c^−.175. */
const sweep = SIZES.flatMap((n) =>
  Array.from({ length: 24 }, (_, i) => {
    const d = 1e4 * 1.5 ** i;
    return observation({ n, d }, 16 * n ** -0.35 + 60 * d ** -0.35, `run ${n}`);
  }),
);

test('its exponent is that of compute spent in the best way', () => {
  // Beyond the best budgets of the smallest and the largest size there is no envelope, only one curve.
  const within = sweep.filter(({ c }) => c > 1e9 && c < 3e11);
  const fit = fitLaws({ observations: within, law: 'frontier', floor: 0, resamples: 30 }).fits[0]!;
  expect(fit).toMatchObject({ x: 'c', enough: true, sizes: 5 });
  expect(Math.abs(fit.parameters.alpha! - 0.175)).toBeLessThan(0.01);
  expect(fit.notes).toContainEqual({ code: 'frontier-from-above' });
});
