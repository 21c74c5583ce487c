import { expect, test } from 'vitest';
import type { DeviceInfo, RunResult, TrainOutcome } from '../../src/protocol';
import { assembleResult, resultFileName, resultText } from '../../src/share/result-file';

const device: DeviceInfo = {
  name: 'Some adapter',
  vendor: 'someone',
  architecture: 'any',
  software: false,
  kernelProfile: 'register',
  kernelsBy: 'adapter',
  probe: [],
  features: [],
};
const header = { experiment: 'size', budget: 'quick', device, version: '0.1.0' };
const outcome: TrainOutcome = {
  complete: true,
  seconds: 12.5,
  runs: [{ arm: 'width 8', seed: 1, loss: NaN, excess: NaN, diverged: true } as RunResult],
};

test('it holds the header, the runs, the verdict and the laws, under its version', () => {
  expect(assembleResult(header, outcome, { verdict: { kind: 'law' }, fits: [], predictions: [] })).toEqual({
    schemaVersion: 1,
    ...header,
    seconds: 12.5,
    runs: outcome.runs,
    verdict: { kind: 'law' },
    fits: [],
    predictions: [],
  });
});

test('its text is JSON, and a diverged run keeps its row', () => {
  const text = resultText(assembleResult(header, outcome, { verdict: null }));
  expect(text.endsWith('}\n')).toBe(true);
  const back = JSON.parse(text) as { verdict: unknown; runs: { loss: unknown; diverged: unknown }[] };
  expect(back.verdict).toBeNull();
  expect(back.runs[0]).toMatchObject({ loss: null, diverged: true });
});

test('its name says what, how much and when, in characters that every file system takes', () => {
  const result = assembleResult({ ...header, experiment: 'a/b: c' }, outcome, { verdict: null });
  expect(resultFileName(result, new Date('2026-01-31T12:00:00Z'))).toBe('scaling-lab-a-b-c-quick-2026-01-31.json');
});
