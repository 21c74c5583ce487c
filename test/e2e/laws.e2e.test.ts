/**
 * Experiments on laws: a sweep of loss against data, its charts and tables, and others from the list. It has two shapes
 * to compile where the ladder of sizes has eight, and who opens it by a link compiles no race before it.
 */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { articleData } from '../../src/experiments/article-data';
import { data } from '../../src/experiments/data';
import { size } from '../../src/experiments/size';
import { lawChartsText } from '../../src/text/law-charts';
import { text } from '../../src/text/text';
import { overflows, violations, visit, type Visit } from './visit';

/** Widths, and places where each of their runs is read off. */
const [SHAPES, ENDS] = [data.varies.arms.length, data.base.branches.length];
/** As few as have an interval. */
const SEEDS = [4, 5];
/** Dots on the chart. */
const DOTS = SHAPES * ENDS * SEEDS.length;

let at: Visit;

beforeAll(async () => {
  at = await visit(`${inject('url')}#experiment=data&budget=smoke&seeds=${SEEDS.join(',')}`);
});

afterAll(() => at?.browser.close());

test('a link opens it, at its budget and with seeds of its own', async () => {
  const { page } = at;
  await page.getByRole('heading', { level: 1, name: data.question }).waitFor();
  await page.getByText(text.footer.noDevice).waitFor({ state: 'detached' });
  expect(await page.getByLabel(text.run.budget.tokens).inputValue()).toBe('smoke');
  await page.locator('sweep-queue li').first().waitFor();
  expect(await page.locator('sweep-queue li').count()).toBe(SHAPES);
});

test('one press trains all arms, least work first, and the table has every seed', async () => {
  const { page } = at;
  await page.locator('run-panel .go').click();
  await page.getByRole('button', { name: lawChartsText.queue.skip }).waitFor();
  await page.getByRole('button', { name: text.run.again, exact: false }).waitFor();
  await page.getByText('Choose more compute', { exact: true }).waitFor();
  const chart = page.locator('law-chart');
  await chart
    .locator('circle[data-run]')
    .nth(DOTS - 1)
    .waitFor();
  expect(await chart.locator('circle[data-run]').count()).toBe(DOTS);
  await chart.locator('summary').click();
  const cells = await chart.locator('table').first().locator('tbody td').allTextContents();
  expect(cells).toHaveLength(SHAPES * ENDS * (5 + SEEDS.length));
  expect(cells.filter((cell) => /^\s*\d\.\d{3}\s*$/.test(cell))).toHaveLength(SHAPES * ENDS * (1 + SEEDS.length));
  expect(await page.locator('sweep-queue li').count()).toBe(SHAPES);
}, 240_000);

test('a run that is pointed at on the chart lights up there, and in the table of runs', async () => {
  const { page } = at;
  await page.locator('law-plot input.runs').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('law-plot circle.pointed').first().waitFor();
  expect(await page.locator('law-plot circle.pointed').count()).toBe(ENDS);
  await page.locator('runs-table tr.pointed').first().waitFor();
  expect(await page.locator('runs-table tr.pointed').count()).toBe(ENDS);
  const key = await page.locator('law-plot circle.pointed').first().getAttribute('data-run');
  expect(await page.locator('runs-table tr.pointed').first().textContent()).toContain(key!.split('/')[0]);
});

test('axe finds nothing, and nothing overflows', async () => {
  expect(await violations(at.page)).toEqual([]);
  expect(await overflows(at.page, [360, 1366], 'laws')).toEqual(new Map());
});

test('others are in the list and a key away, and the measurements are still there after them', async () => {
  const { page } = at;
  await page.getByLabel(text.exhibit.more).selectOption(articleData.id);
  await page.getByRole('heading', { level: 1, name: articleData.question }).waitFor();
  await page.getByText('Press start', { exact: true }).waitFor();
  await page.getByText(text.exhibit.short.size!, { exact: true }).click();
  await page.getByRole('heading', { level: 1, name: size.question }).waitFor();
  await page.locator('sweep-queue li').nth(7).waitFor();
  await page.getByRole('radio', { name: text.exhibit.short.size, exact: true }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('heading', { level: 1, name: data.question }).waitFor();
  await page.getByText('Choose more compute', { exact: true }).waitFor();
  await page
    .locator('law-plot')
    .getByRole('img', { name: /dense 8 \d\.\d\d ±/ })
    .waitFor();
  expect(at.complaints).toEqual([]);
});
