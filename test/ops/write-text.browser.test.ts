/** What is written, token by token, against the same in float64. */
import { expect, test } from 'vitest';
import { STREAM, threefry } from '../../src/math/rng';
import { writeText } from '../../src/ops/write-text';
import { hyperRow } from '../../src/train/hyper-row';
import { raceHyper } from '../config/specs';
import { wordsTokens } from '../config/texts';
import { asWords, normal, runOp, words } from './harness';

const [LINES, LENGTH, PROMPT, T, V] = [4, 11, 3, 5, 12];
const TEMPERATURE = 0.7;
const SEEDS = [3, 0xfffffffe];

/** The next token of a line, and how far the draw is from another one. */
function nextToken(z: Float64Array, line: number, n: number, seed: number): { token: number; margin: number } {
  const order = [...z.keys()].sort((a, b) => z[b]! - z[a]!);
  if (line < LINES / 2) return { token: order[0]!, margin: z[order[0]!]! - z[order[1]!]! };
  const p = z.map((each) => Math.exp((each - z[order[0]!]!) / TEMPERATURE));
  const total = p.reduce((a, b) => a + b);
  const [x] = threefry([seed, STREAM.writing], [line, n]);
  const u = Math.floor(x / 256) / 2 ** 24;
  let sum = 0;
  for (const [token, each] of p.entries()) {
    const before = sum;
    sum += each / total;
    if (u < sum) return { token, margin: Math.min(u - before, sum - u) };
  }
  throw new Error('the probabilities do not add up');
}

test.each([0, 1, 2, 5, 7, 8])('with %i tokens written', async (done) => {
  const { source } = await wordsTokens();
  const lines = SEEDS.map((_, r) => Uint32Array.from({ length: LINES * LENGTH }, (_each, i) => (i * 7 + r) % V));
  const counter = (): Uint32Array => Uint32Array.from({ length: 64 }, (_, i) => (i === 0 ? done : 0));
  const z = normal([LINES * T, V], 5 + done, 2);
  const { outputs } = await runOp(
    {
      hyper: words([64], ...SEEDS.map((seed) => hyperRow({ ...raceHyper, seed }, source))),
      counters: { ...words([64], counter(), counter()), changed: true },
      written: { ...words([LINES, LENGTH], ...lines), changed: true },
      z,
    },
    (b, { hyper, counters, written, z: logits }) => {
      let inputs = logits;
      const sizes = { seqLen: T, prompt: PROMPT, temperature: TEMPERATURE };
      writeText(b, { hyper, counters, written }, sizes, (made) => {
        inputs = made;
        return logits;
      });
      return { inputs, counters, written };
    },
  );
  const n = PROMPT + done;
  for (const [r, seed] of SEEDS.entries()) {
    const want = lines[r]!.slice();
    const inputs: number[] = [];
    for (let line = 0; line < LINES; line++) {
      const so = [...lines[r]!.subarray(line * LENGTH, line * LENGTH + Math.min(n, LENGTH))].slice(-T);
      inputs.push(...so, ...new Array<number>(T - so.length).fill(0));
      if (n >= LENGTH) continue;
      const row = line * T + Math.min(n, T) - 1;
      const logits = Float64Array.from(z.values[r]!.subarray(row * V, (row + 1) * V));
      const { token, margin } = nextToken(logits, line, n, seed);
      // A draw on the very border may round either way; these do not lie there.
      expect(margin).toBeGreaterThan(1e-5);
      want[line * LENGTH + n] = token;
    }
    expect(asWords(outputs.inputs)[r]).toEqual(inputs);
    expect(asWords(outputs.written)[r]).toEqual([...want]);
    expect(asWords(outputs.counters)[r]![0]).toBe(done + 1);
  }
});
