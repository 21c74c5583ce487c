/** Result files from elsewhere, and what becomes of many of them. */
import { describe, expect, test } from 'vitest';
import { race } from '../../src/experiments/race';
import { size } from '../../src/experiments/size';
import type { ResultFile, RunResult } from '../../src/protocol';
import { poolOf, type Entry } from '../../src/share/pool';
import { readResults } from '../../src/share/read-result';
import { resultText } from '../../src/share/result-file';
import { shareText } from '../../src/text/share';
import { fitted, power, runsOf } from '../ui/law-runs';

const T = shareText.files;

function file(change: Partial<ResultFile> = {}): ResultFile {
  return {
    ...{ schemaVersion: 1, experiment: 'size', budget: 'smoke', version: '0.1.0', seconds: 3, verdict: null },
    device: {
      ...{ name: 'Some adapter', vendor: 'any', architecture: 'any', software: false, kernelProfile: 'register' },
      ...{ kernelsBy: 'adapter', probe: [], features: [] },
    },
    runs: runsOf(size, 'smoke', power(30, 0.4)),
    fits: [fitted('dense', 30, 0.4)],
    ...change,
  };
}

describe('reading', () => {
  test('what the lab wrote is read as it was', () => {
    const [read] = readResults(
      resultText(file({ case: 'sizes', setting: { lag: 2 }, date: '2026-11-22T10:00:00.000Z' })),
    );
    expect(read).toMatchObject({
      notes: [],
      state: { experiment: 'size', case: 'sizes', budget: 'smoke', setting: { lag: 2 }, view: {} },
      result: { runs: file().runs, date: '2026-11-22T10:00:00.000Z' },
    });
  });

  test('a file of before, without its case, is of the first that has its arms', () => {
    const runs = runsOf(race, 'smoke', power(30, 0.4)).map((run) =>
      run.arm === 'sparse' ? { ...run, arm: 'table by token' } : run,
    );
    const [read] = readResults(resultText(file({ experiment: 'race', runs, fits: [] })));
    expect(read).toMatchObject({ state: { case: race.cases.find(({ arms }) => arms.includes('table by token'))!.id } });
  });

  test('a diverged run’s null is no number', () => {
    const runs = file().runs.map((run, i): RunResult =>
      i === 0 ? { ...run, loss: NaN, excess: NaN, diverged: true } : run,
    );
    const [read] = readResults(resultText(file({ runs })));
    expect(read).toMatchObject({
      result: { runs: expect.arrayContaining([expect.objectContaining({ excess: NaN })]) as unknown },
    });
  });

  test('several in a list', () => {
    const reads = readResults(
      `[${resultText(file())},{"schemaVersion":9},${resultText(file({ experiment: 'custom' }))}]`,
    );
    expect(reads.map((read) => ('problem' in read ? read.problem : 'read'))).toEqual(['read', T.version, T.custom]);
  });

  const broken = (change: (run: Record<string, unknown>) => unknown): string => {
    const value = JSON.parse(resultText(file())) as { runs: Record<string, unknown>[] };
    return JSON.stringify({ ...value, runs: value.runs.map(change) });
  };

  test.each([
    ['', T.empty],
    ['[]', T.empty],
    ['\u0000\u0001PNG', T.noJson],
    ['{"a":1}', T.noResult],
    ['null', T.noResult],
    ['{"schemaVersion":1}', T.damaged],
    [broken((run) => ({ ...run, trainFlops: 'many' })), T.damaged],
    [broken((run) => ({ ...run, tokens: -1 })), T.damaged],
    [broken((run) => ({ ...run, curve: { step: [1], flops: [], loss: [], excess: [] } })), T.damaged],
    [broken((run) => ({ ...run, spec: {} })), T.damaged],
    [broken((run) => ({ ...run, arm: '__proto__' })), T.custom],
    [JSON.stringify({ ...file(), experiment: 'constructor' }), T.custom],
    [JSON.stringify({ ...file(), budget: 'toString' }), T.custom],
    [JSON.stringify({ ...file(), runs: [] }), T.damaged],
  ])('file %#: a sentence', (content, problem) => {
    expect(readResults(content)).toEqual([{ problem }]);
  });

  test('settings that are not possible are corrected, runs of no arm left out', () => {
    const value = JSON.parse(resultText(file({ setting: { lag: 7, dModel: 3 } }))) as { runs: { arm: string }[] };
    value.runs[0]!.arm = 'other';
    const [read] = readResults(JSON.stringify(value));
    expect(read).toMatchObject({
      notes: [T.leftOut(1), shareText.notes.widthVaries, shareText.notes.clamped(shareText.fields.lag, 2)],
    });
  });
});

describe('pooling', () => {
  /** Twelve students with seeds of their own. */
  const entries = Array.from({ length: 12 }, (_, i): Entry => {
    const [read] = readResults(resultText(file()));
    if (!read || 'problem' in read) throw new Error('unreadable');
    const result: ResultFile = {
      ...read.result,
      runs: read.result.runs
        .filter(({ seed }) => seed === 2)
        .map((run) => ({
          ...run,
          seed: 10 + i,
          spec: { ...run.spec, hyper: { ...run.spec.hyper, seed: 10 + i } },
          excess: run.excess * (1 + 0.01 * ((i % 5) - 2)) * (i === 7 && run.arm === 'dense 16' ? 1.4 : 1),
        })),
    };
    return { name: `student ${i + 1}`, state: read.state, result };
  });

  test('every run is one, and the odd one out is named', () => {
    const pool = poolOf(entries)!;
    expect(pool.runs).toHaveLength(12 * 8);
    expect(new Set(pool.runs.map(({ arm, seed }) => `${arm}/${seed}`)).size).toBe(12 * 8);
    expect(pool.members.map(({ numbers }) => numbers)).toEqual(entries.map((_, i) => [i + 1]));
    expect(pool.odd.map(({ name, arm }) => [name, arm])).toEqual([['student 8', 'dense 16']]);
    expect(pool.odd[0]!.times).toBeCloseTo(1.4, 1);
  });

  test('a run that was handed in twice counts once', () => {
    const pool = poolOf([...entries, { ...entries[0]!, name: 'copy' }])!;
    expect(pool.runs).toHaveLength(12 * 8);
    expect(pool.members.at(-1)).toEqual({ name: 'copy', numbers: [], again: 8 });
  });

  test('who ran something else is named, and the rest is used', () => {
    const other = { ...entries[0]!, name: 'other', state: { ...entries[0]!.state, setting: { lag: 2 as const } } };
    const pool = poolOf([other, ...entries.slice(1)])!;
    expect(pool.others).toEqual(['other']);
    expect(pool.members).toHaveLength(11);
    expect(poolOf([])).toBeUndefined();
  });

  test('a diverged run is odd, and no measure of the others', () => {
    const [first, ...rest] = entries;
    const runs = first!.result.runs.map((run, i) => (i === 0 ? { ...run, diverged: true, excess: NaN } : run));
    const pool = poolOf([{ ...first!, result: { ...first!.result, runs } }, ...rest])!;
    expect(pool.odd).toContainEqual({ name: 'student 1', arm: 'dense 8', times: undefined });
  });
});
