/** The chart of a law as plain values: which points, lines, bands, labels and rules it has. */
import { describe, expect, test } from 'vitest';
import { balance } from '../../src/experiments/balance';
import { curriculum } from '../../src/experiments/curriculum';
import type { Experiment } from '../../src/experiments/experiment';
import { noise } from '../../src/experiments/noise';
import { predict } from '../../src/experiments/predict';
import { repeats } from '../../src/experiments/repeats';
import { size } from '../../src/experiments/size';
import { studentInterval } from '../../src/math/statistics';
import { lawChartsText } from '../../src/text/law-charts';
import { DENSE, SPARSE } from '../../src/ui/arm-style';
import { Curves } from '../../src/ui/curves';
import { lawModel, type LawView } from '../../src/ui/law-model';
import { byCompute, lawPoints, runKey } from '../../src/ui/law-points';
import { lawSummary } from '../../src/ui/law-summary';
import type { LabState } from '../../src/ui/store';
import { curvature } from '../../src/ui/valley-model';
import { METRICS } from '../../src/protocol';
import { fitted, FLOOR, luck, power, runsOf, stateOf } from './law-runs';

const LOG: LawView = { scale: 'log', count: 'active' };
const law = power(20, 0.35);
const sizes = runsOf(size, 'quick', law);

function model(experiment: Experiment, state: LabState, view = LOG) {
  return lawModel(experiment, state, undefined, 900, 400, view);
}

describe('points', () => {
  const points = lawPoints(size, stateOf({ runs: sizes }), undefined);

  test('one dot a run, and one for the mean of each arm, with its interval over seeds', () => {
    expect(points.runs).toHaveLength(8 * 3);
    expect(points.means).toHaveLength(8);
    const own = sizes.filter(({ arm }) => arm === 'sparse 16').map(({ excess }) => excess);
    const mean = points.means.find(({ arm }) => arm === 'sparse 16')!;
    const { mean: value, half } = studentInterval(own);
    expect(mean.y).toBeCloseTo(value, 12);
    expect(mean.high! - mean.y).toBeCloseTo(half!, 12);
    expect(mean).toMatchObject({ style: SPARSE, kind: 'sparse', hollow: false });
    expect(points.floor).toBeCloseTo(FLOOR, 12);
  });

  test('every run has the key by which it lights up elsewhere', () => {
    expect(new Set(points.runs.map(({ key }) => key)).size).toBe(24);
    expect(points.runs.map(({ key }) => key)).toContain(runKey('dense 8', 3));
  });

  test('sizes are counted as active or as all', () => {
    const total = lawPoints(size, stateOf({ runs: sizes }), undefined, 'total');
    const [run] = sizes.filter(({ arm }) => arm === 'sparse 24');
    expect(points.runs.find(({ arm }) => arm === 'sparse 24')!.x).toBe(run!.paramsActive);
    expect(total.runs.find(({ arm }) => arm === 'sparse 24')!.x).toBe(run!.paramsTotal);
  });

  test('a diverged run has no dot, and its arm says so', () => {
    const runs = sizes.map((run) => (run.arm === 'dense 8' && run.seed === 1 ? { ...run, diverged: true } : run));
    const left = lawPoints(size, stateOf({ runs }), undefined);
    expect(left.runs).toHaveLength(23);
    expect(left.means.find(({ arm }) => arm === 'dense 8')).toMatchObject({ diverged: 1, values: { length: 2 } });
  });

  test('what still trains is hollow, at the mean of its last steps', () => {
    const curves = new Curves();
    curves.reset([{ cohort: 0, replicas: 1, branches: [{ from: 80, steps: 100 }] }]);
    const data = new Float32Array(30 * METRICS.length);
    for (let i = 0; i < 30; i++) data.set([2.4, 0.9], i * METRICS.length);
    curves.add({ type: 'points', cohort: 0, branch: -1, firstStep: 1, steps: 30, data }, 1);
    const series = { ...seriesOf('dense 8'), steps: 100 };
    const [mean] = lawPoints(size, stateOf({}, { series: [series] }), curves).means;
    expect(mean).toMatchObject({ arm: 'dense 8', hollow: true, x: series.active, values: [] });
    expect(mean!.y).toBeCloseTo(1.5, 5);
  });

  test('what varies is along the axis where it is no size', () => {
    const at = (experiment: Experiment) => {
      const runs = runsOf(experiment, 'smoke', law);
      return [...new Set(lawPoints(experiment, stateOf({ runs }), undefined).runs.map(({ x }) => x))];
    };
    expect(at(noise)).toEqual([0, 10, 20, 40]);
    expect(at(curriculum)).toEqual([0, 1, 2]);
    expect(at(repeats)).toEqual([1, 2, 4, 8, 16, 32]);
  });
});

function seriesOf(arm: string) {
  return {
    ...{ arm, style: 0, cohort: 0, replicas: [0], seeds: [1], size: 2000, total: 4000, active: 1832, steps: 400 },
    ...{ branches: [], flopsPerStep: 1e6, tokensPerStep: 512, guessing: Math.log(32), floor: FLOOR },
  };
}

describe('a fitted law', () => {
  test('is a line with a band over what was measured, and its exponent with its interval at the end', () => {
    const { lines, bands, labels } = model(size, stateOf({ runs: sizes, fits: [fitted('dense', 20, 0.35)] }));
    const [line] = lines;
    const ends = sizes.filter(({ arm }) => arm.startsWith('dense')).map(({ paramsActive }) => paramsActive);
    expect(lines).toHaveLength(1);
    expect(line).toMatchObject({ role: 'law', style: DENSE });
    expect([line!.x[0], line!.x.at(-1)]).toEqual([Math.min(...ends), Math.max(...ends)]);
    line!.x.forEach((n, i) => expect(line!.y[i]).toBeCloseTo(law(n, 0), 6));
    expect(bands[0]!.high[3]! / line!.y[3]!).toBeCloseTo(1.05, 6);
    const label = labels.find(({ text }) => text.startsWith('dense'))!;
    expect(label).toMatchObject({ power: '−0.35', detail: '90 %: .32 – .38', style: DENSE });
    // The other kind has no law yet, so only its name.
    expect(labels.filter(({ text }) => text === 'sparse')).toHaveLength(1);
  });

  test('that falls towards what a size allows says so, and so does one that is seen as loss', () => {
    const words = (E: number, vertical: 'excess' | 'loss') => {
      const fit = fitted('dense', 20, 0.35, { parameters: { A: 20, alpha: 0.35, E } });
      const view = { ...stateOf({}).view, vertical };
      return model(size, stateOf({ runs: sizes, fits: [fit] }, { view })).labels[0]!.text;
    };
    expect(words(0, 'excess')).toBe('dense ∝ N');
    expect(words(1e-15, 'excess')).toBe('dense ∝ N');
    expect(words(0.5, 'excess')).toBe('dense = 0.50 + B·N');
    expect(words(0.5, 'loss')).toBe(`dense = ${(0.5 + FLOOR).toFixed(2)} + B·N`);
  });

  test('through too few sizes has no exponent and no band', () => {
    const few = fitted('dense', 20, 0.35, { enough: false, sizes: 4 });
    const { lines, bands, labels } = model(size, stateOf({ runs: sizes, fits: [few] }));
    expect(lines[0]!.role).toBe('few');
    expect(bands).toEqual([]);
    expect(labels[0]).toMatchObject({ text: 'dense', detail: lawChartsText.chart.tooFew('power') });
    expect(labels.every((label) => label.power === undefined)).toBe(true);
  });

  test('without a fit nothing joins the dots', () => {
    expect(model(size, stateOf({ runs: sizes })).lines).toEqual([]);
  });

  test('is not drawn over all parameters, for it is one of active ones', () => {
    const state = stateOf({ runs: sizes, fits: [fitted('dense', 20, 0.35)] });
    expect(model(size, state, { scale: 'log', count: 'total' }).lines).toEqual([]);
  });

  test('as loss lies above the floor by what it is as excess', () => {
    const view = { ...stateOf({}).view, vertical: 'loss' as const };
    const { lines, rules } = model(size, stateOf({ runs: sizes, fits: [fitted('dense', 20, 0.35)] }, { view }));
    expect(lines[0]!.y[0]! - FLOOR).toBeCloseTo(law(lines[0]!.x[0]!, 0), 6);
    expect(rules[0]!.y).toBeCloseTo(FLOOR, 12);
  });

  test('the floor is a line on linear axes, and none where a logarithmic axis has no place for it', () => {
    expect(model(size, stateOf({ runs: sizes })).rules).toEqual([]);
    const { rules, y } = model(size, stateOf({ runs: sizes }), { scale: 'linear', count: 'active' });
    expect(rules.map((rule) => rule.y)).toEqual([0]);
    expect(y.min).toBeLessThan(0);
  });
});

describe('a prediction', () => {
  const runs = runsOf(predict, 'quick', law);
  const target = runs.find(({ arm }) => arm === 'dense 32')!.paramsActive;
  const before = runs.filter(({ arm }) => arm !== 'dense 32');
  const fits = [fitted('dense', 20, 0.35)];
  const made = {
    ...{ arm: 'dense 32', x: target, predicted: law(target, 0), frozenAt: '2026-01-01T00:00:00Z' },
    interval: [0.9 * law(target, 0), 1.1 * law(target, 0)] as [number, number],
  };

  test('is a bracket at the target, on the law carried beyond what was measured', () => {
    const { brackets, lines, labels, x } = model(predict, stateOf({ runs: before, fits, prediction: made }));
    expect(brackets).toMatchObject([{ along: 'y', x: target, low: made.interval[0], high: made.interval[1] }]);
    const beyond = lines.find(({ role }) => role === 'beyond')!;
    expect(beyond.x[0]).toBe(Math.max(...before.map(({ paramsActive }) => paramsActive)));
    expect(beyond.x.at(-1)).toBeGreaterThan(target);
    expect(x.max).toBeGreaterThan(target);
    expect(labels.map(({ text }) => text)).toContain(lawChartsText.chart.predicted(made.predicted));
  });

  test.each([
    [true, lawChartsText.chart.hit],
    [false, lawChartsText.chart.miss],
  ])('that was measured says whether it was a hit (%s)', (hit, words) => {
    const prediction = { ...made, measured: 0.5, hit };
    const { labels, lines } = model(predict, stateOf({ runs, fits, prediction }));
    expect(labels.find(({ text }) => text === words)!.detail).toContain('0.50');
    // What was predicted does not count as measured range.
    expect(lines.find(({ role }) => role === 'law')!.x.at(-1)).toBeLessThan(target);
  });
});

describe('valleys', () => {
  const BOTTOM = { n: 5000, loss: 0.8 };
  const valley = (n: number) => BOTTOM.loss * Math.exp(0.2 * Math.log(n / BOTTOM.n) ** 2);
  const runs = runsOf(balance, 'quick', valley);
  const budgets = [...new Set(runs.map(({ branch }) => branch.budgetFlops))];

  test('ends of equal compute belong together, however steps round it', () => {
    const groups = byCompute(runs.map(({ trainFlops }) => ({ flops: trainFlops })));
    expect(groups.map(({ length }) => length)).toEqual([18, 18, 18]);
    expect(budgets.length).toBeGreaterThanOrEqual(3);
  });

  test('a parabola through the ends, with its lowest point where the fit has it', () => {
    const ends = runs.filter(({ seed }) => seed === 2).map(({ paramsActive: n, excess }) => ({ n, excess }));
    expect(curvature(ends, BOTTOM)).toBeCloseTo(0.2, 10);
    const flops = Math.max(...runs.map(({ trainFlops }) => trainFlops));
    const fit = fitted('dense', 1, 0.5, {
      law: 'isoflop',
      x: 'c',
      valleys: [flops / 4, flops / 2, flops].map((c) => ({ ...BOTTOM, c, interval: [4500, 5600], sizes: 6 })),
    });
    const { lines, brackets, labels } = model(balance, stateOf({ runs, fits: [fit] }));
    expect(lines.map(({ role }) => role)).toEqual(['law', 'law', 'law', 'path']);
    expect(Math.min(...lines[0]!.y)).toBeCloseTo(BOTTOM.loss, 2);
    expect(brackets).toMatchObject([1, 2, 3].map(() => ({ along: 'x', x: 5000, low: 4500, high: 5600 })));
    expect(labels.filter(({ place }) => place === 'right')).toHaveLength(3);
  });
});

test('lengths before the last step back, and say how long they are', () => {
  const runs = runsOf(curriculum, 'quick', (_n, d) => 300 * d ** -0.4);
  const { means, labels, x } = model(curriculum, stateOf({ runs }));
  expect(means.filter(({ faint }) => !faint)).toHaveLength(3);
  expect(labels).toHaveLength(4);
  expect(labels.filter(({ quiet }) => !quiet)).toHaveLength(1);
  expect(x.ticks.map(x.format)).toEqual(['shuffled', 'easy first', 'hard first']);
});

test('the summary tells what a law falls towards', () => {
  const fit = fitted('dense', 20, 0.35, { parameters: { A: 20, alpha: 0.35, E: 0.5 } });
  const state = stateOf({ runs: sizes, fits: [fit] });
  expect(lawSummary(size, state, lawPoints(size, state, undefined))).toContain(
    'dense falls towards 0.50 as size to the power minus 0.35',
  );
});

test('the summary tells every arm, the law and the prediction', () => {
  const state = stateOf({ runs: sizes, fits: [fitted('dense', 20, 0.35)] });
  const said = lawSummary(size, state, lawPoints(size, state, undefined));
  const mean = sizes.filter(({ arm }) => arm === 'dense 8').reduce((sum, { excess }) => sum + excess / 3, 0);
  expect(mean).toBeCloseTo(law(sizes[0]!.paramsActive, 0) * luck(2), 10);
  expect(said).toContain(`dense 8 ${mean.toFixed(2)} ±`);
  expect(said).toContain('to the power minus 0.35, 90 % interval 0.32 to 0.38');
  expect(lawSummary(size, stateOf({}), { means: [] })).toBe(lawChartsText.chart.summaryBefore);
});
