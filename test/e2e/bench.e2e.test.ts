/** The benchmark's page: it can be pressed, it measures what the adapter can do, and it says what is missing. */
import { chromium } from 'playwright';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { browserFlags, findBrowser } from '../../scripts/browser.mjs';
import type { Measure } from '../../src/ui/bench-page';
import { benchText as text } from '../../src/text/bench';
import { overflows, violations, visit, type Visit } from './visit';

let at: Visit;
const address = new URL('bench.html', inject('url')).href;

beforeAll(async () => {
  at = await visit(address);
});

afterAll(() => at?.browser.close());

test('the ceilings are measured, and nothing else where nothing else is asked for', async () => {
  const { ceilings, device, kernels, steps } = await at.page.evaluate(() =>
    (window as unknown as { bench: Measure }).bench({ parts: [], full: false }, () => undefined),
  );
  expect(device.software).toBe(true);
  expect(Object.keys(ceilings)).toHaveLength(7);
  expect(Object.values(ceilings).filter((value) => !(value > 0))).toEqual([]);
  // A processor: between a hundredth and a thousand of what it does in a nanosecond.
  expect(ceilings.multiplyAdd).toBeGreaterThan(0.1);
  expect(ceilings.multiplyAdd).toBeLessThan(1000);
  expect([...kernels, ...steps]).toEqual([]);
});

test('one press begins with the ceilings and says what is being measured', async () => {
  const { page } = at;
  await page.getByRole('heading', { level: 1, name: text.title }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: text.start }).click();
  await page.getByText('Measuring product, 512 × 512 × 512').waitFor();
  expect(await page.getByRole('button', { name: text.start }).isDisabled()).toBe(true);
  expect(await overflows(page, [360, 1280], 'bench')).toEqual(new Map());
  expect(at.complaints).toEqual([]);
  expect(at.strangers).toEqual([]);
});

test('without WebGPU it says so', async () => {
  const args = [...browserFlags('software').filter((flag) => !flag.includes('webgpu')), '--disable-gpu'];
  const browser = await chromium.launch({ args, ...{ executablePath: await findBrowser() } });
  try {
    const page = await browser.newPage();
    await page.goto(address);
    await page.getByRole('button', { name: text.start }).click();
    await page.getByText('The measurement broke off: ').waitFor();
    await page
      .getByText(/WebGPU|adapter/)
      .first()
      .waitFor();
  } finally {
    await browser.close();
  }
});
