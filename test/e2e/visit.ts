/** A visit to the built page in a real browser with the software adapter, and what is looked for on the way. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright';
import { browserFlags, findBrowser } from '../../scripts/browser.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Folder for screenshots, if somebody wants to look at them. */
const screenshots = process.env.SCREENSHOTS;

/** Milliseconds until what a test waits for counts as missing: kernels take 11 s to compile, more where cores are shared. */
export const PATIENCE = 110_000;

export interface Visit {
  browser: Browser;
  page: Page;
  /** Errors of the console. */
  complaints: string[];
  /** Addresses of other hosts that were asked for something. */
  strangers: string[];
}

export async function visit(url: string): Promise<Visit> {
  const executablePath = await findBrowser();
  if (!executablePath) throw new Error('No browser was found.');
  const browser = await chromium.launch({ executablePath, args: browserFlags('software') });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const complaints: string[] = [];
  const strangers: string[] = [];
  const { origin } = new URL(url);
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !/^(data|blob):/.test(request.url())) strangers.push(request.url());
  });
  page.setDefaultTimeout(PATIENCE);
  await page.goto(url);
  return { browser, page, complaints, strangers };
}

/** Violations that axe finds on the page as it is, or in its open dialog only. */
export async function violations(page: Page, within: 'page' | 'dialog' = 'page'): Promise<string[]> {
  // Evaluated by the debugger, so the page's own policy against foreign scripts does not have to yield.
  await page.evaluate(axe);
  return page.evaluate(async (within) => {
    interface Found {
      violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
    }
    const { axe } = window as unknown as { axe: { run(context: Node): Promise<Found> } };
    const openDialog = (root: ParentNode): Element | undefined => {
      for (const element of root.querySelectorAll('*')) {
        if (element.matches('dialog[open]')) return element;
        const found = element.shadowRoot && openDialog(element.shadowRoot);
        if (found) return found;
      }
      return undefined;
    };
    const dialog = within === 'dialog' ? openDialog(document) : undefined;
    if (within === 'dialog' && !dialog) return ['No dialog is open.'];
    const found = await axe.run(dialog ?? document);
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`),
    );
  }, within);
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
export function mainThreadTasks(trace: Buffer): number[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const threads = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const main = new Set(threads.map(({ pid, tid }) => `${pid}/${tid}`));
  const tasks = traceEvents.filter(({ name, pid, tid }) => name.endsWith('RunTask') && main.has(`${pid}/${tid}`));
  return tasks.map(({ tdur }) => (tdur ?? 0) / 1000);
}

/** Largest overflow of the page at each of some widths, in pixels; takes a screenshot where they are wanted. */
export async function overflows(page: Page, widths: readonly number[], name: string): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (const width of widths) {
    await page.setViewportSize({ width, height: width < 600 ? 740 : Math.round(width * 0.5625) });
    await page.waitForTimeout(200);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (overflow > 0) found.set(width, overflow);
    if (screenshots) await page.screenshot({ path: join(screenshots, `${name}-${width}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  return found;
}
