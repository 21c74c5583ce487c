/**
 * Claims and lessons on the built page: the gallery opens an experiment; one lesson is gone through at the smallest
 * budget, with a bet that is compared with what the runs measure, over a reload; notes are printed.
 */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { lessonOf } from '../../src/lessons/lessons';
import { claimsText } from '../../src/text/claims';
import { lessonsText, type StepWords } from '../../src/text/lessons';
import { sheetText } from '../../src/text/sheet';
import { teacherText } from '../../src/text/teacher';
import { text } from '../../src/text/text';
import { experimentOf } from '../../src/experiments/experiments';
import { overflows, violations, visit, type Visit } from './visit';

const THEMES = ['light', 'dark', 'projector'] as const;
const { panel } = lessonsText;
const { title } = lessonsText.lessons.sparse;
const steps: Record<string, StepWords> = lessonsText.lessons.sparse.steps;
const lesson = lessonOf('sparse')!;

let at: Visit;

beforeAll(async () => {
  // Two seeds, as few as have an interval: a teacher's link may say so.
  at = await visit(`${inject('url')}#seeds=1,2`);
  await at.page.getByText(text.footer.noDevice).waitFor({ state: 'detached' });
});

afterAll(() => at?.browser.close());

test.each(THEMES)('all claims, %s: nothing for axe to find, nothing wider than the window', async (theme) => {
  const { page } = at;
  await page.getByText(text.theme[theme], { exact: true }).click();
  await page.getByRole('button', { name: text.sheets.claims, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: claimsText.title }).waitFor();
  expect(await page.locator('claims-sheet .claim').count()).toBe(28);
  expect(await violations(page)).toEqual([]);
  const widths = theme === 'projector' ? [1280, 1920] : [360, 768, 1280];
  expect(await overflows(page, widths, `claims-${theme}`)).toEqual(new Map());
  const wide = await page.locator('claims-sheet dialog').evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { level: 1, name: claimsText.title }).waitFor({ state: 'hidden' });
});

test('a card opens its experiment', async () => {
  const { page } = at;
  await page.getByText(text.theme.light, { exact: true }).click();
  await page.getByRole('button', { name: text.sheets.claims, exact: true }).click();
  const noise = experimentOf('noise')!;
  await page.getByRole('button', { name: claimsText.openLabel(noise.title) }).click();
  await page.getByRole('heading', { level: 1, name: noise.question }).waitFor();
});

test('notes for the teacher, and a print that has nothing else', async () => {
  const { page } = at;
  await page.getByRole('button', { name: text.sheets.lessons, exact: true }).click();
  await page.getByRole('button', { name: lessonsText.beginLabel(lessonsText.notes, title) }).click();
  await page.getByText(teacherText.misconceptions).waitFor();
  expect(await violations(page)).toEqual([]);
  expect(await overflows(page, [360, 1280], 'notes')).toEqual(new Map());
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('law-stage').isVisible()).toBe(false);
  expect(await page.getByRole('button', { name: sheetText.print }).isVisible()).toBe(false);
  expect(await page.getByText(teacherText.without).isVisible()).toBe(true);
  await page.emulateMedia({ media: 'screen' });
  await page.getByRole('button', { name: teacherText.back }).click();
});

test('a lesson sets the lab, checks an answer, and survives a reload', async () => {
  const { page } = at;
  await page.getByRole('button', { name: lessonsText.beginLabel(lessonsText.begin, title) }).click();
  await page.getByRole('heading', { level: 2, name: steps.share!.title }).waitFor();
  await page.getByRole('heading', { level: 1, name: 'Does a sparse model learn more' }).waitFor();
  await page.getByRole('spinbutton').fill('12.5');
  await page.keyboard.press('Enter');
  await page.getByText(steps.share!.right!).waitFor();
  expect(await violations(page)).toEqual([]);
  expect(await overflows(page, [360, 768, 1280, 1920], 'lesson')).toEqual(new Map());
  await page.reload();
  await page.getByText(steps.share!.right!).waitFor();
  await page.getByText(text.footer.noDevice).waitFor({ state: 'detached' });
});

test('a bet is compared with what the runs measure', async () => {
  const { page } = at;
  await page.getByRole('button', { name: panel.next, exact: true }).click();
  await page.getByRole('radio', { name: steps.fair!.options![2]!.label }).check();
  await page.getByRole('button', { name: panel.check, exact: true }).click();
  await page.getByText(steps.fair!.options![2]!.because).waitFor();
  await page.getByRole('button', { name: panel.next, exact: true }).click();
  await page.getByRole('slider', { name: steps.bet!.ask! }).fill('2.5');
  await page.getByRole('button', { name: panel.place }).click();
  await page.getByText(panel.placed(panel.amount(2.5, steps.bet!.unit!))).waitFor();
  await page.getByLabel(text.run.budget.compute).selectOption('smoke');
  await page.getByRole('button', { name: panel.start }).click();
  await page.getByText(panel.running).waitFor();
  await page.getByText(panel.smoke).waitFor();
  const said = await page.locator('lesson-panel .said').textContent();
  expect(said).toMatch(/It came to|No saving came out of it/);
  expect(said).toMatch(/Your bet/);
});

test('the other steps set their cases and have a right answer each; the last one ends the lesson', async () => {
  const { page } = at;
  for (const { id, lab, check } of lesson.steps.slice(3)) {
    await page.getByRole('button', { name: panel.next, exact: true }).click();
    await page.getByRole('heading', { level: 2, name: steps[id]!.title }).waitFor();
    if (check?.kind !== 'choice') throw new Error(`The step ${id} is no choice.`);
    const { label, because } = steps[id]!.options![check.right]!;
    await page.getByRole('radio', { name: label }).check();
    await page.getByRole('button', { name: panel.check, exact: true }).click();
    await page.getByText(because).waitFor();
    const shown = experimentOf('race')!.cases.find((each) => each.id === (lab?.case ?? 'race'))!;
    await page.getByRole('heading', { level: 1, name: shown.question }).waitFor();
  }
  await page.getByRole('button', { name: panel.finish }).click();
  await page.locator('lesson-panel').waitFor({ state: 'detached' });
  expect(at.complaints).toEqual([]);
  expect(at.strangers).toEqual([]);
});
