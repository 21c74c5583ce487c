/**
 * Sharing, in a real browser: results become a link, the link shows them in a fresh profile and without WebGPU, a run
 * of one's own is compared with them; the page in a frame of another origin; a class's files; what is saved.
 */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { browserFlags, findBrowser } from '../../scripts/browser.mjs';
import type { Setting } from '../../src/experiments/experiment';
import { race } from '../../src/experiments/race';
import { size } from '../../src/experiments/size';
import type { ResultFile } from '../../src/protocol';
import { resultText } from '../../src/share/result-file';
import { shareText } from '../../src/text/share';
import { text } from '../../src/text/text';
import { power, runsOf } from '../ui/law-runs';
import { overflows, violations, visit, type Visit } from './visit';

const url = inject('url');
const bar = shareText.bar;

/** Flags without anything that offers WebGPU. */
const WITHOUT = [...browserFlags('software').filter((flag) => !flag.includes('webgpu')), '--disable-gpu'];

/** A result of the smoke budget's smallest ladder, with a seed of a student's own. */
function student(seed: number, factor = 1): { name: string; mimeType: string; buffer: Buffer } {
  const runs = runsOf(size, 'smoke', power(30, 0.4))
    .filter((run) => run.seed === 2)
    .map((run) => ({
      ...run,
      seed,
      spec: { ...run.spec, hyper: { ...run.spec.hyper, seed } },
      excess: run.excess * factor * (1 + 0.01 * ((seed % 5) - 2)),
    }));
  const file: ResultFile = {
    ...{ schemaVersion: 1, experiment: 'size', budget: 'smoke', version: '0.1.0', seconds: 3, verdict: null, runs },
    device: {
      ...{ name: 'Some adapter', vendor: '', architecture: '', software: false, kernelProfile: 'register' },
      ...{ kernelsBy: 'adapter', probe: [], features: [] },
    },
  };
  return { name: `student-${seed}.json`, mimeType: 'application/json', buffer: Buffer.from(resultText(file)) };
}

/** Drops files on an element as a reader does. */
async function drop(page: Page, selector: string, files: { name: string; buffer: Buffer }[]): Promise<void> {
  const contents = files.map(({ name, buffer }) => ({ name, content: buffer.toString() }));
  const transfer = await page.evaluateHandle((all) => {
    const made = new DataTransfer();
    for (const { name, content } of all) made.items.add(new File([content], name, { type: 'application/json' }));
    return made;
  }, contents);
  await page.locator(selector).first().dispatchEvent('drop', { dataTransfer: transfer });
}

/** What is saved when a kind is chosen. */
async function saved(page: Page, kind: string): Promise<{ name: string; content: Buffer }> {
  const waiting = page.waitForEvent('download');
  await page.getByLabel(bar.save).selectOption(kind);
  const download = await waiting;
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

const SETTING: Setting = { dModel: 8, nExperts: 4 };

let at: Visit;
/** With results of the race at the smallest budget. */
let link = '';
let executablePath: string;
let other: Browser | undefined;

beforeAll(async () => {
  executablePath = (await findBrowser()) ?? '';
  // A seed and sizes of a student's own: a third of the work, and links and files say which they were.
  at = await visit(`${url}#experiment=race&budget=smoke&seeds=7&width=8&experts=4`);
  await at.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
});

afterAll(async () => {
  await at?.browser.close();
  await other?.close();
});

describe('who shares', () => {
  test('a readable link sets the budget, and what is changed is written into the address', async () => {
    const { page } = at;
    await page.getByText(text.footer.noDevice).waitFor({ state: 'detached' });
    expect(await page.getByLabel(text.run.budget.compute).inputValue()).toBe('smoke');
    await page.locator('body').press('f');
    await page.waitForFunction(() => location.hash.startsWith('#v1.'));
    await page.locator('body').press('f');
    await page.getByRole('button', { name: bar.copy }).click();
    await page.getByText('Copied').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/^http.*\/#v1\.[\w-]+$/);
    expect(copied.length).toBeLessThan(300);
  });

  test('results become a link', async () => {
    const { page } = at;
    // The key belongs to the button that was pressed last.
    await page.locator('run-panel .go').click();
    await page.getByRole('button', { name: text.run.again, exact: false }).waitFor();
    await page.getByRole('button', { name: bar.share }).click();
    await page.getByText('settings and results').waitFor();
    link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link.length).toBeGreaterThan(500);
    expect(link.length).toBeLessThan(12_000);
  });

  test('what is shown is saved as picture, tables and result file', async () => {
    const { page } = at;
    const picture = await saved(page, 'png');
    expect(picture.name).toMatch(/^scaling-lab-race-smoke-.*\.png$/);
    expect(picture.content.subarray(1, 4).toString()).toBe('PNG');
    expect(picture.content.length).toBeGreaterThan(10_000);
    const ends = (await saved(page, 'csv')).content.toString().trim().split('\r\n');
    expect(ends).toHaveLength(1 + 2 * 3);
    const curves = (await saved(page, 'curves')).content.toString().trim().split('\r\n');
    expect(curves[0]).toBe('arm,seed,budgetFlops,step,flops,loss,excess');
    expect(curves.length).toBeGreaterThan(60);
    for (const point of curves.slice(1)) expect(point).toMatch(/^(dense|sparse),7,/);
    const result = JSON.parse((await saved(page, 'json')).content.toString()) as ResultFile;
    expect(result).toMatchObject({ experiment: 'race', budget: 'smoke', case: race.cases[0].id, setting: SETTING });
  });

  test('the QR code stands on a white ground, and Escape closes it', async () => {
    const { page } = at;
    await page.getByRole('button', { name: bar.qr }).click();
    const code = page.getByRole('img', { name: shareText.qr.image });
    await code.waitFor();
    expect((await code.boundingBox())!.width).toBeGreaterThan(400);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await code.waitFor({ state: 'hidden' });
    expect(at.complaints).toEqual([]);
    expect(at.strangers).toEqual([]);
  });
});

describe('who opens the link', () => {
  let guest: Visit;

  beforeAll(async () => {
    guest = await visit(link);
  });

  afterAll(() => guest?.browser.close());

  test('in a fresh profile the results are shown at once, with where they come from', async () => {
    const { page } = guest;
    await page.getByRole('region', { name: shareText.shared.label }).waitFor();
    await page.getByText('two runs that somebody shared').waitFor();
    await page.getByRole('img', { name: /Now: dense \d\.\d\d, sparse \d\.\d\d/ }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test('the same runs come out the same here, and the page says so', async () => {
    const { page } = guest;
    await page.getByText(text.footer.noDevice).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: shareText.shared.here }).first().click();
    await page.getByText(shareText.shared.underWay).waitFor();
    await page.getByText('to the last digit shared').waitFor();
    expect(await overflows(page, [360, 1280], 'shared')).toEqual(new Map());
    expect(guest.complaints).toEqual([]);
  });

  test('a broken link says so and opens the page all the same', async () => {
    const { page } = guest;
    await page.evaluate(() => {
      location.hash = '#v1.not-a-link';
    });
    await page.getByText(shareText.notes.damaged).waitFor();
    await page.getByRole('button', { name: shareText.shared.dismiss }).click();
    await page.getByText(shareText.notes.damaged).waitFor({ state: 'detached' });
  });
});

describe('without WebGPU', () => {
  let page: Page;

  beforeAll(async () => {
    other = await chromium.launch({ executablePath, args: WITHOUT });
    page = await other.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(link);
  });

  test('shared results are on the chart, beside the sentence about what is missing', async () => {
    await page.getByRole('img', { name: /Now: dense \d\.\d\d, sparse \d\.\d\d/ }).waitFor();
    await page.getByRole('alert').getByRole('heading').waitFor();
    await page.getByRole('img', { name: /Now: dense \d\.\d\d, sparse \d\.\d\d/ }).waitFor();
    await page.getByRole('region', { name: shareText.shared.label }).waitFor();
  });

  test('twelve files become one chart, with the odd one out named and the bad ones told', async () => {
    await page.getByRole('button', { name: bar.collect }).click();
    const dialog = page.getByRole('dialog');
    const good = Array.from({ length: 12 }, (_, i) => student(10 + i, i === 7 ? 1.5 : 1));
    await drop(page, 'collect-dialog dialog', [
      ...good.slice(0, 10),
      { name: 'notes.txt', buffer: Buffer.from('hello') },
    ]);
    await dialog
      .getByLabel(shareText.collect.files)
      .setInputFiles([...good.slice(10), { ...good[0]!, name: 'again.json' }]);
    await dialog.getByText('13 results, 96 different runs').waitFor();
    await dialog.locator('law-chart circle[data-run]').nth(95).waitFor();
    expect(await dialog.locator('law-chart circle[data-run]').count()).toBe(96);
    await dialog.getByText('student-17.json: dense 8 ended at 1.5').waitFor();
    await dialog.getByText(`notes.txt: ${shareText.files.noJson}`).waitFor();
    await dialog.getByText('again.json: 8 ends handed in before').waitFor();
    // A law through all of them.
    await dialog.locator('law-chart path.line').first().waitFor({ state: 'attached' });
    await dialog.getByLabel(shareText.collect.links).fill(`${link}\nnonsense`);
    await dialog.getByRole('button', { name: shareText.collect.add }).click();
    await dialog.getByText(`Link 1: ${shareText.collect.other}`).waitFor();
    await dialog.getByText('Link 2: This link says nothing').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await overflows(page, [360, 1280], 'collect')).toEqual(new Map());
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  test('one file that is dropped on the page is shown like a link', async () => {
    await drop(page, 'body', [student(30)]);
    await page.getByRole('heading', { level: 1, name: size.question }).waitFor();
    await page.locator('law-plot circle[data-run]').nth(7).waitFor();
    await page.getByText('eight runs that somebody shared').waitFor();
    const picture = await saved(page, 'png');
    expect(picture.content.length).toBeGreaterThan(10_000);
    await drop(page, 'body', [{ name: 'x.json', buffer: Buffer.from('{}') }]);
    await page.getByText(`x.json: ${shareText.files.noResult}`).waitFor();
  });
});

describe('in a page of another origin', () => {
  let server: Server;

  beforeAll(async () => {
    server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      const address = new URL(link);
      response.end(`<!doctype html><title>Lesson</title><iframe title="Lab" width="900" height="700"
        src="${address.origin}${address.pathname}?embed&hide=budget${address.hash}"></iframe>`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test('the results are shown, without head and foot, and what is hidden is hidden', async () => {
    const page = await other!.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const frame = page.frameLocator('iframe');
    await frame.getByRole('img', { name: /Now: dense \d\.\d\d, sparse \d\.\d\d/ }).waitFor();
    await frame.getByRole('link', { name: text.open }).waitFor();
    for (const part of ['header', 'footer', '[data-part~="budget"]', '.notes']) {
      expect(await frame.locator(part).first().isVisible()).toBe(false);
    }
    expect(await frame.getByRole('button', { name: shareText.shared.here }).first().isVisible()).toBe(true);
  });
});
