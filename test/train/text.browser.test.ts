/** Training on a text: the whole step against the float64 reference, its held-out set, and texts that are not there. */
import { beforeAll, expect, it } from 'vitest';
import { staticConfig, type RunSpec } from '../../src/config/run-spec';
import { heldOut } from '../../src/config/held-out';
import { writeTokens, type Tokens } from '../../src/data/text';
import { readTexts } from '../../src/train/source';
import { sparseSpec } from '../config/specs';
import { textSpec, wordsText, wordsTokens } from '../config/texts';
import { ORACLE_STEPS } from '../oracle/cases';
import { OWN_PROFILE } from '../ops/harness';
import { referenceRun } from '../reference/decoder';
import { runSteps, withCohort } from './cohorts';

let text: Tokens;
beforeAll(async () => {
  text = await wordsTokens();
});

/**
 * AdamW divides by the root of the second moment, and characters that few windows hold have small ones, so rounding
 * grows faster than on even tokens. Observed: losses within 3e-6 up to step 16, 1.6e-5 off at step 17. A window cut one character off would show from the first step on.
 */
const LOSS = [3e-6, 1e-4] as const;
const NORM = 5e-4;

function follow(specs: RunSpec[], body: Parameters<typeof withCohort>[1]): Promise<unknown> {
  return withCohort(specs, body, OWN_PROFILE, false, new Map([[text.source.hash, text]]));
}

it('has the losses and gradient norms of the float64 run, in both replicas', async () => {
  const specs = [textSpec(text, { seed: 5 }), textSpec(text, { seed: 6 })];
  await follow(specs, async (cohort) => {
    const rows = await cohort.run(ORACLE_STEPS);
    for (const [replica, spec] of specs.entries()) {
      const reports = referenceRun(staticConfig(spec), spec.hyper, ORACLE_STEPS, text.tokens);
      let step = 0;
      for (const want of reports) {
        const [loss, floor, gradNorm] = rows.subarray((step * 2 + replica) * 4);
        expect(Math.abs(loss! / want.loss - 1), `loss of step ${step}`).toBeLessThan(LOSS[step < 10 ? 0 : 1]);
        expect(Math.abs(gradNorm! / want.gradNorm - 1), `norm of step ${step}`).toBeLessThan(NORM);
        expect(floor).toBe(0);
        step++;
      }
      expect(step).toBe(ORACLE_STEPS);
    }
  });
});

it('measures every seed on the same held-out windows, on which an untrained model guesses', async () => {
  await follow([textSpec(text, { seed: 5 }), textSpec(text, { seed: 6 })], async (cohort) => {
    const set = heldOut(cohort.plan.config);
    const guessing = Math.log(text.source.vocabSize);
    for (const { loss, floor, excess, evalTokens, diverged } of await cohort.evaluate()) {
      expect(Math.abs(loss / guessing - 1)).toBeLessThan(100 * 2 ** -24);
      expect([floor, excess, evalTokens, diverged]).toEqual([0, loss, set.tokens, false]);
    }
  });
});

it('learns to spell, and writes on held-out beginnings, the most likely and a drawn way, and the same again', async () => {
  const spec: RunSpec = { ...textSpec(text, { lr: 0.02 }), batchSize: 8, budget: { steps: 400 } };
  await follow([spec], async (cohort) => {
    const whole = writeTokens(text, text.tokens);
    const before = await cohort.look();
    await runSteps(cohort, 400, 50);

    const [end] = await cohort.evaluate();
    const counts = new Array<number>(text.alphabet.length).fill(0);
    for (const token of text.tokens) counts[token]! += 1;
    const unigram = counts.reduce((sum, n) => sum - (n / text.tokens.length) * Math.log(n / text.tokens.length), 0);
    expect(end!.loss).toBeLessThan(0.55 * unigram);

    const after = await cohort.look();
    expect(after.documents).toEqual([]);
    expect(after.written).toHaveLength(2);
    for (const [i, { beginning, truth, likely, drawn }] of after.written!.entries()) {
      expect(beginning).toHaveLength(10);
      expect(whole.indexOf(beginning + truth)).toBeGreaterThan(0.9 * whole.length - 1);
      for (const line of [truth, likely, drawn]) expect(line).toHaveLength(64);
      expect(likely).not.toBe(drawn);
      // An untrained model finds all characters alike; a trained one writes words of the text.
      expect(before.written![i]!.likely).toBe(text.alphabet[0]!.repeat(64));
      const words = new Set(whole.split(/[ .\n]+/));
      const own = likely.split(/[ .\n]+/).slice(1, -1);
      expect(own.length).toBeGreaterThan(3);
      expect(own.filter((word) => words.has(word)).length / own.length).toBeGreaterThan(0.5);
    }
    expect((await cohort.look()).written).toEqual(after.written);
    expect((await cohort.evaluate())[0]!.loss).toBe(end!.loss);
  });
});

it('of a sparse model counts every visit, though no topic has any', async () => {
  const spec: RunSpec = { ...textSpec(text), model: sparseSpec().model };
  await follow([spec], async (cohort) => {
    const [end] = await cohort.evaluate();
    for (const { load, byTopic } of end!.routing!) {
      expect(load.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 10);
      expect(byTopic).toEqual([]);
    }
  });
});

it('is refused where the text is not there, or another than the spec says', async () => {
  const none = withCohort([textSpec(text)], () => Promise.resolve());
  await expect(none).rejects.toThrow('only its fingerprint is kept');
  const source = { ...text.source, length: text.source.length - 1 };
  await expect(follow([textSpec({ source })], () => Promise.resolve())).rejects.toThrow('not what these runs expect');
});

it('texts are known by their hash', async () => {
  const texts = await readTexts([wordsText(500), wordsText(500, 2)]);
  expect(texts.size).toBe(2);
  for (const [hash, { source }] of texts) expect(source.hash).toBe(hash);
});
