import { expect, test } from 'vitest';
import { csvText } from '../../src/share/csv';
import { flatten } from '../../src/share/flatten';

test('one line a row, one column for everything that any row has', () => {
  const text = csvText([
    { arm: 'dense', loss: 1.25 },
    { arm: 'sparse', loss: NaN, experts: 16, diverged: true },
  ]);
  expect(text).toBe('arm,loss,experts,diverged\r\ndense,1.25,,\r\nsparse,NaN,16,true\r\n');
});

test('commas, quotes and line breaks are quoted', () => {
  expect(csvText([{ 'a,b': 'say "no"\nor not' }])).toBe('"a,b"\r\n"say ""no""\nor not"\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\r=1'])('no spreadsheet takes %j for a formula', (name) => {
  const cell = csvText([{ name }]).slice('name\r\n'.length).trimEnd();
  expect(cell.replace(/^"/, '')).toMatch(/^'/);
});

test('negative numbers stay numbers', () => {
  expect(csvText([{ x: -0.5, y: -Infinity }])).toBe('x,y\r\n-0.5,-Infinity\r\n');
});

test('a value’s leaves have paths, and lists stay whole', () => {
  expect(flatten({ a: { b: 1, c: { d: 'x' } }, branches: [0.5, 1], e: null }, 'spec.')).toEqual({
    'spec.a.b': 1,
    'spec.a.c.d': 'x',
    'spec.branches': '[0.5,1]',
    'spec.e': null,
  });
});
