/** The other exhibit: from the race to the ladder of sizes, a run of it, and back. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
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
  await page.locator('loss-by-size').waitFor();
});

test('one press trains nine models, and the table has every seed', async () => {
  const { page } = at;
  await page.getByLabel(text.run.budget.tokens).selectOption('smoke');
  await page.locator('body').press('Space');
  await page.getByRole('button', { name: text.run.again, exact: false }).waitFor({ timeout: 110_000 });
  await page.getByText('Choose more compute', { exact: true }).waitFor();
  const table = page.locator('loss-by-size');
  await table.locator('summary').click();
  const cells = await table.locator('tbody td').allTextContents();
  expect(cells).toHaveLength(3 * 6);
  expect(cells.filter((cell) => /^\s*\d\.\d{3}\s*$/.test(cell))).toHaveLength(3 * 4);
});

test('axe finds nothing, and nothing overflows', async () => {
  expect(await violations(at.page)).toEqual([]);
  expect(await overflows(at.page, [360, 1366], 'sizes')).toEqual(new Map());
});

test('back to the race and here again: what was measured is still there', async () => {
  const { page } = at;
  await page.getByText(text.exhibit.short.race!, { exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Does a sparse model learn more' }).waitFor();
  await page.getByText('Press start', { exact: true }).waitFor();
  await page.getByText(text.exhibit.short['loss-against-size']!, { exact: true }).click();
  await page.getByText('Choose more compute', { exact: true }).waitFor();
  await page.getByRole('img', { name: /Now: width 8 \d/ }).waitFor();
  expect(at.complaints).toEqual([]);
});
