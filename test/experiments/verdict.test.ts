import { expect, test } from 'vitest';
import { ladderVerdict, type LadderEnd } from '../../src/experiments/verdict';

function ends(excess: Record<number, number[]>, diverged: string[] = []): LadderEnd[] {
  return Object.entries(excess).flatMap(([size, values]) =>
    values.map((value, i) => ({
      arm: `n ${size}`,
      seed: i + 1,
      size: Number(size),
      excess: value,
      diverged: diverged.includes(`${size}/${i + 1}`),
    })),
  );
}

test('a clear lead of the largest, with its interval', () => {
  const verdict = ladderVerdict(ends({ 10: [1.2, 1.3, 1.25], 20: [1, 1, 1], 40: [0.6, 0.64, 0.63] }))!;
  expect(verdict).toMatchObject({ outcome: 'larger-better', smallest: 'n 10', largest: 'n 40', pairs: 3, sizes: 3 });
  expect(verdict.ratio).toBeCloseTo(2.005, 2);
  expect(verdict.interval![0]).toBeGreaterThan(1.9);
  expect(verdict.interval![1]).toBeLessThan(2.1);
});

test('pairing removes what a seed has in common at all sizes', () => {
  const verdict = ladderVerdict(ends({ 10: [1, 2, 4], 40: [0.5, 1, 2] }))!;
  expect(verdict.outcome).toBe('larger-better');
  expect(verdict.interval![0]).toBeCloseTo(2, 10);
});

test('no difference is a verdict', () => {
  expect(ladderVerdict(ends({ 10: [1, 1.2, 0.9], 40: [1.1, 1, 1] }))?.outcome).toBe('no-difference');
});

test('the smaller may win', () => {
  expect(ladderVerdict(ends({ 10: [0.5, 0.51, 0.5], 40: [1, 1, 1.02] }))?.outcome).toBe('smaller-better');
});

test('one seed gives no interval', () => {
  const verdict = ladderVerdict(ends({ 10: [1], 40: [0.5] }))!;
  expect(verdict.outcome).toBe('undecided');
  expect(verdict.interval).toBeUndefined();
});

test('diverged runs are left out and counted', () => {
  const verdict = ladderVerdict(ends({ 10: [1, 1.1, NaN], 40: [0.5, 0.55, 0.5] }, ['10/3']))!;
  expect(verdict).toMatchObject({ pairs: 2, diverged: 1 });
});

test('nothing to compare gives no verdict', () => {
  expect(ladderVerdict([])).toBeUndefined();
  expect(ladderVerdict(ends({ 10: [1, 1, 1] }))).toBeUndefined();
  expect(ladderVerdict(ends({ 10: [NaN], 40: [1] }, ['10/1']))).toBeUndefined();
});
