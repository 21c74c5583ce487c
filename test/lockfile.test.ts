/** The lockfiles install on every platform and from whatever registry a machine uses. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface Lock {
  packages: Record<
    string,
    { resolved?: string; dependencies?: Record<string, string>; optionalDependencies?: Record<string, string> }
  >;
}

/** Each lockfile, and how many optional packages it names at least. */
const LOCKS = [
  { file: 'package-lock.json', optional: 20 },
  { file: 'test/drivers/package-lock.json', optional: 0 },
  { file: 'bench/peers/package-lock.json', optional: 0 },
];

const readLock = (file: string) => Object.entries((JSON.parse(readFileSync(file, 'utf8')) as Lock).packages);

test.each(['test/drivers', 'bench/peers'])('the packages of %s are no packages of the lab', (folder) => {
  const apart = Object.keys(readLock(`${folder}/package-lock.json`)[0]?.[1].dependencies ?? {});
  expect(apart.length).toBeGreaterThan(0);
  const lab = readLock('package-lock.json');
  expect(lab.filter(([path]) => apart.some((name) => path.endsWith(`node_modules/${name}`)))).toEqual([]);
});

describe.each(LOCKS)('$file', ({ file, optional }) => {
  const entries = readLock(file);

  test('no package names the registry that it came from', () => {
    expect(entries.length).toBeGreaterThan(1);
    expect(entries.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  test('every platform’s optional packages are listed', () => {
    const listed = new Set(entries.map(([path]) => path.split('node_modules/').at(-1)));
    const wanted = entries.flatMap(([, { optionalDependencies }]) => Object.keys(optionalDependencies ?? {}));
    expect(wanted.length).toBeGreaterThanOrEqual(optional);
    expect(wanted.filter((name) => !listed.has(name))).toEqual([]);
  });
});
