/**
 * The page for those who do not use a mouse, or see it otherwise: a journey with nothing but keys, axe in every theme
 * on a phone and on a laptop, large type, a forced palette, reduced motion.
 */
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { size } from '../../src/experiments/size';
import type { ResultFile } from '../../src/protocol';
import { resultText } from '../../src/share/result-file';
import { belowText } from '../../src/text/below';
import { claimsText } from '../../src/text/claims';
import { ownText } from '../../src/text/own-text';
import { shareText } from '../../src/text/share';
import { text } from '../../src/text/text';
import { fitted, power, runsOf } from '../ui/law-runs';
import { overflows, violations, visit, type Visit } from './visit';

const THEMES = ['light', 'dark', 'projector'] as const;
const HEIGHTS = { 360: 740, 1280: 800 } as const;
const WIDTHS = [360, 1280] as const;

let at: Visit;

beforeAll(async () => {
  // Models whose kernels are soon compiled.
  at = await visit(`${inject('url')}#width=8&experts=4`);
  await at.page.getByText(text.footer.noDevice).waitFor({ state: 'detached' });
});

afterAll(() => at?.browser.close());

interface Focused {
  /** Its name, or what it says. */
  name: string;
  tag: string;
  /** Of its box, from the page's upper edge. */
  top: number;
  bottom: number;
  /** Something around it, beside it or itself has an outline that can be seen. */
  shown: boolean;
  /** It has a place of its own. */
  placed: boolean;
}

/** What has the focus, through every shadow root. */
function focused(page: Page): Promise<Focused> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    if (!element || element === document.body)
      return { name: '', tag: 'body', top: 0, bottom: 0, shown: false, placed: false };
    const outlined = (each: Element): boolean => {
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(each);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 && !outlineColor.endsWith(', 0)');
    };
    const around = [element, element.parentElement, element.closest('fieldset, label')];
    const beside = [...(element.parentElement?.children ?? [])];
    // A radio is drawn as its label; a range under a chart is nowhere, its chart has the outline.
    const box = (element.closest('label') ?? element).getBoundingClientRect();
    const labels = element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? element.labels : null;
    return {
      name: element.getAttribute('aria-label') ?? labels?.[0]?.textContent?.trim() ?? element.textContent.trim(),
      tag: element.localName,
      top: box.top + window.scrollY,
      bottom: box.bottom + window.scrollY,
      placed: box.width > 1,
      shown: [...around, ...beside].some((each) => each !== null && outlined(each)),
    };
  });
}

/** Presses Tab until what has the focus has this name. */
async function tabTo(page: Page, name: string, most = 40): Promise<void> {
  for (let i = 0; i < most; i++) {
    if ((await focused(page)).name.startsWith(name)) return;
    await page.keyboard.press('Tab');
  }
  expect((await focused(page)).name).toBe(name);
}

/** Results of a ladder, dropped on the page as a reader does. */
async function dropResults(page: Page): Promise<void> {
  const file: ResultFile = {
    ...{ schemaVersion: 1, experiment: 'size', budget: 'quick', version: '0.1.0', seconds: 3, verdict: null },
    runs: runsOf(size, 'quick', power(30, 0.4)),
    fits: [fitted('dense', 30, 0.4)],
    device: {
      ...{ name: 'Some adapter', vendor: '', architecture: '', software: false, kernelProfile: 'register' },
      ...{ kernelsBy: 'adapter', probe: [], features: [] },
    },
  };
  const transfer = await page.evaluateHandle((content) => {
    const made = new DataTransfer();
    made.items.add(new File([content], 'size.json', { type: 'application/json' }));
    return made;
  }, resultText(file));
  await page.locator('body').dispatchEvent('drop', { dataTransfer: transfer });
  await page.locator('law-plot circle[data-run]').nth(23).waitFor();
}

test('keys alone: the list of keys opens, keeps the focus, and gives it back', async () => {
  const { page } = at;
  await tabTo(page, text.keys);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('heading', { name: belowText.keys.title }).waitFor();
  for (let i = 0; i < 3; i++) {
    await page.keyboard.press('Tab');
    expect([belowText.keys.close, '']).toContain((await focused(page)).name.slice(0, belowText.keys.close.length));
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect((await focused(page)).name).toBe(text.keys);
  await page.keyboard.press('?');
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
});

test('keys alone: choose an exhibit, start, pause, read the claims, come back, stop', async () => {
  const { page } = at;
  await page.locator('lab-header').getByRole('radio', { name: text.exhibit.short.race! }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('heading', { level: 1, name: size.question }).waitFor();
  await tabTo(page, text.run.budget.tokens);
  await page.keyboard.press('Home');
  await tabTo(page, text.run.start);
  await page.keyboard.press('Enter');
  const pause = page.getByRole('button', { name: text.run.pause, exact: false });
  await pause.waitFor();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: text.run.resume, exact: false }).waitFor();
  expect((await focused(page)).name).toContain(text.run.resume);
  for (let i = 0; i < 60 && (await focused(page)).name !== text.sheets.claims; i++) {
    await page.keyboard.press('Shift+Tab');
  }
  await page.keyboard.press('Enter');
  const heading = page.getByRole('heading', { level: 1, name: claimsText.title });
  await heading.waitFor();
  await page.keyboard.press('Escape');
  await heading.waitFor({ state: 'hidden' });
  expect((await focused(page)).name).toBe(text.sheets.claims);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: text.run.again, exact: false }).waitFor();
});

test('a run that was not seen is told: a polite line says how it ended', async () => {
  await expect
    .poll(() => at.page.locator('live-line [aria-live=polite]').textContent(), { timeout: 20_000 })
    .toContain(belowText.live.stopped);
});

test('where words are typed, ? is a character', async () => {
  const { page } = at;
  await page.getByRole('radio', { name: text.exhibit.short['own-text']! }).focus();
  await page.keyboard.press('Space');
  const paste = page.getByLabel(ownText.paste);
  await paste.waitFor();
  await paste.focus();
  await page.keyboard.press('?');
  expect(await paste.inputValue()).toBe('?');
  expect(await page.getByRole('dialog').isVisible()).toBe(false);
  expect(await violations(page)).toEqual([]);
});

test('the focus can be seen wherever it is, and goes down the page as the eye does', async () => {
  const { page } = at;
  await dropResults(page);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHTS[width] });
    await page.locator('lab-header').getByRole('button', { name: text.keys, exact: true }).focus();
    let before = 0;
    for (let i = 0; i < 24; i++) {
      await page.keyboard.press('Tab');
      const here = await focused(page);
      if (here.tag === 'body') break;
      expect(here, `${here.name} at ${width}`).toMatchObject({ shown: true });
      // One column: nothing lies above what had the focus before. Beside the chart a column begins anew.
      if (!here.placed) continue;
      if (width === 360) expect(here.bottom, `${here.name} at ${width}`).toBeGreaterThan(before);
      before = here.top;
    }
  }
});

test.each(THEMES)('axe finds nothing, and nothing overflows: %s', async (theme) => {
  const { page } = at;
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByText(text.theme[theme], { exact: true }).click();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHTS[width] });
    await page.waitForTimeout(150);
    expect(await violations(page), `the law at ${width}`).toEqual([]);
    const bar = page.locator('share-bar');
    for (const name of [shareText.bar.qr, shareText.bar.collect]) {
      await bar.getByRole('button', { name }).click();
      await page.getByRole('dialog').waitFor();
      expect(await violations(page, 'dialog'), `${name} at ${width}`).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    }
  }
});

test('at twice and four times the size nothing is wider than the window', async () => {
  const { page } = at;
  await page.getByText(text.theme.light, { exact: true }).click();
  expect(await overflows(page, [640, 320], 'zoom')).toEqual(new Map());
});

test('on a wall the chart and what runs it are on one screen', async () => {
  const { page } = at;
  await page.getByText(text.theme.projector, { exact: true }).click();
  const go = page.locator('run-panel .go');
  await expect.poll(async () => bottomOf(await go.boundingBox())).toBeLessThanOrEqual(800);
  expect((await page.locator('law-plot').boundingBox())!.height).toBeGreaterThan(200);
  await page.getByText(text.theme.light, { exact: true }).click();
});

function bottomOf(box: { y: number; height: number } | null): number {
  return box ? box.y + box.height : Infinity;
}

test('in a forced palette marks, lines and buttons stand out from the ground', async () => {
  const { page } = at;
  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
  const marks = await page.locator('law-plot').evaluate((plot) => {
    const root = plot.shadowRoot!;
    const paint = (selector: string, property: 'fill' | 'stroke') => {
      const found = root.querySelector(selector);
      return found && getComputedStyle(found)[property];
    };
    return {
      ground: getComputedStyle(document.documentElement).backgroundColor,
      dot: paint('circle[data-run]', 'fill'),
      mean: paint('path.mean', 'fill'),
      words: paint('text', 'fill'),
      line: paint('path.line', 'stroke'),
    };
  });
  const { ground, ...painted } = marks;
  for (const [what, colour] of Object.entries(painted)) {
    expect(colour, what).toMatch(/^rgb/);
    expect(colour, what).not.toBe(ground);
  }
  // The small multiples are a canvas, which nobody forces: it has to follow by itself.
  const colours = await page.locator('curve-multiples').evaluate(async (element) => {
    await new Promise((resolve) => setTimeout(resolve, 600));
    const canvas = element.shadowRoot!.querySelector('canvas')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let bright = 0;
    for (let i = 0; i < data.length; i += 4)
      if (data[i + 3]! > 200 && data[i]! + data[i + 1]! + data[i + 2]! > 500) bright++;
    return bright;
  });
  expect(colours).toBeGreaterThan(200);
  for (const selector of ['run-panel .go', 'share-bar button', 'lab-header .sheets button']) {
    const edge = await page
      .locator(selector)
      .first()
      .evaluate((element) => {
        const { borderTopColor, borderTopStyle, borderTopWidth } = getComputedStyle(element);
        return { borderTopColor, borderTopStyle, width: Number.parseFloat(borderTopWidth) };
      });
    expect(edge, selector).toMatchObject({ borderTopStyle: 'solid' });
    expect(edge.width, selector).toBeGreaterThan(0);
    expect(edge.borderTopColor, selector).not.toBe(ground);
  }
  await page.emulateMedia({ forcedColors: 'none', colorScheme: 'light' });
});

test('with reduced motion nothing moves by itself', async () => {
  const { page } = at;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const moving = await page.evaluate(() => {
    const found: string[] = [];
    const walk = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        const { transitionDuration, transitionProperty, animationName, scrollBehavior } = getComputedStyle(element);
        const lasts = transitionDuration.split(',').some((each) => Number.parseFloat(each) > 0);
        if ((lasts && transitionProperty !== 'none') || animationName !== 'none' || scrollBehavior === 'smooth') {
          found.push(`${element.localName}.${element.className}`);
        }
        if (element.shadowRoot) walk(element.shadowRoot);
      }
    };
    walk(document);
    return [...found, ...document.getAnimations().map(({ id }) => `animation ${id}`)];
  });
  expect(moving).toEqual([]);
  expect(at.complaints).toEqual([]);
});
