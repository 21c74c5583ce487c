import { describe, expect, it } from 'vitest';
import { heldOut } from '../../src/config/held-out';
import { staticConfig } from '../../src/config/run-spec';
import { heldOutStart, textWindows } from '../../src/config/text-windows';
import {
  hashOf,
  heldOutWindows,
  normalise,
  OTHER,
  packTokens,
  tokenise,
  trainingWindows,
  writeTokens,
} from '../../src/data/text';
import { textSpec, wordsText, wordsTokens } from '../config/texts';

describe('tokens', () => {
  it('stand for characters in the order of their code points, and are written back as the text', async () => {
    const read = await tokenise('cab 🐋 bac\n');
    expect(read.alphabet).toEqual(['\n', ' ', 'a', 'b', 'c', '🐋']);
    expect([...read.tokens]).toEqual([4, 2, 3, 1, 5, 1, 3, 2, 4, 0]);
    expect(writeTokens(read, read.tokens)).toBe('cab 🐋 bac\n');
    expect(read.source).toEqual({ kind: 'text', vocabSize: 8, length: 10, hash: await hashOf('cab 🐋 bac\n') });
  });

  it('beyond 127 characters the rarest share one', async () => {
    const often = Array.from({ length: 127 }, (_, i) => String.fromCodePoint(0x4e00 + 2 * i)).join('');
    const rare = Array.from({ length: 90 }, (_, i) => String.fromCodePoint(0x4e01 + 2 * i)).join('');
    const { alphabet, tokens, source } = await tokenise(often + often + rare);
    expect(alphabet).toEqual([...often, OTHER]);
    expect(new Set(tokens.subarray(254))).toEqual(new Set([127]));
    expect(source.vocabSize).toBe(128);
  });

  it('a character below one in 100,000 is one of the others', async () => {
    expect((await tokenise(`${'ab'.repeat(50_000)}z`)).alphabet).toEqual(['a', 'b', OTHER]);
    expect((await tokenise(`${'ab'.repeat(49_999)}z`)).alphabet).toEqual(['a', 'b', 'z']);
  });

  it('are packed four to a word', () => {
    expect([...packTokens(Uint8Array.from([1, 2, 3, 255, 5]))]).toEqual([0xff030201, 5]);
  });
});

describe('the one form of a text', () => {
  it('has no byte-order mark, no carriage returns, no controls, and composed letters', () => {
    expect(normalise('\ufeffa\r\nb\rc\td\0e\u0007 e\u0301 \ud800.')).toBe('a\nb\nc\tde é \ufffd.');
  });

  it('is its own form', () => {
    const once = normalise(wordsText(500));
    expect(normalise(once)).toBe(once);
  });

  it('has the hash that anybody can compute', async () => {
    // printf abc | sha256sum
    expect(await hashOf('abc')).toBe('ba7816bf8f01cfea');
  });
});

describe('windows', () => {
  it('of training lie anywhere in the first nine tenths, and only there', async () => {
    const text = await wordsTokens(2_000);
    const { trainLength, trained } = textWindows(text.source, 20);
    expect(trainLength).toBe(text.source.length - Math.floor(text.source.length / 10));
    // Tokens that are their own positions, so that a window tells where it was cut.
    const places = Uint8Array.from({ length: 200 }, (_, i) => i);
    const spec = textSpec({ source: { ...text.source, length: 200 } });
    const starts = Array.from({ length: 3000 }, (_, step) =>
      trainingWindows(staticConfig(spec), spec.hyper, places, step),
    )
      .flat()
      .map(({ inputs, targets }) => {
        expect([...targets]).toEqual(Array.from(inputs, (place) => place + 1));
        return inputs[0]!;
      });
    const most = textWindows({ length: 200 }, 20).trained - 1;
    expect([Math.min(...starts), Math.max(...starts)]).toEqual([0, most]);
    expect(most + 20).toBe(179);
    // Uniform: the mean of 9,000 draws from 0 … 159 within four standard errors.
    const mean = starts.reduce((sum, start) => sum + start, 0) / starts.length;
    expect(Math.abs(mean - most / 2)).toBeLessThan((4 * (most + 1)) / Math.sqrt(12 * starts.length));
    expect(trained).toBe(trainLength - 20);
  });

  it('of training depend on seed and step', async () => {
    const { source, tokens } = await wordsTokens();
    const spec = textSpec({ source });
    const cut = (seed: number, step: number) =>
      JSON.stringify(trainingWindows(staticConfig(spec), { seed }, tokens, step).map(({ inputs }) => [...inputs]));
    expect(new Set([cut(1, 0), cut(1, 1), cut(2, 0)]).size).toBe(3);
    expect(cut(1, 0)).toBe(cut(1, 0));
  });

  it.each([10_000, 12_345, 1_200_000, 20_000_000])('held out of %i characters do not overlap', (length) => {
    const config = {
      ...staticConfig(textSpec({ source: { kind: 'text', vocabSize: 28, length, hash: '' } })),
      seqLen: 64,
    };
    const { batchSize, batches, tokens } = heldOut(config);
    const windows = batchSize * batches;
    expect(tokens).toBe(windows * 64);
    expect(tokens).toBeLessThanOrEqual(length / 10);
    const starts = Array.from({ length: windows }, (_, window) => heldOutStart({ length }, window, windows));
    expect(starts[0]).toBe(textWindows({ length }, 64).trainLength);
    for (const [i, start] of starts.entries()) if (i > 0) expect(start - starts[i - 1]!).toBeGreaterThanOrEqual(64);
    expect(starts.at(-1)! + 64).toBeLessThan(length);
    if (length > 400_000) expect(tokens).toBe(32_768);
  });

  it('held out are the text’s own', async () => {
    const text = await wordsTokens();
    const config = staticConfig(textSpec(text));
    const whole = writeTokens(text, text.tokens);
    const [first, second] = heldOutWindows(config, text.tokens, 10);
    const start = heldOutStart(text.source, 1, 10);
    expect(writeTokens(text, second!.inputs)).toBe(whole.slice(start, start + 20));
    expect(writeTokens(text, first!.targets)).toBe(
      whole.slice(textWindows(text.source, 20).trainLength + 1).slice(0, 20),
    );
  });
});
