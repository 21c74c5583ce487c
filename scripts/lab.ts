/**
 * The lab in a terminal: `npm run lab -- run spec.json --out result.json`. It serves the page, opens it in a
 * headless browser and calls its `window.lab`; nothing here trains, checks a spec or knows what is in one.
 */
import { access, constants, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright';
import type { ProgressEvent, ResultFile } from '../src/protocol';
import type { LabRuns } from '../src/ui/lab';
import { ADAPTERS, openHeadless, type Adapter, type Headless } from './headless';
import { duration, ProgressBar } from './progress-bar';
import { serveBuiltPage } from './serve';

const USAGE = 'Usage: npm run lab -- run spec.json [--out result.json] [--adapter hardware|software]';

/** Milliseconds in which the loaded page must have put `window.lab` in place. */
const READY_WITHIN = 30_000;

declare global {
  interface Window {
    /** Put into the page by this command. */
    reportProgress: (progress: ProgressEvent) => void;
  }
}

/** Something the user can put right: one sentence, exit code 2. */
class BadInput extends Error {}

interface Command {
  specs: unknown[];
  out: string | undefined;
  adapters: readonly Adapter[];
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { out: { type: 'string' }, adapter: { type: 'string' } },
    });
  } catch (error) {
    throw new BadInput(`${(error as Error).message}\n${USAGE}`);
  }
}

async function readSpecs(file: string): Promise<unknown[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    throw new BadInput(`${file} cannot be read: check the path.`);
  }
  try {
    const value: unknown = JSON.parse(text);
    const specs: unknown[] = Array.isArray(value) ? value : [value];
    if (specs.length > 0) return specs;
  } catch (error) {
    throw new BadInput(`${file} is not JSON: ${(error as Error).message}`);
  }
  throw new BadInput(`${file} holds an empty list: give at least one run.`);
}

/** Found out before training for an hour, not after. */
async function checkWritable(out: string): Promise<void> {
  try {
    await access(dirname(out), constants.W_OK);
  } catch {
    throw new BadInput(`${out} cannot be written: its folder does not exist or is read-only.`);
  }
}

async function readCommand(args: string[]): Promise<Command> {
  const { values, positionals } = parse(args);
  const [command, file, ...rest] = positionals;
  if (command !== 'run' || file === undefined || rest.length > 0) throw new BadInput(USAGE);
  const adapters = values.adapter === undefined ? ADAPTERS : ADAPTERS.filter((name) => name === values.adapter);
  if (adapters.length === 0) throw new BadInput(`--adapter is hardware or software, not ${String(values.adapter)}.`);
  const specs = await readSpecs(file);
  if (values.out !== undefined) await checkWritable(values.out);
  return { specs, out: values.out, adapters };
}

interface Failure {
  code: string;
  message: string;
}

/** Runs the specs on the page. Failures are returned, since playwright would wrap their sentences. */
async function train({ page, broken }: Headless, specs: unknown[]): Promise<ResultFile | Failure> {
  const bar = new ProgressBar();
  await page.exposeFunction('reportProgress', ({ fraction, secondsLeft }: ProgressEvent) => {
    bar.update(fraction, secondsLeft);
  });
  const outcome = page.evaluate(async (runs) => {
    try {
      // The page checks what it is given, and says what is wrong with it.
      return await window.lab.run(runs as LabRuns, { onProgress: window.reportProgress });
    } catch (error) {
      const { name, message } = error as Error;
      return { code: name.replace('LabError/', ''), message };
    }
  }, specs);
  try {
    return await Promise.race([outcome, broken]);
  } finally {
    bar.end();
  }
}

/**
 * Ctrl-C asks the page to stop, and its results are still written; a second one ends at once, as does one
 * that comes before there is a page. Leaving through `exit` takes the browser and the served folder along.
 */
class Interrupt {
  count = 0;
  page: Page | undefined;

  readonly listen = (): void => {
    if (++this.count > 1 || !this.page) process.exit(130);
    process.stderr.write('\nStopping; what was measured is kept. Press Ctrl-C again to end at once.\n');
    this.page.evaluate(() => window.lab.stop()).catch(() => undefined); // A page that is gone has nothing to stop.
  };
}

async function main(): Promise<number> {
  const { specs, out, adapters } = await readCommand(process.argv.slice(2));
  const interrupt = new Interrupt();
  process.on('SIGINT', interrupt.listen);
  process.on('SIGTERM', interrupt.listen);
  const served = await serveBuiltPage();
  try {
    const headless = await openHeadless(served.url, adapters);
    try {
      await headless.page.waitForFunction(() => 'lab' in window, undefined, { timeout: READY_WITHIN });
      interrupt.page = headless.page;
      process.stderr.write(`Training on the ${headless.adapter} adapter.\n`);
      const result = await train(headless, specs);
      if ('code' in result) {
        process.stderr.write(`${result.message}\n`);
        return interrupt.count > 0 ? 130 : result.code === 'spec' ? 2 : 1;
      }
      const text = `${JSON.stringify(result, null, 2)}\n`;
      if (out === undefined) process.stdout.write(text);
      else await writeFile(out, text);
      process.stderr.write(`${result.runs.length} results on ${result.device.name} in ${duration(result.seconds)}.\n`);
      return interrupt.count > 0 ? 130 : 0;
    } finally {
      await headless.close();
    }
  } finally {
    await served.close();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = error instanceof BadInput ? 2 : 1;
  },
);
