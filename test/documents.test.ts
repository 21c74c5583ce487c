/** README and GLOSSARY say what the code does: their example runs, their fields and files exist. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseRunSpec } from '../src/config/validate';

const readme = readFileSync('README.md', 'utf8');
const glossary = readFileSync('GLOSSARY.md', 'utf8');

const example: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(readme)?.[1] ?? '');

/** The rows of the table under a heading, as the text of their first cells. */
function fieldsUnder(heading: RegExp): string[] {
  const section = readme.split(/^## /m).find((text) => heading.test(text)) ?? '';
  return [...section.matchAll(/^\| (`.*?) *\|/gm)].map((match) => match[1] ?? '');
}

/** `a.b` for every leaf of a JSON value. */
function leaves(value: unknown, path: string[] = []): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || path[0] === 'budget')
    return [path.join('.')];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

test('the example spec is valid', () => {
  expect(parseRunSpec(example)).toEqual(example);
});

test('every field of a run spec is explained', () => {
  const explained = fieldsUnder(/^Run spec/).join(' ');
  // Fields that share a row (`hyper.beta1`, `beta2`) are named without their group.
  const missing = leaves(example).filter(
    (field) => !explained.includes(`\`${field}\``) && !explained.includes(`, \`${field.replace('hyper.', '')}\``),
  );
  expect(missing).toEqual([]);
});

test('every field of a result is explained', () => {
  const protocol = readFileSync('src/protocol.ts', 'utf8');
  const explained = fieldsUnder(/^Result file/).map((field) => field.replaceAll('`', '').split('.')[0]);
  for (const name of ['ResultFile', 'RunResult']) {
    const body = new RegExp(`interface ${name} {([\\s\\S]*?)\\n}`).exec(protocol)?.[1] ?? '';
    const fields = [...body.matchAll(/^ {2}(\w+)\??:/gm)].map((match) => match[1]);
    expect(fields.length).toBeGreaterThan(5);
    expect(fields.filter((field) => !explained.includes(field))).toEqual([]);
  }
});

test('every file that they name exists', () => {
  const named = [...`${readme}${glossary}`.matchAll(/`((?:src|shaders|test|workers|bench)\/[^`*]*)`/g)];
  expect(named.length).toBeGreaterThan(20);
  expect(named.map((match) => match[1] ?? '').filter((path) => !existsSync(path))).toEqual([]);
});
