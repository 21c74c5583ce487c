/** Experiments on laws: from the race to the ladder of sizes, a sweep of it, its charts and tables, and others from the list. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { curriculum } from '../../src/experiments/curriculum';
import { lawChartsText } from '../../src/text/law-charts';
import { text } from '../../src/text/text';
import { overflows, violations, visit, type Visit } from './visit';

let at: Visit;

beforeAll(async () => {
  at = await visit(inject('url'));
});

afterAll(() => at?.browser.close());

test('the keyboard chooses the exhibit', async () => {
  const { page } = at;
  await page.getByText(text.footer.noDevice).waitFor({ state: 'detached', timeout: 60_000 });
  await page.getByRole('radio', { name: text.exhibit.short.race }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('heading', { level: 1, name: 'Does a larger model learn more' }).waitFor();
  await page.locator('law-chart').waitFor();
  await page.locator('sweep-queue li').nth(7).waitFor();
});

test('one press trains all arms, least work first, and the table has every seed', async () => {
  const { page } = at;
  await page.getByLabel(text.run.budget.tokens).selectOption('smoke');
  await page.locator('body').press('Space');
  await page.getByRole('button', { name: lawChartsText.queue.skip }).waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: text.run.again, exact: false }).waitFor({ timeout: 230_000 });
  await page.getByText('Choose more compute', { exact: true }).waitFor();
  const chart = page.locator('law-chart');
  await chart.locator('circle[data-run]').nth(23).waitFor();
  expect(await chart.locator('circle[data-run]').count()).toBe(8 * 3);
  await chart.locator('summary').click();
  const cells = await chart.locator('table').first().locator('tbody td').allTextContents();
  expect(cells).toHaveLength(8 * 8);
  expect(cells.filter((cell) => /^\s*\d\.\d{3}\s*$/.test(cell))).toHaveLength(8 * 4);
  expect(await page.locator('sweep-queue li').count()).toBe(8);
}, 240_000);

test('a run that is pointed at on the chart lights up there, and in the table of runs', async () => {
  const { page } = at;
  await page.locator('law-plot input.runs').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('law-plot circle.pointed').waitFor();
  expect(await page.locator('law-plot circle.pointed').count()).toBe(1);
  await page.locator('runs-table tr.pointed').waitFor();
  const key = await page.locator('law-plot circle.pointed').getAttribute('data-run');
  expect(await page.locator('runs-table tr.pointed').textContent()).toContain(key!.split('/')[0]);
});

test('axe finds nothing, and nothing overflows', async () => {
  expect(await violations(at.page)).toEqual([]);
  expect(await overflows(at.page, [360, 1366], 'laws')).toEqual(new Map());
});

test('another experiment is in the list, and the ladder’s measurements are still there after it', async () => {
  const { page } = at;
  await page.getByLabel(text.exhibit.more).selectOption(curriculum.id);
  await page.getByRole('heading', { level: 1, name: curriculum.question }).waitFor();
  await page.getByText('Press start', { exact: true }).waitFor();
  await page.getByText(text.exhibit.short.size!, { exact: true }).click();
  await page.getByText('Choose more compute', { exact: true }).waitFor();
  await page
    .locator('law-plot')
    .getByRole('img', { name: /dense 8 \d\.\d\d ±/ })
    .waitFor();
  expect(at.complaints).toEqual([]);
});
