/** Opens a page in a headless Chrome, Edge or Chromium that has WebGPU, on a GPU if there is one. */
import { chromium, type Browser, type Page } from 'playwright';
import { browserFlags, findBrowser } from './browser.mjs';

export type Adapter = 'hardware' | 'software';
export const ADAPTERS: readonly Adapter[] = ['hardware', 'software'];

export interface Headless {
  page: Page;
  adapter: Adapter;
  /** Rejects when the page crashes or the browser goes away; never resolves. */
  broken: Promise<never>;
  close(): Promise<void>;
}

/** Milliseconds in which a local page must have loaded, even on a slow machine. */
const LOAD_WITHIN = 60_000;

/** What the page is offered; a browser may offer the software adapter without being told to. */
async function offered(page: Page): Promise<Adapter | 'none'> {
  return page.evaluate(async () => {
    const adapter = 'gpu' in navigator ? await navigator.gpu.requestAdapter() : null;
    if (!adapter) return 'none';
    const { isFallbackAdapter, architecture } = adapter.info;
    return isFallbackAdapter || architecture === 'swiftshader' ? 'software' : 'hardware';
  });
}

function breakdown(browser: Browser, page: Page): Promise<never> {
  const broken = new Promise<never>((_resolve, reject) => {
    page.on('crash', () => {
      reject(new Error('The page crashed, most likely because memory ran out.'));
    });
    browser.on('disconnected', () => {
      reject(new Error('The browser ended unexpectedly.'));
    });
  });
  broken.catch(() => undefined); // Heard by whoever races against it.
  return broken;
}

/** Opens `url` with the first of these adapters that the machine has. */
export async function openHeadless(url: string, adapters: readonly Adapter[] = ADAPTERS): Promise<Headless> {
  const executablePath = await findBrowser();
  if (!executablePath) throw new Error('No browser: install Chrome, Edge or Chromium, or set CHROME_PATH to one.');
  for (const wanted of adapters) {
    // Ctrl-C is for the command to handle: it still wants the page's results.
    const browser = await chromium.launch({
      executablePath,
      args: browserFlags(wanted),
      handleSIGINT: false,
      handleSIGTERM: false,
    });
    try {
      // What is measured shares the machine with nothing that could be left out.
      const page = await browser.newPage({ serviceWorkers: 'block' });
      await page.goto(url, { timeout: LOAD_WITHIN });
      const adapter = await offered(page);
      if (adapter !== 'none' && adapters.includes(adapter)) {
        return { page, adapter, broken: breakdown(browser, page), close: () => browser.close() };
      }
    } catch (error) {
      await browser.close();
      throw error;
    }
    await browser.close();
  }
  throw new Error(`This browser offers no WebGPU adapter (${adapters.join(', ')}): ${executablePath}`);
}
