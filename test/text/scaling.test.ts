import { expect, test } from 'vitest';
import type { FitNote, FitProblem } from '../../src/fit-protocol';
import { fitNote, fitProblem } from '../../src/text/scaling';

const NOTES: FitNote[] = [
  { code: 'floor-given', floor: 0.914 },
  { code: 'no-floor-found' },
  { code: 'too-few', law: 'power', sizes: 3, tokens: Infinity },
  { code: 'too-few', law: 'chinchilla', sizes: 6, tokens: 2 },
  { code: 'too-few', law: 'isoflop', sizes: 3, tokens: Infinity },
  { code: 'too-few', law: 'frontier', sizes: 1, tokens: Infinity },
  { code: 'left-out', ends: 1 },
  { code: 'left-out', ends: 2 },
  { code: 'delta-from-seeds', sigma: 0.0123 },
  { code: 'delta-from-residuals', sigma: 0.0123 },
  { code: 'no-intervals' },
  { code: 'parabola-bias' },
  { code: 'valleys-left-out', valleys: 1 },
  { code: 'valleys-left-out', valleys: 2 },
  { code: 'frontier-from-above' },
];

const PROBLEMS: FitProblem[] = [
  { kind: 'dense', code: 'nothing-usable', ends: 0 },
  { kind: 'dense', code: 'nothing-usable', ends: 3 },
  { kind: 'dense', code: 'bad-place', axis: 'd', run: 'line 3' },
  { kind: 'dense', code: 'floor-above-data', floor: 2, lowest: 1.5, run: 'line 3' },
  { kind: 'dense', code: 'one-run' },
  { kind: 'dense', code: 'one-value', axis: 'n', value: 12345 },
  { kind: 'dense', code: 'too-few-values', axis: 'n', found: 2, needed: 3 },
  { kind: 'dense', code: 'moves-together' },
  { kind: 'dense', code: 'does-not-fall', axis: 'd' },
  { kind: 'dense', code: 'no-valleys', budgets: 1 },
  { kind: 'dense', code: 'no-valleys', budgets: 4 },
  { kind: 'dense', code: 'bad-option', option: 'floor', value: -1 },
  { kind: 'dense', code: 'bad-option', option: 'delta', value: 0 },
  { kind: 'dense', code: 'bad-option', option: 'resamples', value: 0.5 },
  { kind: 'dense', code: 'bad-target', axes: 'n' },
  { kind: 'dense', code: 'too-few-to-predict', found: 2, needed: 3 },
];

test('each has a sentence of its own', () => {
  const sentences = [...NOTES.map(fitNote), ...PROBLEMS.map(fitProblem)];
  expect(new Set(sentences).size).toBe(sentences.length);
  for (const sentence of sentences) {
    expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(sentence).not.toMatch(/undefined|NaN|Infinity/);
  }
});

test('they say what was found', () => {
  expect(fitProblem(PROBLEMS[3]!)).toBe(
    'The run line 3 measured 1.500, which is not above the floor of 2.000: give a lower floor, or let it be fitted.',
  );
  expect(fitProblem(PROBLEMS[5]!)).toBe('All runs have the same size, 12,350: vary it.');
  expect(fitNote(NOTES[2]!)).toBe(
    'A line through three points: an exponent would say more than they can: give at least five.',
  );
});
