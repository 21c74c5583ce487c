/** Each lockfile installs on every platform and from whatever registry a machine uses. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Lock {
  packages: Record<
    string,
    { resolved?: string; dependencies?: Record<string, string>; optionalDependencies?: Record<string, string> }
  >;
}

const readLock = (file: string) => Object.entries((JSON.parse(readFileSync(file, 'utf8')) as Lock).packages);
const entries = readLock('package-lock.json');
const peers = readLock('bench/peers/package-lock.json');

test('no package names the registry that it came from', () => {
  expect([...entries, ...peers].filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

test('the libraries that the lab is compared with are no packages of the lab', () => {
  const compared = Object.keys(peers[0]?.[1].dependencies ?? {});
  expect(compared.length).toBeGreaterThan(2);
  expect(entries.filter(([path]) => compared.some((name) => path.endsWith(`node_modules/${name}`)))).toEqual([]);
});

test('every platform’s optional packages are listed', () => {
  const listed = new Set(entries.map(([path]) => path.split('node_modules/').at(-1)));
  const wanted = entries.flatMap(([, { optionalDependencies }]) => Object.keys(optionalDependencies ?? {}));
  expect(wanted.length).toBeGreaterThan(20);
  expect(wanted.filter((name) => !listed.has(name))).toEqual([]);
});
