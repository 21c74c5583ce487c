/** What a static host will serve: small enough to start quickly, free of absolute addresses, and locked down. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, inject, test } from 'vitest';

const FIRST_JAVASCRIPT_LIMIT = 60_000;

const folder = inject('dist');
const html = readFileSync(join(folder, 'index.html'), 'utf8');

/** Attribute values of every tag of one kind, e.g. all `src` of `script`. */
function attributes(tag: string, attribute: string): string[] {
  const tags = html.match(new RegExp(`<${tag}\\b[^>]*>`, 'g')) ?? [];
  return tags.flatMap((text) => new RegExp(`\\b${attribute}="([^"]*)"`).exec(text)?.[1] ?? []);
}

/** The scripts that the page names, and everything that they import statically. */
function firstJavaScript(): Set<string> {
  const files = new Set<string>();
  const queue = attributes('script', 'src');
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    const path = join(folder, file);
    if (files.has(path)) continue;
    files.add(path);
    const imports = readFileSync(path, 'utf8').matchAll(/\b(?:from|import)\s*["'`](\.[^"'`]+)["'`]/g);
    queue.push(...[...imports].map((match) => join(file, '..', match[1] ?? '')));
  }
  return files;
}

test('the first JavaScript is at most 60 kB gzipped', () => {
  const files = firstJavaScript();
  expect(files.size).toBeGreaterThan(0);
  const bytes = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
  expect(bytes).toBeLessThanOrEqual(FIRST_JAVASCRIPT_LIMIT);
});

test('the page runs from any sub-path', () => {
  const addresses = [...attributes('script', 'src'), ...attributes('link', 'href')];
  expect(addresses.filter((address) => !address.startsWith('./') && !address.startsWith('data:'))).toEqual([]);
});

test('the page allows itself nothing from elsewhere', () => {
  const policies = attributes('meta', 'content')
    .map((content) => content.replaceAll('&#39;', "'"))
    .filter((content) => content.includes('-src'));
  expect(policies).toHaveLength(1);
  expect(policies[0]).toMatch(/^default-src 'none';/);
  expect(policies[0]).not.toMatch(/unsafe|\*|https?:/);
  expect(policies[0]).toMatch(/script-src 'self'(;|$)/);
  // Before the first thing that it governs.
  expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<script'));
});
