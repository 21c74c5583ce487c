/**
 * How numbers are written for readers: British/American digits, a narrow no-break space before units, a real
 * minus, and superscripts in place of `e+10`. Every number that the page shows goes through here.
 */

const SUPERSCRIPTS: Record<string, string> = {
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
  '-': '⁻',
};

/** No-break spaces keep a number and its unit on one line. */
const NBSP = '\u00a0';

function superscript(value: number): string {
  return [...String(value)].map((digit) => SUPERSCRIPTS[digit] ?? '').join('');
}

/** Formatters are dear to make and cheap to use, and axes are labelled many times a second. */
const WHOLE = new Intl.NumberFormat('en-GB');
const SIGNIFICANT = new Map<number, Intl.NumberFormat>();

/** Mantissa (one decimal at most) and exponent, with the carry done: 9.96e9 is 1 × 10¹⁰. */
function scientific(value: number): { mantissa: number; exponent: number } {
  const exponent = Math.floor(Math.log10(value) + 1e-12);
  const mantissa = Math.round((value / 10 ** exponent) * 10) / 10;
  return mantissa >= 10 ? { mantissa: 1, exponent: exponent + 1 } : { mantissa, exponent };
}

/** `3 × 10¹⁰`, or `10⁹` when the mantissa is 1. */
export function power(value: number): string {
  if (!(value > 0) || !Number.isFinite(value)) return value === 0 ? '0' : '–';
  const { mantissa, exponent } = scientific(value);
  const ten = `10${superscript(exponent)}`;
  return mantissa === 1 ? ten : `${mantissa}${NBSP}×${NBSP}${ten}`;
}

/** The same, shorter, for axis ticks: `3·10¹⁰`; plain digits from 0.01 to 9,999. */
export function tick(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 0.01 && size < 1e4)) return integerOr(value, 3);
  if (value < 0) return `−${tick(-value)}`;
  return power(value).replace(`${NBSP}×${NBSP}`, '·');
}

function integerOr(value: number, digits: number): string {
  return Number.isInteger(value) ? count(value) : significant(value, digits);
}

/** `12,345` */
export function count(value: number): string {
  return WHOLE.format(Math.round(value));
}

/** `0.28 M`, `8.3 k`: counts that are read, not copied. */
export function compact(value: number): string {
  if (value >= 1e9) return `${significant(value / 1e9)}${NBSP}billion`;
  if (value >= 1e6) return `${significant(value / 1e6)}${NBSP}M`;
  if (value >= 1e3) return `${significant(value / 1e3)}${NBSP}k`;
  return count(value);
}

/** Two or three significant digits without an exponent. */
export function significant(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return '–';
  let format = SIGNIFICANT.get(digits);
  if (!format) SIGNIFICANT.set(digits, (format = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: digits })));
  return format.format(value);
}

/** A loss in nats: always the same number of decimals, so that columns line up and differences are seen. */
export function nats(value: number | undefined, decimals = 3): string {
  if (value === undefined || !Number.isFinite(value)) return '–';
  return value.toFixed(decimals).replace('-', '−');
}

/** A bound of a ratio, one decimal finer than the ratio itself: `2.71`. */
export function ratio(value: number): string {
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A ratio: `2.7×`. */
export function times(value: number): string {
  return `${value >= 10 ? value.toFixed(0) : value.toFixed(1)}×`;
}

/** `about 40 s`, `2 min 10 s`, `1 h 5 min`; rounded to what a reader can use. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 1) return `1${NBSP}s`;
  if (seconds < 60) return `${Math.round(seconds)}${NBSP}s`;
  const minutes = Math.floor(seconds / 60);
  if (seconds < 600) {
    const rest = Math.round((seconds % 60) / 5) * 5;
    if (rest === 60) return `${minutes + 1}${NBSP}min`;
    return rest === 0 ? `${minutes}${NBSP}min` : `${minutes}${NBSP}min ${rest}${NBSP}s`;
  }
  if (seconds < 5400) return `${Math.round(seconds / 60)}${NBSP}min`;
  const hours = Math.floor(seconds / 3600);
  const restMinutes = Math.round((seconds % 3600) / 60);
  if (restMinutes === 60) return `${hours + 1}${NBSP}h`;
  return restMinutes === 0 ? `${hours}${NBSP}h` : `${hours}${NBSP}h ${restMinutes}${NBSP}min`;
}

/** `48 MiB` */
export function bytes(value: number): string {
  if (value < 1024) return `${value}${NBSP}B`;
  if (value < 1024 ** 2) return `${significant(value / 1024, 3)}${NBSP}KiB`;
  if (value < 1024 ** 3) return `${significant(value / 1024 ** 2, 3)}${NBSP}MiB`;
  return `${significant(value / 1024 ** 3, 3)}${NBSP}GiB`;
}

export function percent(fraction: number): string {
  return `${Math.round(fraction * 100)}${NBSP}%`;
}

const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

/** Small counts as words, as in running text. */
export function words(value: number): string {
  return WORDS[value] ?? count(value);
}

/** The word that goes with a count. */
export function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

/** A count in words, with its noun. */
export function counted(n: number, one: string, many: string): string {
  return `${words(n)} ${plural(n, one, many)}`;
}

/** As a sentence opens, emphasised or not. */
export function capital(sentence: string): string {
  return sentence.replace(/^\*?\p{Ll}/u, (first) => first.toUpperCase());
}
