import { expect, test } from 'vitest';
import { size } from '../../src/experiments/size';
import type { ResultFile } from '../../src/protocol';
import { keyOf, recordLaw, requestsOf } from '../../src/share/record-law';
import { power, runsOf } from '../ui/law-runs';

const result: ResultFile = {
  schemaVersion: 1,
  experiment: 'size',
  budget: 'quick',
  date: '2026-01-31T12:00:00.000Z',
  device: {
    ...{ name: 'Some adapter', vendor: '', architecture: '', software: false, kernelProfile: 'register' },
    ...{ kernelsBy: 'adapter', probe: [], features: [] },
  },
  version: '1',
  seconds: 9,
  runs: runsOf(size, 'quick', power(30, 0.4)),
  verdict: null,
};

test('a whole result: every run, the specs of its arms, device, date and version', () => {
  const { experiment, budget, specs, results } = recordLaw(result);
  expect({ experiment, budget }).toEqual({ experiment: 'size', budget: 'quick' });
  expect(results).toMatchObject({ device: 'Some adapter', date: result.date, version: '1' });
  expect(results.runs).toHaveLength(requestsOf('size', 'quick').length);
  expect(Object.keys(specs)).toEqual([...new Set(result.runs.map(({ arm }) => arm))]);
});

test('a rate that differs in its last bit is the same rate; one that differs is not', () => {
  const [{ arm, spec }] = requestsOf('size', 'quick') as [ReturnType<typeof requestsOf>[number]];
  const at = (lr: number): string => keyOf({ arm, spec: { ...spec, hyper: { ...spec.hyper, lr } } });
  expect(at(spec.hyper.lr * (1 + Number.EPSILON))).toBe(at(spec.hyper.lr));
  expect(at(spec.hyper.lr * 1.001)).not.toBe(at(spec.hyper.lr));
});

const [run] = result.runs as [ResultFile['runs'][number]];

test.each<[string, Partial<ResultFile>, RegExp]>([
  ['one that lacks a run', { runs: result.runs.slice(1) }, /was not run to its end/],
  ['one that was stopped', { runs: [{ ...run, tokens: 512 }, ...result.runs.slice(1)] }, /was not run to its end/],
  [
    'one of another rate',
    { runs: result.runs.map((each) => ({ ...each, spec: { ...each.spec, hyper: { ...each.spec.hyper, lr: 1 } } })) },
    /not with the settings that the experiment has now/,
  ],
  ['a race', { experiment: 'race' }, /is not of an experiment on a law/],
  ['an experiment that is gone', { experiment: 'gone' }, /is not of an experiment on a law/],
  ['a budget that is gone', { budget: '8e11' }, /is not of an experiment on a law/],
  ['another case', { case: 'another' }, /is not of an experiment on a law/],
])('%s is refused', (_what, change, sentence) => {
  expect(() => recordLaw({ ...result, ...change })).toThrow(sentence);
});
