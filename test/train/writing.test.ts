/** What models are given to write on, how their lines are told, and that the plans of a text hold together. */
import { expect, it } from 'vitest';
import { staticConfig, type RunSpec } from '../../src/config/run-spec';
import { textWindows } from '../../src/config/text-windows';
import { writeTokens } from '../../src/data/text';
import { planCohort } from '../../src/train/cohort';
import { beginnings, lineLength, LINES, promptLength, readLines } from '../../src/train/writing';
import { raceSpec, sparseSpec } from '../config/specs';
import { textSpec, wordsTokens } from '../config/texts';

it('beginnings are held out, and each is written on in two ways', async () => {
  const text = await wordsTokens();
  const config = staticConfig(textSpec(text));
  const [length, prompt] = [lineLength(config), promptLength(config)];
  const lines = beginnings(config, text);
  expect([length, prompt, lines.length]).toEqual([74, 10, LINES * 74]);
  const line = (i: number): number[] => [...lines.subarray(i * length, (i + 1) * length)];
  expect(line(2)).toEqual(line(0));
  expect(line(3)).toEqual(line(1));
  expect(line(1)).not.toEqual(line(0));
  const told = readLines(config, text, lines);
  const heldOut = writeTokens(text, text.tokens.subarray(textWindows(text.source, 20).trainLength));
  for (const { beginning, truth } of told) {
    expect(beginning + truth).toHaveLength(length);
    expect(heldOut).toContain(beginning + truth);
  }
});

it('lines are told by their beginning and their way', async () => {
  const text = await wordsTokens();
  const config = staticConfig(textSpec(text));
  const [length, prompt] = [lineLength(config), promptLength(config)];
  const lines = beginnings(config, text);
  for (let i = 0; i < LINES; i++) lines.fill(i + 1, i * length + prompt, (i + 1) * length);
  const [first, second] = readLines(config, text, lines);
  const repeated = (token: number): string => text.alphabet[token]!.repeat(64);
  expect([first!.likely, second!.likely, first!.drawn, second!.drawn]).toEqual([1, 2, 3, 4].map(repeated));
});

// validatePlan runs at every build.
it.each(['register', 'workgroup', 'subgroup'] as const)('plans of a text hold together in %s', async (profile) => {
  const text = await wordsTokens();
  for (const { model } of [raceSpec(), sparseSpec()]) {
    const spec: RunSpec = { ...textSpec(text), model, seqLen: 64 };
    for (const bundled of [false, true]) {
      const { train, evaluate, write } = planCohort([spec, spec], profile, bundled);
      expect(write!.plan.dispatches.length).toBeLessThanOrEqual(evaluate.plan.dispatches.length);
      expect(train.plan.dispatches.length).toBeGreaterThan(evaluate.plan.dispatches.length);
    }
  }
  expect(planCohort([raceSpec()], profile).write).toBeUndefined();
});
