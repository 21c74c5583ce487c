import { expect, test } from 'vitest';
import type { RunRow } from '../../src/archive/records';
import { COLUMNS, differences, filtered, nextOrder, sorted, type Order } from '../../src/ui/runs-model';
import { archiveText as text } from '../../src/text/archive';
import { resultOf, rowOf, specOf, sweepOf } from '../archive/sweeps';

const old = sweepOf('a', [], { startedAt: '2026-01-01T00:00:00.000Z' });
const latest = sweepOf('b', [], { startedAt: '2026-02-01T00:00:00.000Z', experiment: 'sizes', budget: '1e11' });

const rows = [
  rowOf(old, resultOf('dense', 2, { loss: NaN, excess: NaN, diverged: true })),
  rowOf(old, resultOf('dense', 1), { name: 'The first one' }),
  rowOf(latest, resultOf('sparse', 10)),
  rowOf(latest, resultOf('dense', 9)),
];
const [diverged, named, sparse, dense] = rows as [RunRow, RunRow, RunRow, RunRow];

const by = (column: Order['column'], descending = false) => sorted(rows, { column, descending });

test('the newest sweep comes first, and within it arms and seeds in their order', () => {
  expect(by(undefined)).toEqual([dense, sparse, named, diverged]);
});

test('any column sorts, numbers as numbers, and what is missing comes last either way', () => {
  expect(by('seed').map(({ run }) => run.seed)).toEqual([1, 2, 9, 10]);
  expect(by('seed', true).map(({ run }) => run.seed)).toEqual([10, 9, 2, 1]);
  expect(by('loss').at(-1)).toBe(diverged);
  expect(by('loss', true).at(-1)).toBe(diverged);
  expect(by('name')[0]).toBe(named);
  expect(by('name', true)[0]).toBe(named);
  expect(by('experts', true)[0]).toBe(sparse);
  for (const { id } of COLUMNS) expect(by(id)).toHaveLength(4);
});

test('a pinned run is on top in every order', () => {
  const pinned = rowOf(old, resultOf('dense', 5), { pinned: true });
  for (const descending of [false, true]) {
    expect(sorted([...rows, pinned], { column: 'seed', descending })[0]).toBe(pinned);
  }
  expect(sorted([...rows, pinned], { column: undefined, descending: false })[0]).toBe(pinned);
});

test('a column is pressed up, down, and back', () => {
  const first = nextOrder({ column: 'loss', descending: true }, 'seed');
  expect(first).toEqual({ column: 'seed', descending: false });
  expect(nextOrder(first, 'seed')).toEqual({ column: 'seed', descending: true });
  expect(nextOrder(nextOrder(first, 'seed'), 'seed').column).toBeUndefined();
});

test('a row must have all words, wherever they are and however they are written', () => {
  expect(filtered(rows, '')).toEqual(rows);
  expect(filtered(rows, 'SIZES dense')).toEqual([dense]);
  expect(filtered(rows, ' first ')).toEqual([named]);
  expect(filtered(rows, 'diverged race')).toEqual([diverged]);
  expect(filtered(rows, 'race nonsense')).toEqual([]);
});

test('only what differs is compared, in words and with its path', () => {
  const found = differences([named, sparse]);
  const of = (path: string) => found.find((each) => each.path === path);
  expect(of('spec.model.moe.nExperts')).toEqual({
    path: 'spec.model.moe.nExperts',
    field: text.fields['spec.model.moe.nExperts'],
    values: [text.compare.absent, '16'],
  });
  expect(of('seed')?.values).toEqual(['1', '10']);
  expect(of('name')?.values).toEqual(['The first one', '']);
  expect(of('spec.model.dModel')).toBeUndefined();
  expect(of('floor')).toBeUndefined();
  const twin = rowOf(old, resultOf('dense', 1), { name: 'The first one' });
  expect(differences([named, twin])).toEqual([]);
  // Two that diverged are alike in that.
  expect(differences([diverged, diverged])).toEqual([]);
});

test('small differences are seen, and so are changes while it ran', () => {
  const a = rowOf(old, resultOf('dense', 1, { loss: 1.00000001 }));
  const b = rowOf(old, resultOf('dense', 1, { loss: 1.00000002, changes: [{ step: 3, patch: { lr: 0.1 } }] }));
  expect(differences([a, b]).map(({ path, values }) => [path, ...values])).toEqual([
    ['loss', '1.00000001', '1.00000002'],
    ['changes', text.compare.absent, '[{"step":3,"patch":{"lr":0.1}}]'],
  ]);
});

test('every field of a kept run has its words', () => {
  const spec = { ...specOf(1, true), budget: { flops: 1 } };
  const other = { ...spec, budget: { steps: 1 } };
  const paths = [spec, other].flatMap((each) => {
    const row = rowOf(old, resultOf('x', 1, { spec: each }), { name: 'x' });
    // Against nothing at all, everything differs.
    return differences([row, { key: row.key, run: { changes: [] } } as unknown as RunRow]).map(({ path }) => path);
  });
  expect(paths.length).toBeGreaterThan(40);
  expect(paths.filter((path) => text.fields[path] === undefined)).toEqual([]);
});
