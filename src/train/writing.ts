/** What a model writes of a text: the beginnings it is given, and how its lines are told. Plain arithmetic. */
import { heldOutStart } from '../config/text-windows';
import type { StaticConfig, TextSource } from '../config/run-spec';
import { writeTokens, type Tokens } from '../data/text';
import type { WrittenText } from '../protocol';

/** Beginnings; each is written on twice, most likely character by character, and drawn. */
const BEGINNINGS = 2;
export const LINES = 2 * BEGINNINGS;
/** Characters that are written. */
export const WRITTEN = 64;
/** Of what is drawn: somewhat surer than the model is. */
export const TEMPERATURE = 0.8;

/** Characters of a beginning: half of what a model sees at once. */
export function promptLength({ seqLen }: Pick<StaticConfig, 'seqLen'>): number {
  return Math.max(1, Math.floor(seqLen / 2));
}

/** Characters of a line. */
export function lineLength(config: Pick<StaticConfig, 'seqLen'>): number {
  return promptLength(config) + WRITTEN;
}

/** Held-out places, on which no model is trained, and how the text goes on there. */
function passages(config: StaticConfig<TextSource>, { tokens }: Tokens): Uint8Array[] {
  return Array.from({ length: BEGINNINGS }, (_, i) => {
    const start = heldOutStart(config.source, i + 1, BEGINNINGS + 1);
    return tokens.subarray(start, start + lineLength(config));
  });
}

/** `[LINES, length]`: the beginnings, once for each way of writing on. */
export function beginnings(config: StaticConfig<TextSource>, text: Tokens): Uint32Array<ArrayBuffer> {
  const length = lineLength(config);
  const lines = new Uint32Array(LINES * length);
  const prompt = promptLength(config);
  for (let line = 0; line < LINES; line++) {
    lines.set(passages(config, text)[line % BEGINNINGS]!.subarray(0, prompt), line * length);
  }
  return lines;
}

/** The lines in words, from what the GPU wrote. */
export function readLines(config: StaticConfig<TextSource>, text: Tokens, written: Uint32Array): WrittenText[] {
  const [length, prompt] = [lineLength(config), promptLength(config)];
  const line = (i: number): string => writeTokens(text, written.subarray(i * length + prompt, (i + 1) * length));
  return passages(config, text).map((passage, i) => ({
    beginning: writeTokens(text, passage.subarray(0, prompt)),
    truth: writeTokens(text, passage.subarray(prompt)),
    likely: line(i),
    drawn: line(BEGINNINGS + i),
  }));
}
