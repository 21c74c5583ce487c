import { expect, it } from 'vitest';
import { MAX_TEXT_LENGTH } from '../../src/config/text-windows';
import { LEAST_CHARACTERS, readText } from '../../src/data/read-text';
import { hashOf, normalise } from '../../src/data/text';
import { wordsText } from '../config/texts';

const whole = wordsText(12_000);
const bytes = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer;

it('reads what was pasted and what is in a file alike', async () => {
  const pasted = await readText(whole);
  expect(pasted).toMatchObject({ text: whole, folded: 0, source: { kind: 'text', hash: await hashOf(whole) } });
  expect(await readText(bytes(`\ufeff${whole.replaceAll('\n', '\r\n')}`))).toEqual(pasted);
  const wide = Uint16Array.from(`\ufeff${whole}`, (character) => character.charCodeAt(0));
  expect(await readText(wide.buffer)).toEqual(pasted);
});

it('says how much is folded into one token', async () => {
  const rare = Array.from({ length: 300 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('');
  const read = await readText(whole + rare);
  expect(read).toMatchObject({ text: normalise(whole + rare), characters: 127, source: { vocabSize: 128 } });
  const own = new Set(whole).size;
  expect((read as { folded: number }).folded).toBeCloseTo((300 - (127 - own)) / (whole.length + 300), 10);
});

it.each([
  ['nothing', '', { code: 'empty' }],
  ['nothing but space', ' \n\t\n', { code: 'empty' }],
  ['no bytes', new ArrayBuffer(0), { code: 'empty' }],
  ['a few words', 'Call me Ishmael.', { code: 'tiny', length: 16, least: LEAST_CHARACTERS }],
  ['zeros', new ArrayBuffer(50_000), { code: 'binary' }],
  ['no UTF-8', Uint8Array.from({ length: 50_000 }, (_, i) => 128 + (i % 64)).buffer, { code: 'binary' }],
  [
    'too many bytes',
    new ArrayBuffer(MAX_TEXT_LENGTH + 1),
    { code: 'huge', bytes: MAX_TEXT_LENGTH + 1, most: MAX_TEXT_LENGTH },
  ],
])('refuses %s', async (_name, what, problem) => {
  expect(await readText(what)).toEqual(problem);
});
