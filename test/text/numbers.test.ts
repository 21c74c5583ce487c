import { expect, test } from 'vitest';
import {
  bytes,
  compact,
  count,
  duration,
  nats,
  percent,
  power,
  ratio,
  tick,
  times,
  words,
} from '../../src/text/numbers';

/** No-break spaces as ordinary ones, to be readable here. */
const plain = (value: string): string => value.replaceAll('\u00a0', ' ');

test.each([
  [1e9, '10⁹'],
  [3e10, '3 × 10¹⁰'],
  [2.46e10, '2.5 × 10¹⁰'],
  [9.97e9, '10¹⁰'],
  [0, '0'],
  [NaN, '–'],
])('%s FLOPs is %s', (value, expected) => {
  expect(plain(power(value))).toBe(expected);
});

test.each([
  [0.05, '0.05'],
  [2, '2'],
  [1500, '1,500'],
  [3e10, '3·10¹⁰'],
  [1e9, '10⁹'],
])('the tick of %s is %s', (value, expected) => {
  expect(tick(value)).toBe(expected);
});

test.each([
  [0.4, '1 s'],
  [41.4, '41 s'],
  [60, '1 min'],
  [125, '2 min 5 s'],
  [239.9, '4 min'],
  [1000, '17 min'],
  [3 * 3600 + 61, '3 h 1 min'],
  [2 * 3600 - 1, '2 h'],
  [Infinity, '–'],
])('%s seconds are %s', (value, expected) => {
  expect(plain(duration(value))).toBe(expected);
});

test('counts, sizes, ratios and parts', () => {
  expect(count(12345.4)).toBe('12,345');
  expect(plain(compact(283136))).toBe('280 k');
  expect(plain(compact(1.5e6))).toBe('1.5 M');
  expect(plain(bytes(3 * 2 ** 20))).toBe('3 MiB');
  expect(times(2.71)).toBe('2.7×');
  expect(times(12.3)).toBe('12×');
  expect(ratio(2.713)).toBe('2.71');
  expect(plain(percent(0.345))).toBe('35 %');
  expect(words(9)).toBe('nine');
  expect(words(14)).toBe('14');
});

test('a loss always has the same decimals, a real minus, and a dash where there is none', () => {
  expect(nats(0.5)).toBe('0.500');
  expect(nats(-0.021, 2)).toBe('−0.02');
  expect(nats(NaN)).toBe('–');
  expect(nats(undefined)).toBe('–');
});
