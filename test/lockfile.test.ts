/** The lockfile installs on every platform and from whatever registry a machine uses. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Lock {
  packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }>;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
const entries = Object.entries(packages);

test('no package names the registry that it came from', () => {
  expect(entries.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

test('every platform’s optional packages are listed', () => {
  const listed = new Set(entries.map(([path]) => path.split('node_modules/').at(-1)));
  const wanted = entries.flatMap(([, { optionalDependencies }]) => Object.keys(optionalDependencies ?? {}));
  expect(wanted.length).toBeGreaterThan(20);
  expect(wanted.filter((name) => !listed.has(name))).toEqual([]);
});
