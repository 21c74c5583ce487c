/** What can go wrong around the page, in a real browser: each time one sentence, and nothing hangs. */
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { browserFlags, findBrowser } from '../../scripts/browser.mjs';
import type { RunSpec } from '../../src/config/run-spec';
import { expand } from '../../src/experiments/experiment';
import { size } from '../../src/experiments/size';
import { text } from '../../src/text/text';
import { PATIENCE } from './visit';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

const spec = expand(size, 'smoke')[0]!.spec;

let executablePath: string;
let browser: Browser | undefined;

beforeAll(async () => {
  executablePath = (await findBrowser()) ?? '';
});

afterEach(() => browser?.close());

async function open(flags: string[], url = inject('url'), prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
  browser = await chromium.launch({ executablePath, args: flags });
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  await prepare?.(page);
  await page.goto(url);
  return page;
}

/** Flags without anything that offers WebGPU in software. */
const withoutAdapter = [...browserFlags('software').filter((flag) => !flag.includes('webgpu')), '--disable-gpu'];

/** Name and message of what `lab.run` rejects with. */
function runRejects(page: Page, runs: unknown): Promise<{ name: string; message: string } | undefined> {
  return page.evaluate(async (wanted) => {
    try {
      await window.lab.run(wanted as RunSpec);
      return undefined;
    } catch (error) {
      const { name, message } = error as Error;
      return { name, message };
    }
  }, runs);
}

test('a browser without an adapter says so, and what to do', async () => {
  const page = await open(withoutAdapter);
  const alert = page.getByRole('alert');
  await expect.poll(() => alert.textContent(), { timeout: 20_000 }).toMatch(/\w+.*\./);
  const title = await alert.getByRole('heading').textContent();
  expect([text.problem.title['no-adapter'], text.problem.title['no-webgpu']]).toContain(title);
  await page.getByText('see below').first().waitFor();
  expect(await runRejects(page, spec)).toMatchObject({ name: expect.stringMatching(/^LabError\/no-/) as string });
  // What comes with the lab is shown all the same, even a prediction: nobody bets where nothing can be trained.
  await page.locator('lab-header').getByText(text.exhibit.short.predict!, { exact: true }).click();
  await page.getByText('Recorded with this lab on another machine: 16 runs.').waitFor();
  await page
    .locator('answer-headline')
    .getByText(/: dense 32 ended at/)
    .waitFor();
});

test('an address that is not secure says so', async () => {
  const page = await open([...browserFlags('software')], 'http://lab.example/', (fresh) =>
    fresh.route('http://lab.example/**', (route) => {
      const path = new URL(route.request().url()).pathname.replace(/\/$/, '/index.html');
      return route.fulfill({
        body: readFileSync(join(inject('dist'), path)),
        contentType: TYPES[extname(path)] ?? 'application/octet-stream',
      });
    }),
  );
  await page.getByRole('heading', { name: text.problem.title['insecure-context'] }).waitFor();
});

describe('on one page', () => {
  // Opened once, on models whose kernels are soon compiled.
  let page: Page;
  let own: Browser;

  beforeAll(async () => {
    page = await open(browserFlags('software'), `${inject('url')}#width=8&experts=4`);
    own = browser!;
    browser = undefined;
  });

  afterAll(() => own?.close());

  test('impossible specs are refused in a sentence, and the page still works', async () => {
    const bad: [unknown, RegExp][] = [
      [{ ...spec, model: { ...spec.model, nHeads: 3 } }, /heads/i],
      [{ ...spec, model: { ...spec.model, dFf: 33 } }, /multiple of 4/],
      [{ ...spec, budget: { steps: 0 } }, /budget/],
      [{ ...spec, model: { ...spec.model, dModel: 20_000, dFf: 20_000 } }, /parameters/],
      [{ ...spec, schemaVersion: 2 }, /version/i],
      [{ ...spec, colour: 'red' }, /colour/],
      [null, /./],
    ];
    for (const [value, words] of bad) {
      const error = await runRejects(page, value);
      expect(error?.name).toBe('LabError/spec');
      expect(error?.message).toMatch(words);
      expect(error?.message).toMatch(/[.!]$/);
    }
    await page.getByRole('heading', { name: text.problem.title.spec }).waitFor();
    const result = await page.evaluate((good) => window.lab.run(good), spec);
    expect(result.runs).toHaveLength(1);
  });

  test('a second run while one is under way is refused, and stopping ends the first', async () => {
    const long = expand(size, '8e11')[0]!.spec;
    const first = page.evaluate((wanted) => window.lab.run(wanted), long);
    await page.getByRole('button', { name: text.run.pause }).waitFor();
    expect(await runRejects(page, spec)).toEqual({ name: 'LabError/busy', message: text.problem.busy });
    await page.evaluate(() => window.lab.stop());
    expect((await first).schemaVersion).toBe(1);
    await page.getByText('Stopped before the end').first().waitFor();
  });

  test('a graphics process that dies on the way: a sentence, the curve stays, and a new start works', async () => {
    const long = expand(size, '8e11')[0]!.spec;
    const first = runRejects(page, long);
    await page.getByRole('button', { name: text.run.pause }).waitFor();
    await page.waitForTimeout(1500);
    const session = await own.newBrowserCDPSession();
    await session.send('Browser.crashGpuProcess').catch(() => undefined);
    expect(await first).toMatchObject({ name: 'LabError/device-lost' });
    await page.getByRole('heading', { name: text.problem.title['device-lost'] }).waitFor();
    await page.getByRole('img', { name: /Now: width 8 \d/ }).waitFor();
    const again = await page.evaluate((good) => window.lab.run(good), spec);
    expect(again.runs).toHaveLength(1);
  });
});
