/**
 * The "text" source: any text as characters, one token each.
 *
 * A text is brought into one form (`normalise`), so that the same text has the same hash on every machine. The most
 * frequent characters (code points), at most 127 of them, each have a token, in the order of their code points; all
 * others share one more token behind them. A character that makes up less than one in 100,000 is as rare as the
 * others. Training windows begin anywhere in the first nine tenths, drawn with the counter (window index, 0) of the
 * seed's training stream; held-out windows lie evenly over the last tenth and are the same for every seed.
 *
 * This is the CPU's account of shaders/sample-text.wgsl: the same integers, bit for bit.
 */
import { heldOutStart, textWindows } from '../config/text-windows';
import type { Hyper, StaticConfig, TextSource } from '../config/run-spec';
import { STREAM, threefry, uniform } from '../math/rng';

/** Characters that have a token of their own, at most; one more token stands for all others. */
const MOST_CHARACTERS = 127;

/** A character must occur once in so many to have a token of its own. */
const RARE = 100_000;

/** What a token that stands for several characters is written as. */
export const OTHER = '\ufffd';

/** A text as tokens. */
export interface Tokens {
  source: TextSource;
  /** Character of each token in use; the last one is `OTHER` where there are rare characters. */
  alphabet: string[];
  /** `[length]` */
  tokens: Uint8Array<ArrayBuffer>;
}

export interface TextWindow {
  /** `[T]` */
  inputs: Uint32Array<ArrayBuffer>;
  /** `[T]`: the inputs, one character further. */
  targets: Uint32Array<ArrayBuffer>;
}

/** One form of a text: composed (NFC), lines ended by `\n`, without a byte-order mark or other controls. */
export function normalise(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, OTHER)
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\t\n]|\ufeff/gu, '');
}

/** First 16 hexadecimal digits of SHA-256 of the text in UTF-8. */
export async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest).slice(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Tokens of a text in its one form (`normalise`). */
export async function tokenise(text: string): Promise<Tokens> {
  const counts = new Map<number, number>();
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    counts.set(code, (counts.get(code) ?? 0) + 1);
    length++;
  }
  const own = [...counts]
    .filter(([, count]) => count * RARE >= length)
    .sort(([a, m], [b, n]) => n - m || a - b)
    .slice(0, MOST_CHARACTERS)
    .map(([code]) => code)
    .sort((a, b) => a - b);
  const alphabet = own.map((code) => String.fromCodePoint(code));
  if (own.length < counts.size) alphabet.push(OTHER);
  const token = new Map(own.map((code, i) => [code, i]));
  const tokens = new Uint8Array(length);
  let at = 0;
  for (const character of text) tokens[at++] = token.get(character.codePointAt(0)!) ?? own.length;
  const vocabSize = Math.max(4, Math.ceil(alphabet.length / 4) * 4);
  return { source: { kind: 'text', vocabSize, length, hash: await hashOf(text) }, alphabet, tokens };
}

/** Tokens as characters. */
export function writeTokens({ alphabet }: Pick<Tokens, 'alphabet'>, tokens: Iterable<number>): string {
  return Array.from(tokens, (token) => alphabet[token] ?? OTHER).join('');
}

/** Words of the packed tokens. */
export function packedWords({ length }: Pick<TextSource, 'length'>): number {
  return Math.ceil(length / 4);
}

/** Four tokens a word, the first in the lowest byte. */
export function packTokens(tokens: Uint8Array): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(packedWords(tokens));
  for (const [i, token] of tokens.entries()) words[i >> 2]! |= token << (8 * (i & 3));
  return words;
}

function windowAt(tokens: Uint8Array, start: number, seqLen: number): TextWindow {
  return {
    inputs: Uint32Array.from(tokens.subarray(start, start + seqLen)),
    targets: Uint32Array.from(tokens.subarray(start + 1, start + 1 + seqLen)),
  };
}

/** Windows of one training step, `[B]`. */
export function trainingWindows(
  { source, seqLen, batchSize }: StaticConfig<TextSource>,
  { seed }: Pick<Hyper, 'seed'>,
  tokens: Uint8Array,
  step: number,
): TextWindow[] {
  const { trained } = textWindows(source, seqLen);
  return Array.from({ length: batchSize }, (_, b) => {
    const index = (step * batchSize + b) % 2 ** 32;
    const [x] = threefry([seed, STREAM.train], [index, 0]);
    return windowAt(tokens, uniform(x, trained), seqLen);
  });
}

/** Windows `first` … of `windows` held-out ones, `[count]`. */
export function heldOutWindows(
  { source, seqLen }: Pick<StaticConfig<TextSource>, 'source' | 'seqLen'>,
  tokens: Uint8Array,
  windows: number,
  first = 0,
  count = windows,
): TextWindow[] {
  return Array.from({ length: count }, (_, i) => windowAt(tokens, heldOutStart(source, first + i, windows), seqLen));
}
