import { expect, test } from 'vitest';
import { openArchive } from '../../src/archive/archive';
import type { ResultFile, RunResult } from '../../src/protocol';
import { csvFile, resultFiles, weightsFiles } from '../../src/ui/runs-export';
import { adapter, resultOf, sweepOf } from '../archive/sweeps';

const runs = [resultOf('dense', 1), resultOf('=sparse', 2, { loss: NaN })];

async function kept() {
  const archive = await openArchive({ open: () => Promise.reject(new DOMException('', 'SecurityError')) });
  for (const id of ['a', 'b']) archive.begin(sweepOf(id, runs));
  archive.ended('a', runs);
  archive.ended('b', runs);
  const tensors = [{ name: 'w', shape: [1, 2] }];
  archive.weights('a', runs, { type: 'weights', cohort: 0, tensors, replicas: [new Float32Array([3, 4])] });
  return { archive, rows: await archive.rows() };
}

test('the CSV has a row an end, the whole spec, and no formula', async () => {
  const { rows } = await kept();
  const { name, content } = csvFile(rows);
  expect(name).toBe('scaling-lab-runs-2026-03-01.csv');
  const lines = String(content).trimEnd().split('\r\n');
  expect(lines).toHaveLength(5);
  const columns = lines[0]!.split(',');
  for (const column of ['sweep', 'experiment', 'arm', 'seed', 'spec.model.dModel', 'spec.hyper.lr', 'excess', 'device'])
    expect(columns).toContain(column);
  expect(lines[2]).toContain("'=sparse");
  expect(lines[2]!.split(',')[columns.indexOf('loss')]).toBe('NaN');
});

test('the result file of one sweep is like the lab’s own; of several it is a list', async () => {
  const { archive, rows } = await kept();
  const one = await resultFiles(archive, rows.slice(0, 2));
  const file = JSON.parse(String(one.content)) as ResultFile;
  expect(file).toMatchObject({ schemaVersion: 1, experiment: 'race', budget: 'quick', device: adapter, verdict: null });
  expect(file.runs[0]).toEqual(runs[0]);
  expect(file.runs[1]?.loss).toBeNull();
  const two = JSON.parse(String((await resultFiles(archive, rows)).content)) as ResultFile[];
  expect(two.map((each) => each.runs.length)).toEqual([2, 2]);
});

test('weights come with their description, and only where there are any', async () => {
  const { archive, rows } = await kept();
  const [weights, description] = await weightsFiles(archive, rows[0]!);
  const described = JSON.parse(String(description?.content)) as Record<string, unknown> & { run: RunResult };
  expect(described.weights).toBe(weights?.name);
  expect(described.run).toEqual(runs[0]);
  expect(described.tensors).toEqual([{ name: 'w', shape: [1, 2] }]);
  const bytes = weights?.content as Uint8Array<ArrayBuffer>;
  expect(new TextDecoder().decode(bytes.subarray(8))).toContain('"w":{"dtype":"F32","shape":[1,2]');
  expect(new DataView(bytes.buffer).getFloat32(bytes.length - 4, true)).toBe(4);
  expect(await weightsFiles(archive, rows[1]!)).toEqual([]);
});
