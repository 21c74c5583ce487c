import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { BadInput } from '../../scripts/bad-input';
import { fitFile, readFit, type FileFit } from '../../scripts/fit-file';

const folder = mkdtempSync(join(tmpdir(), 'lab-fit-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let files = 0;
function file(content: unknown): string {
  const path = join(folder, `${files++}.txt`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const COLUMNS = { size: 'N', tokens: 'D', loss: 'L' };
function asked(more: Partial<FileFit> = {}): FileFit {
  const none = { floor: undefined, delta: undefined, resamples: 20 };
  return { law: 'chinchilla', columns: COLUMNS, ...none, ...more };
}

const rows = [1e6, 3e6, 1e7, 3e7, 1e8].flatMap((N) =>
  [1e8, 1e9, 1e10].map((D) => ({ name: `run ${N}`, N, D, L: 1.69 + 406.4 * N ** -0.34 + 410.7 * D ** -0.28 })),
);
const csv = (separator: string) =>
  ['name', 'N', 'D', 'L'].join(separator) +
  '\r\n' +
  rows.map(({ name, N, D, L }) => [`"${name}"`, N, D, L].join(separator)).join('\r\n');

describe('the same runs are read alike', () => {
  const expected = rows.map(({ N, D, L }) => ({ n: N, d: D, c: 6 * N * D, loss: L, kind: 'all' }));
  test.each<[string, unknown]>([
    ['CSV', csv(',')],
    ['CSV with semicolons, a byte order mark and empty lines', `\uFEFF${csv(';')}\r\n\r\n`],
    ['tabs', csv('\t')],
    ['JSON lines', rows.map((row) => JSON.stringify(row)).join('\n')],
    ['a JSON list', rows],
  ])('%s', async (_form, content) => {
    const request = await readFit(file(content), asked());
    expect(request).toMatchObject({ law: 'chinchilla', delta: 1e-3, resamples: 20 });
    expect(request.observations).toMatchObject(expected);
    expect(new Set(request.observations.map(({ run }) => run)).size).toBe(rows.length);
  });
});

test('rows of one run are one run where its column is named; kinds are fitted apart', async () => {
  const content = rows.map((row, i) => ({ ...row, what: i % 2 ? 'odd' : 'even', C: 7 * row.N * row.D }));
  const columns = { ...COLUMNS, compute: 'C', run: 'name', kind: 'what' };
  const { observations } = await readFit(file(content), asked({ columns }));
  expect(observations[1]).toMatchObject({ run: 'run 1000000', kind: 'odd', c: 7 * 1e6 * 1e9 });
  expect(new Set(observations.map(({ run }) => run)).size).toBe(5);
});

test('the law is found, and printed with its objective', async () => {
  const { json, words, fitted } = await fitFile(file(csv(',')), asked());
  expect(fitted).toBe(true);
  const { schemaVersion, fits } = JSON.parse(json) as {
    schemaVersion: number;
    fits: { parameters: Record<string, number> }[];
  };
  expect(schemaVersion).toBe(1);
  expect(fits[0]!.parameters.alpha).toBeCloseTo(0.34, 6);
  expect(words[0]).toMatch(/^all: chinchilla, 15 runs, 5 sizes\. Objective .* at δ = 0\.001, R² 1\.00000\.$/);
  expect(words.join('\n')).toContain('  alpha = 0.34, 90 % interval');
});

test('of too few sizes nobody reads an exponent', async () => {
  const { words } = await fitFile(file(rows.slice(0, 9)), asked());
  expect(words.join('\n')).not.toContain('alpha');
  expect(words.join('\n')).toContain('A line through three points');
});

test('a power law goes along sizes, or along what there is', async () => {
  const at = (columns: FileFit['columns']) => readFit(file(rows), asked({ law: 'power', columns, floor: 1.69 }));
  expect(await at({ size: 'N', loss: 'L' })).toMatchObject({ law: 'power', axis: 'n', floor: 1.69 });
  expect(await at({ tokens: 'D', loss: 'L' })).toMatchObject({ axis: 'd' });
  expect(await at({ compute: 'D', loss: 'L' })).toMatchObject({ axis: 'c' });
});

test('data that allow no fit come back as a sentence', async () => {
  const { json, words, fitted } = await fitFile(file(rows.slice(0, 1)), asked());
  expect(fitted).toBe(false);
  expect(words).toEqual(['all: One run shows no law: train several sizes.']);
  expect(JSON.parse(json)).toMatchObject({ fits: [], problems: [{ code: 'one-run', sentence: words[0]!.slice(5) }] });
});

test('a result file of the lab needs no columns; diverged runs are left out, not refused', async () => {
  const runs = rows.map(({ N, D, L }, i) => ({
    ...{ arm: `d ${i}`, identity: `${N}`, spec: { model: i % 2 ? { moe: {} } : {} } },
    ...{ paramsActive: N, tokens: D, trainFlops: 5 * N * D, loss: i === 4 ? null : L, diverged: i === 4 },
  }));
  const request = await readFit(file({ schemaVersion: 1, runs }), asked({ columns: {} }));
  // δ follows the noise.
  expect(request.delta).toBeUndefined();
  expect(request.observations[1]).toEqual({
    run: '1000000',
    kind: 'sparse',
    n: 1e6,
    d: 1e9,
    c: 5e15,
    loss: rows[1]!.L,
  });
  expect(request.observations[0]!.kind).toBe('dense');
  expect(request.observations[4]!.loss).toBeNaN();
});

describe('bad files are refused with a sentence', () => {
  const good = csv(',');
  test.each<[string, unknown, Partial<FileFit>, string | RegExp]>([
    ['empty', '  \n', {}, /is empty: give a file with a row for each run\.$/],
    ['a heading only', 'N,D,L\n', {}, /has no rows: give a row for each run\.$/],
    ['an empty list', [], {}, /has no rows/],
    [
      'a column that is not there',
      good,
      { columns: { ...COLUMNS, loss: 'final_loss' } },
      /has no column final_loss for --loss: it has name, N, D, L\.$/,
    ],
    [
      'columns that were not named',
      good,
      { columns: { size: 'N' } },
      /^Say with --tokens and --loss which columns of .* to fit: it has name, N, D, L\.$/,
    ],
    [
      'a number that is none',
      good.replace(/,\d[\d.]*$/, ',NaN'),
      {},
      /, line 16: L is NaN, not a number\. Correct that row or take it out\.$/,
    ],
    ['nothing in place of one', 'N,D,L\n1,2,3\n1,,3\n', {}, /, line 3: D is nothing, not a number/],
    ['null in a list', [{ N: 1, D: 2, L: null }], {}, /, entry 1: L is null, not a number/],
    ['null in a line', '{"N":1,"D":2,"L":3}\n\n{"N":1,"D":2,"L":null}', {}, /, line 3: L is null/],
    ['words for a line', '{"N":1,"D":2,"L":3}\nloss', {}, /, line 2 is not JSON: /],
    ['a list that breaks off', '[{"N":1', {}, /is not JSON: /],
    ['numbers without names', '[1, 2]', {}, /entry 1 is not an object with named numbers\.$/],
    ['rows of other lengths', 'N,D,L\n1,2\n', {}, /is not CSV: /],
    [
      'a result of a later version',
      { schemaVersion: 2, runs: [] },
      {},
      /schemaVersion 2, but this lab reads only version 1/,
    ],
    ['a result without runs', { schemaVersion: 1 }, {}, /is not a result file: it has no list of runs\.$/],
  ])('%s', async (_what, content, more, sentence) => {
    const refused = readFit(file(content), asked(more));
    await expect(refused).rejects.toThrow(BadInput);
    await expect(refused).rejects.toThrow(sentence);
  });

  test('one that is not there', async () => {
    await expect(readFit(join(folder, 'none.csv'), asked())).rejects.toThrow(/cannot be read: check the path\.$/);
  });

  test('one of more than 50 MB, unread', async () => {
    const path = file('');
    truncateSync(path, 51_000_000);
    await expect(readFit(path, asked())).rejects.toThrow(/has 51 MB, but at most 50 MB are read/);
  });
});
