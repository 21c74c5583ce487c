/** The GPU's sampler and src/data/text.ts cut the same windows, word for word. */
import { beforeAll, expect, test } from 'vitest';
import { staticConfig } from '../../src/config/run-spec';
import { heldOutStart, textWindows } from '../../src/config/text-windows';
import { heldOutWindows, packTokens, trainingWindows, type TextWindow, type Tokens } from '../../src/data/text';
import { sampleText } from '../../src/ops/sample-text';
import { hyperRow } from '../../src/train/hyper-row';
import { raceHyper } from '../config/specs';
import { textSpec, wordsTokens } from '../config/texts';
import { asWords, runOp, words } from './harness';

const SEEDS = [3, 0xfffffffe];
const WINDOWS = 50;

let text: Tokens;
beforeAll(async () => {
  // Not a multiple of four.
  text = await wordsTokens(12_003);
});

/** The batch of one step on the GPU. */
async function sample(stream: 'train' | 'evaluate', step: number) {
  const { source } = text;
  const { seqLen, batchSize } = textSpec(text);
  const counter = (): Uint32Array => Uint32Array.from({ length: 64 }, (_, i) => (i === 0 ? step : 0));
  const packed = packTokens(text.tokens);
  const first = heldOutStart(source, 0, WINDOWS);
  const run = await runOp(
    {
      hyper: words([64], ...SEEDS.map((seed) => hyperRow({ ...raceHyper, seed }, source))),
      counters: words([64], counter(), counter()),
      // One part would do for all replicas; the second is never read.
      tokens: words([packed.length], packed, new Uint32Array(packed.length)),
    },
    (b, t) => ({
      ...sampleText(
        b,
        { ...t, tokens: { ...t.tokens, parts: 1 } },
        {
          ...{ batchSize, seqLen, windows: textWindows(source, seqLen).trained, first },
          stride: heldOutStart(source, 1, WINDOWS) - first,
        },
        stream,
      ),
    }),
  );
  return run.outputs;
}

function expectWindows(got: Awaited<ReturnType<typeof sample>>, want: TextWindow[][]): void {
  for (const field of ['inputs', 'targets'] as const) {
    expect(asWords(got[field]), field).toEqual(want.map((windows) => windows.flatMap((window) => [...window[field]])));
  }
  expect(got.nll.flatMap((part) => [...part]).every((value) => value === 0)).toBe(true);
}

test.each([0, 1, 7, 300_000_000, 2_000_000_000])('the training batch of step %i', async (step) => {
  const config = staticConfig(textSpec(text));
  expectWindows(
    await sample('train', step),
    SEEDS.map((seed) => trainingWindows(config, { seed }, text.tokens, step)),
  );
});

test.each([0, 1, 15])('evaluation batch %i is the same for every seed', async (batch) => {
  const config = staticConfig(textSpec(text));
  const want = heldOutWindows(config, text.tokens, WINDOWS, batch * 3, 3);
  expectWindows(await sample('evaluate', batch), [want, want]);
});
