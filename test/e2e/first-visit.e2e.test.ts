/**
 * A first visit, in a real browser with the software adapter: open, choose the smallest budget, press Space,
 * watch points arrive, read the answer. On the way: no console error, no long task, nothing for axe to find.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { browserFlags, findBrowser } from '../../scripts/browser.mjs';
import type { ResultFile } from '../../src/protocol';
import { belowText } from '../../src/text/below';
import { text } from '../../src/text/text';

/** Longest task on the main thread while training, in milliseconds of processor time. */
const LONG_TASK = 50;
const THEMES = ['light', 'dark', 'projector'] as const;
const WIDTHS = [360, 768, 1280, 1920] as const;

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Folder for screenshots, if somebody wants to look at them. */
const screenshots = process.env.SCREENSHOTS;

let browser: Browser;
let page: Page;
const complaints: string[] = [];
const strangers: string[] = [];

beforeAll(async () => {
  const executablePath = await findBrowser();
  if (!executablePath) throw new Error('No browser was found.');
  browser = await chromium.launch({ executablePath, args: browserFlags('software') });
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(inject('url')) && !/^(data|blob):/.test(request.url())) strangers.push(request.url());
  });
  await page.goto(inject('url'));
});

afterAll(() => browser?.close());

/** Violations that axe finds on the page as it is. */
async function violations(): Promise<string[]> {
  // Evaluated by the debugger, so the page's own policy against foreign scripts does not have to yield.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> };
    };
    const found = await axe.run();
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`),
    );
  });
}

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Processor time in microseconds. */
  tdur?: number;
  args: { name?: string };
}

/**
 * Milliseconds of processor time of every task on the page's main thread. Not the time on the wall: here the
 * software adapter's own threads keep the cores busy, and a task's wait for a core is none of its doing.
 */
function mainThreadTasks(trace: Buffer): number[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const threads = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const main = new Set(threads.map(({ pid, tid }) => `${pid}/${tid}`));
  const tasks = traceEvents.filter(({ name, pid, tid }) => name.endsWith('RunTask') && main.has(`${pid}/${tid}`));
  return tasks.map(({ tdur }) => (tdur ?? 0) / 1000);
}

async function shoot(name: string): Promise<void> {
  if (screenshots) await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

test('it opens with a question, and a button that can be pressed', async () => {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByRole('button', { name: text.run.start, exact: false }).waitFor();
  await page.getByText(text.footer.noDevice).waitFor({ state: 'detached', timeout: 60_000 });
});

test('axe finds nothing before the start', async () => {
  expect(await violations()).toEqual([]);
});

test('one press trains nine models: points arrive, and no task is long', async () => {
  await page.getByLabel(text.run.budget.compute).selectOption('smoke');
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
  await page.locator('body').press('Space');
  await page.getByRole('button', { name: text.run.pause, exact: false }).waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: text.run.again, exact: false }).waitFor({ timeout: 100_000 });
  const tasks = mainThreadTasks(await browser.stopTracing());
  expect(tasks.length).toBeGreaterThan(100);
  expect(tasks.filter((milliseconds) => milliseconds > LONG_TASK)).toEqual([]);
});

test('the answer is honest about so small a run, and the table has every seed', async () => {
  await page.getByText('Choose more compute', { exact: true }).waitFor();
  const table = page.locator('loss-by-size');
  await table.locator('summary').click();
  const cells = await table.locator('tbody td').allTextContents();
  expect(cells).toHaveLength(3 * 6);
  expect(cells.filter((cell) => /^\s*\d\.\d{3}\s*$/.test(cell))).toHaveLength(3 * 4);
});

test('the result can be downloaded', async () => {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: text.run.download }).click();
  const result = JSON.parse(readFileSync(await (await download).path(), 'utf8')) as ResultFile;
  expect(result).toMatchObject({ schemaVersion: 1, experiment: 'loss-against-size', budget: 'smoke' });
  expect(result.runs).toHaveLength(9);
  for (const run of result.runs) {
    expect(run.diverged).toBe(false);
    expect(run.evalTokens).toBeGreaterThanOrEqual(31_000);
    expect(run.excess).toBeCloseTo(run.loss - run.floor, 4);
    expect(run.curve.step.length).toBeGreaterThan(3);
  }
});

test('the plan unfolds into a table with sums', async () => {
  const plan = page.locator('plan-table');
  await plan.locator('summary').click();
  expect(await plan.locator('tbody tr').count()).toBeGreaterThan(10);
  expect(await plan.locator('tfoot').textContent()).toContain(belowText.plan.sum);
});

test.each(THEMES)('axe finds nothing in the %s theme, and nothing overflows at any width', async (theme) => {
  await page.getByText(text.theme[theme], { exact: true }).click();
  await page.waitForTimeout(300);
  expect(await violations()).toEqual([]);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width < 600 ? 740 : Math.round(width * 0.5625) });
    await page.waitForTimeout(200);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, `at ${width} pixels`).toBeLessThanOrEqual(0);
    await shoot(`${theme}-${width}`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
});

test('? lists the keys, and they work', async () => {
  await page.locator('body').press('?');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await dialog.getByRole('button').click();
  await dialog.waitFor({ state: 'hidden' });
  await page.locator('body').press('f');
  await page.getByRole('heading', { name: text.chart.curves.loss }).waitFor();
});

test('nothing was asked of another host, and the console is clean', () => {
  expect(strangers).toEqual([]);
  expect(complaints).toEqual([]);
});
