import { expect, test } from 'vitest';
import type { DeviceInfo, RunResult, TrainOutcome } from '../../src/protocol';
import { assembleResult, resultCsv, resultFileName, resultText } from '../../src/share/result-file';

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

test('as CSV it has a row for each end, and no curves', () => {
  const run = {
    arm: 'dense 8',
    seed: 1,
    spec: { seqLen: 32 },
    loss: 1.5,
    curve: { step: [1] },
  } as unknown as RunResult;
  const csv = resultCsv(assembleResult(header, { ...outcome, runs: [run, { ...run, seed: 2 }] }, { verdict: null }));
  expect(csv).toBe(
    'experiment,budget,arm,seed,spec.seqLen,loss,device,version\r\n' +
      'size,quick,dense 8,1,32,1.5,Some adapter,0.1.0\r\n' +
      'size,quick,dense 8,2,32,1.5,Some adapter,0.1.0\r\n',
  );
});
