import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { BadInput } from '../../scripts/bad-input';
import { recordFiles } from '../../scripts/record';

const folder = mkdtempSync(join(tmpdir(), 'lab-record-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const tuning = { experiment: 'race', cells: [], best: [] };
const result = { experiment: 'race', budget: 'quick', device: {}, version: '1.2.3', runs: [] };

test('tunings become a list', async () => {
  const text = await recordFiles([file('a.json', tuning), file('b.json', { ...tuning, budget: '1e11' })]);
  expect(JSON.parse(text)).toEqual([tuning, { ...tuning, budget: '1e11' }]);
});

test.each<[string, unknown[], RegExp]>([
  ['a file that is not JSON', ['{'], /is not JSON/],
  ['a file of something else', [{ version: 1 }], /is neither a result nor a tuning of the lab\.$/],
  ['two kinds at once', [tuning, result], /one kind at a time\.$/],
  ['a result of no case', [result], /is not of a case of the race as it is now/],
])('%s is refused', async (_what, contents, sentence) => {
  const files = contents.map((content, i) => file(`${i}.json`, content));
  const refused = recordFiles(files);
  await expect(refused).rejects.toThrow(BadInput);
  await expect(refused).rejects.toThrow(sentence);
});

test('a file that is not there is refused', async () => {
  await expect(recordFiles([join(folder, 'none.json')])).rejects.toThrow(/cannot be read: check the path\.$/);
});
