/**
 * A sweep is killed at random moments, as a crash would: its worker, its page, its whole browser, five times each, and
 * gone on with as a reader does it. Its result must be that of a sweep that nobody disturbed, bit for bit: nothing that
 * had ended is lost, and nothing is counted twice.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright';
import { browserFlags, findBrowser } from '../../scripts/browser.mjs';
import { serveBuiltPage } from '../../scripts/serve';
import type { ResultFile } from '../../src/protocol';
import { keepingText } from '../../src/text/keeping';
import { text } from '../../src/text/text';
import type { Log, Row } from '../lib/campaign';

const KILLS = 5;
/** Milliseconds of training after which it is killed, at least and at most. */
const AFTER = [3000, 16_000] as const;
/** Milliseconds in which a sweep of a few steps a run must be over. */
const OVER_WITHIN = 600_000;

/** Two sizes with five ends each: kills fall into trunks, into branches, between sizes and into compiling. */
const EXPERIMENT = 'data';

const KINDS = ['worker', 'page', 'browser'] as const;
type Kind = (typeof KINDS)[number];

/** A browser whose storage outlives it. */
class Visit {
  context!: BrowserContext;
  page!: Page;

  constructor(
    readonly url: string,
    readonly profile: string,
  ) {}

  async open(): Promise<void> {
    const executablePath = await findBrowser();
    if (!executablePath) throw new Error('No browser: install Chrome, Edge or Chromium, or set CHROME_PATH to one.');
    this.context = await chromium.launchPersistentContext(this.profile, {
      executablePath,
      args: browserFlags('software'),
      acceptDownloads: true,
    });
    this.page = this.context.pages()[0] ?? (await this.context.newPage());
    await this.page.goto(this.url);
    await this.page.waitForFunction(() => 'lab' in window);
  }

  /** Starts without waiting for the end. */
  async start(): Promise<void> {
    await this.page.evaluate((experiment) => {
      window.lab.sweep(experiment, { budget: 'smoke' }).catch(() => undefined);
    }, EXPERIMENT);
  }

  async goOn(): Promise<void> {
    await this.page.getByRole('button', { name: keepingText.goOn }).first().click({ timeout: 60_000 });
  }

  /** The result as the reader gets it, once training has ended. */
  async result(): Promise<ResultFile> {
    const button = this.page.getByRole('button', { name: text.run.download });
    await button.waitFor({ timeout: OVER_WITHIN });
    const [download] = await Promise.all([this.page.waitForEvent('download'), button.click()]);
    return JSON.parse(await readFile(await download.path(), 'utf8')) as ResultFile;
  }

  get isOver(): Promise<boolean> {
    return this.page.getByRole('button', { name: text.run.download }).isVisible();
  }

  async kill(kind: Kind): Promise<void> {
    if (kind === 'worker') {
      for (const worker of this.page.workers()) {
        await worker.evaluate(() => {
          setTimeout(() => {
            throw new Error('killed');
          });
        });
      }
      return;
    }
    if (kind === 'page') {
      const { page } = this;
      this.page = await this.context.newPage();
      await page.close();
      await this.page.goto(this.url);
      await this.page.waitForFunction(() => 'lab' in window);
      return;
    }
    const browser = this.context.browser();
    const session = await browser!.newBrowserCDPSession();
    // As if its process had gone: nobody is told, and nothing is put in order.
    await session.send('Browser.crash').catch(() => undefined);
    await this.context.close().catch(() => undefined);
    await this.open();
  }
}

/** What a result is but for times. */
function timeless({ seconds: _seconds, runs, predictions, ...rest }: ResultFile): string {
  return JSON.stringify({
    ...rest,
    runs: runs.map(({ seconds: _own, ...run }) => run),
    predictions: predictions?.map(({ frozenAt: _frozenAt, ...prediction }) => prediction),
  });
}

async function disturbed(
  url: string,
  kind: Kind | undefined,
  log: Log,
): Promise<{ result: ResultFile; kills: number }> {
  const profile = await mkdtemp(join(tmpdir(), 'scaling-lab-kill-'));
  const visit = new Visit(url, profile);
  let kills = 0;
  try {
    await visit.open();
    await visit.start();
    while (kind && kills < KILLS) {
      const [least, most] = AFTER;
      const wait = least + Math.random() * (most - least);
      await visit.page.waitForTimeout(wait);
      if (await visit.isOver) break;
      log(`${kind}: killed after ${(wait / 1000).toFixed(1)} s`);
      await visit.kill(kind);
      kills++;
      await visit.goOn();
    }
    return { result: await visit.result(), kills };
  } finally {
    await visit.context.close().catch(() => undefined);
    await rm(profile, { recursive: true, force: true });
  }
}

export async function measure(log: Log): Promise<Row[]> {
  const served = await serveBuiltPage();
  const rows: Row[] = [];
  try {
    const { result: whole } = await disturbed(served.url, undefined, log);
    log(`undisturbed: ${whole.runs.length} ends`);
    for (const kind of KINDS) {
      const { result, kills } = await disturbed(served.url, kind, log);
      const same = timeless(result) === timeless(whole);
      rows.push({ kind, kills, ends: result.runs.length, expected: whole.runs.length, same });
    }
  } finally {
    await served.close();
  }
  const failed = rows.filter(({ same, kills }) => !same || Number(kills) < KILLS);
  if (failed.length > 0) throw new Error(`Not as if nothing had happened: ${JSON.stringify(rows)}`);
  return rows;
}
