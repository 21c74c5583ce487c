/**
 * A first visit, in a real browser with the software adapter: open, choose the smallest budget, press Space, watch a
 * dense and a sparse model race, read the answer, look inside. On the way: no console error, no long task, nothing for
 * axe to find.
 */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { race } from '../../src/experiments/race';
import type { ResultFile } from '../../src/protocol';
import { belowText } from '../../src/text/below';
import { closerText } from '../../src/text/closer';
import { insideText } from '../../src/text/inside';
import { text } from '../../src/text/text';
import { mainThreadTasks, overflows, violations, visit, type Visit } from './visit';

/**
 * Longest task on the main thread while training, in milliseconds of processor time. The page's own aim is 50; what
 * the same work takes varies by half where the software adapter's threads share the cores.
 */
const LONG_TASK = 75;
/** Milliseconds of the median frame: 60 a second, and a little for the clock. */
const FRAME_WITHIN = 17.5;
const THEMES = ['light', 'dark', 'projector'] as const;
const WIDTHS = [360, 768, 1366, 1920] as const;

let at: Visit;

beforeAll(async () => {
  at = await visit(inject('url'));
});

afterAll(() => at?.browser.close());

test('it opens with a question, and a button that can be pressed', async () => {
  const { page } = at;
  await page.getByRole('heading', { level: 1, name: 'Does a sparse model learn more' }).waitFor();
  await page.getByRole('button', { name: text.run.start, exact: false }).first().waitFor();
  await page.getByText(text.footer.noDevice).waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: insideText.controls.title }).waitFor();
});

test('axe finds nothing before the start', async () => {
  expect(await violations(at.page)).toEqual([]);
});

/** Median milliseconds between two frames, over a second. */
function medianFrame(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const frames: number[] = [];
    const begun = performance.now();
    for (let last = begun; last - begun < 1000;) {
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
      frames.push(now - last);
      last = now;
    }
    return frames.slice(1).sort((a, b) => a - b)[frames.length >> 1] ?? Infinity;
  });
}

test('one press trains dense and sparse side by side: points arrive, 60 frames a second, and no task is long', async () => {
  const { page, browser } = at;
  await page.getByLabel(text.run.budget.compute).selectOption('smoke');
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
  await page.locator('body').press('Space');
  await page.getByRole('button', { name: text.run.pause, exact: false }).waitFor();
  // Meanwhile the page stays with the race.
  expect(await page.getByRole('radio', { name: text.exhibit.short.size, exact: true }).isDisabled()).toBe(true);
  await page.getByRole('img', { name: /Now: dense \d\.\d\d, sparse \d\.\d\d/ }).waitFor();
  // The best of three stretches: other work on the machine takes frames, too.
  const medians = [await medianFrame(page), await medianFrame(page), await medianFrame(page)];
  expect(Math.min(...medians)).toBeLessThanOrEqual(FRAME_WITHIN);
  await page.getByRole('button', { name: text.run.again, exact: false }).waitFor();
  const tasks = mainThreadTasks(await browser.stopTracing());
  expect(tasks.length).toBeGreaterThan(100);
  expect(tasks.filter((milliseconds) => milliseconds > LONG_TASK)).toEqual([]);
});

test('the answer is honest about so small a run, and both curves are told in words', async () => {
  const { page } = at;
  await page.getByText('Choose more compute', { exact: true }).waitFor();
  await page.getByRole('img', { name: /Now: dense \d\.\d\d, sparse \d\.\d\d/ }).waitFor();
});

test('the curves unfold into a table', async () => {
  const curves = at.page.locator('loss-curves');
  await curves.locator('summary').click();
  await curves.locator('tbody tr').first().waitFor();
  expect(await curves.locator('thead th').allTextContents()).toEqual([expect.any(String), 'dense', 'sparse']);
  await curves.locator('summary').click();
});

test('the heat map is filled, layer by layer', async () => {
  const heat = at.page.locator('heat-map');
  await heat.getByRole('img', { name: /favourite expert gets/ }).waitFor();
  expect(await heat.locator('.cell').count()).toBe(16 * 16);
  await heat.getByText(insideText.heat.layerName(0), { exact: true }).click();
  await heat.locator('summary').click();
  await heat.getByRole('row', { name: /^blue/ }).waitFor();
  expect(await heat.locator('tbody tr').count()).toBe(17);
  await heat.locator('summary').click();
});

test('tokens can be read, and a token that has the focus is told of', async () => {
  const tokens = at.page.locator('token-view');
  expect(await tokens.locator('button').count()).toBe(3 * 32);
  expect(await tokens.locator('.bars i').count()).toBe(2 * 3 * 30);
  await tokens.locator('button').nth(20).focus();
  expect(await tokens.locator('.says').textContent()).toMatch(
    /dense says .*sparse says .*the rule’s odds: (70|15|10|5)/,
  );
});

test('the result can be downloaded, with an end at each branch of each run', async () => {
  const { page } = at;
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: text.run.download }).click();
  const result = JSON.parse(readFileSync(await (await download).path(), 'utf8')) as ResultFile;
  expect(result).toMatchObject({ schemaVersion: 1, experiment: 'race', budget: 'smoke', verdict: { kind: 'race' } });
  expect(result.runs).toHaveLength(2 * 3 * 3);
  for (const run of result.runs) {
    expect(run.diverged).toBe(false);
    expect(run.evalTokens).toBeGreaterThanOrEqual(31_000);
    expect(run.excess).toBeCloseTo(run.loss - run.floor, 4);
    expect(run.routing?.length ?? 0).toBe(run.arm === 'sparse' ? 2 : 0);
  }
});

test('the plan unfolds into a table with sums', async () => {
  const plan = at.page.locator('plan-table');
  await plan.locator('summary').click();
  expect(await plan.locator('tbody tr').count()).toBeGreaterThan(10);
  expect(await plan.locator('tfoot').textContent()).toContain(belowText.plan.sum);
});

test('the code of a kernel opens from its row, as it was compiled and as it was written', async () => {
  const { page } = at;
  const words = closerText.kernel;
  await page.getByRole('button', { name: words.open('optimiser/update', 54) }).click();
  const dialog = page.getByRole('dialog', { name: 'optimiser/update' });
  await dialog.getByText('fn update(', { exact: false }).first().waitFor();
  expect(await dialog.locator('dl').textContent()).toContain('invocations');
  await dialog.getByText(words.written('optimiser'), { exact: true }).click();
  await dialog.locator('.comment').first().waitFor();
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: words.close }).click();
  await dialog.waitFor({ state: 'hidden' });
});

test('a finished model can be looked at token by token: its experts, and its attention', async () => {
  const closer = at.page.locator('closer-look');
  await closer.locator('summary').first().click();
  expect(await closer.locator('expert-strips .tokens button').count()).toBe(32);
  expect(await closer.locator('expert-strips .expert').count()).toBe(32 * 2 * 2);
  await closer.getByText(closerText.attention.head(1, 1, 2), { exact: true }).click();
  const map = closer.getByRole('img', { name: closerText.attention.head(1, 1, 2) });
  await map.hover();
  expect(await closer.locator('.pointed').textContent()).toMatch(/gives \d+\s%|cannot see it/);
  expect(await closer.locator('.band').count()).toBe(2);
  // Left open, for axe and for every width.
});

test.each(THEMES)('axe finds nothing in the %s theme, and nothing overflows at any width', async (theme) => {
  const { page } = at;
  await page.getByText(text.theme[theme], { exact: true }).click();
  await page.waitForTimeout(300);
  expect(await violations(page)).toEqual([]);
  expect(await overflows(page, WIDTHS, theme)).toEqual(new Map());
});

test('a setting asks for other models, and the race comes back', async () => {
  const { page } = at;
  await page.getByText(text.theme.light, { exact: true }).click();
  const controls = page.locator('race-controls');
  await controls.getByLabel(insideText.controls.experts).fill('0');
  await controls.getByText(insideText.controls.clamped(1)).waitFor();
  expect(await controls.locator('tbody tr', { hasText: 'sparse' }).textContent()).not.toContain('37,200');
  await controls.getByRole('button', { name: insideText.controls.back }).click();
  await controls.locator('tbody tr', { hasText: '37,200' }).waitFor();
  await page.getByText('Choose more compute', { exact: true }).waitFor();
});

test('a card runs its case on the chart; stopped, the race is still there', async () => {
  const { page } = at;
  const shared = race.cases.find(({ id }) => id === 'shared')!;
  await page.getByRole('button', { name: insideText.cases.runOf(shared.title) }).click();
  await page.getByRole('heading', { level: 1, name: shared.question }).waitFor();
  const pause = page.getByRole('button', { name: text.run.pause, exact: false });
  await pause.waitFor();
  await page.getByRole('heading', { name: text.chart.about(shared.title, text.chart.curves.excess) }).waitFor();
  await page.locator('body').press('Escape');
  await page.getByText('Stopped before the end', { exact: false }).first().waitFor();
  await page.getByRole('button', { name: insideText.controls.back }).click();
  await page.getByText('Choose more compute', { exact: true }).waitFor();
  await page.getByRole('img', { name: /Now: dense \d\.\d\d, sparse \d\.\d\d/ }).waitFor();
});

test('? lists the keys, and they work', async () => {
  const { page } = at;
  await page.locator('body').press('?');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await dialog.getByRole('button').click();
  await dialog.waitFor({ state: 'hidden' });
  await page.locator('body').press('f');
  await page.getByRole('heading', { name: text.chart.curves.loss }).waitFor();
  // Four axes, and round again.
  for (const _axis of ['tokens', 'seconds', 'parameters']) await page.locator('body').press('x');
  await page.getByRole('heading', { name: text.chart.memory.loss }).waitFor();
  await page.locator('body').press('x');
});

test('nothing was asked of another host, and the console is clean', () => {
  expect(at.strangers).toEqual([]);
  expect(at.complaints).toEqual([]);
});
