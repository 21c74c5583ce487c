/** Pasted text or a file's bytes, as the lab reads them, or why it cannot. */
import { MAX_TEXT_LENGTH } from '../config/text-windows';
import type { ReadText, TextProblem } from '../text-protocol';
import { normalise, OTHER, tokenise } from './text';

/** Characters of a text, at least: a tenth of it is held out, and must say something. */
export const LEAST_CHARACTERS = 10_000;

/** Share of characters that no text has: above this it is none. */
const ODD = 0.01;

function decode(bytes: ArrayBuffer): string {
  const [a, b] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
  const encoding = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

/** Whether too much of it is zeros, other controls, or no UTF-8 at all. */
function isBinary(text: string): boolean {
  const odd = text.match(/[^\P{Cc}\t\n\v\f\r]|\ufffd/gu)?.length ?? 0;
  return odd > ODD * text.length;
}

export async function readText(what: string | ArrayBuffer): Promise<ReadText | TextProblem> {
  const bytes = typeof what === 'string' ? what.length : what.byteLength;
  if (bytes > MAX_TEXT_LENGTH) return { code: 'huge', bytes, most: MAX_TEXT_LENGTH };
  const raw = typeof what === 'string' ? what : decode(what);
  if (raw.trim() === '') return { code: 'empty' };
  if (isBinary(raw)) return { code: 'binary' };
  const text = normalise(raw);
  const { source, alphabet, tokens } = await tokenise(text);
  if (source.length < LEAST_CHARACTERS) return { code: 'tiny', length: source.length, least: LEAST_CHARACTERS };
  const other = alphabet.at(-1) === OTHER ? alphabet.length - 1 : -1;
  const folded = other < 0 ? 0 : tokens.reduce((sum, token) => sum + (token === other ? 1 : 0), 0) / source.length;
  return { text, source, characters: other < 0 ? alphabet.length : other, folded };
}
