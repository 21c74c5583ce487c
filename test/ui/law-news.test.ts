/** What stands in a law's place: counts while runs come, a reason at the end, nothing beside a law. */
import { expect, test } from 'vitest';
import { balance } from '../../src/experiments/balance';
import { noise } from '../../src/experiments/noise';
import { predict } from '../../src/experiments/predict';
import { size } from '../../src/experiments/size';
import { expand, type Experiment } from '../../src/experiments/experiment';
import { countParameters } from '../../src/config/flops';
import { lawChartsText } from '../../src/text/law-charts';
import { lawNews } from '../../src/ui/law-news';
import type { Series } from '../../src/ui/series';
import type { LabState } from '../../src/ui/store';
import { fitted, power, runsOf, stateOf } from './law-runs';

const T = lawChartsText.chart;

function running(experiment: Experiment, arms: readonly string[], change: Partial<LabState> = {}): LabState {
  const series = expand(experiment, 'quick').map(
    ({ arm, spec }) => ({ arm, active: countParameters(spec).active }) as unknown as Series,
  );
  const runs = runsOf(experiment, 'quick', power(20, 0.35)).filter(({ arm }) => arms.includes(arm));
  return stateOf({ runs }, { phase: 'running', series, ...change });
}

test('while runs come, sizes of the kind that is farthest are counted', () => {
  expect(lawNews(size, running(size, []))).toBe(T.sizesIn(0, 4));
  expect(lawNews(size, running(size, ['dense 8', 'sparse 8', 'dense 12']))).toBe(T.sizesIn(2, 4));
  expect(T.sizesIn(1, 4)).toBe('So far one of four sizes is in: a line takes two, a law five.');
});

test('the run that is to be predicted is none of them', () => {
  const arms = predict.varies.arms.map(({ name }) => name);
  const all = new Set(arms).size - 1;
  expect(lawNews(predict, running(predict, [arms[0]!, predict.law!.predicted!]))).toBe(T.sizesIn(1, all));
});

test('where a law is not one of size alone, arms are counted', () => {
  const arms = [...new Set(expand(balance, 'quick').map(({ arm }) => arm))];
  expect(lawNews(balance, running(balance, arms.slice(0, 3)))).toBe(T.armsIn(3, arms.length));
});

test('a law that is there, or that nobody wants, needs no news', () => {
  const state = running(size, ['dense 8', 'dense 12']);
  expect(lawNews(size, { ...state, law: { ...state.law, fits: [fitted('dense', 20, 0.35)] } })).toBeUndefined();
  expect(lawNews(noise, running(noise, []))).toBeUndefined();
});

test('at the end the reason is told, and that one size is too few in words of the page', () => {
  const refused = 'A reason.';
  const one = running(size, ['dense 8', 'sparse 8'], { phase: 'stopped' });
  expect(lawNews(size, { ...one, law: { ...one.law, refused } })).toBe(T.oneSize);
  const two = running(size, ['dense 8', 'dense 12'], { phase: 'done' });
  expect(lawNews(size, { ...two, law: { ...two.law, refused } })).toBe(T.refused(refused));
  expect(lawNews(size, two)).toBeUndefined();
});
