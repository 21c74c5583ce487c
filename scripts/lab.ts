/**
 * The lab in a terminal: `npm run lab -- run spec.json --out result.json` trains run specs, `npm run lab -- sweep
 * size` an experiment, `npm run lab -- tune race` its grid of learning rates. For these it serves the page, opens it in a headless
 * browser and calls its `window.lab`; nothing here trains, checks a spec or knows what is in one. `npm run lab -- record`
 * puts results into the form in which they come with the lab, `npm run lab -- fit` fits a law to anybody's results.
 */
import { access, constants, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Page } from 'playwright';
import { assembleTuning, planTuning, type PlannedCell, type Tuning } from '../src/experiments/tuning';
import type { Verdict } from '../src/experiments/verdict-of';
import type { ProgressEvent, ResultFile } from '../src/protocol';
import { resultCsv, resultText } from '../src/share/result-file';
import type { LabRuns, LabSweepOptions } from '../src/ui/lab';
import { openHeadless, type Headless } from './headless';
import { BadInput, readJson } from './bad-input';
import { fitFile } from './fit-file';
import { parseCommand, type ExperimentCommand, type FitCommand, type RunCommand } from './lab-command';
import { duration, ProgressBar } from './progress-bar';
import { recordFiles } from './record';
import { serveBuiltPage } from './serve';

/** Milliseconds in which the loaded page must have put `window.lab` in place. */
const READY_WITHIN = 30_000;

declare global {
  interface Window {
    /** Put into the page by this command. */
    reportProgress: (progress: ProgressEvent) => void;
  }
}

/** What the page is to run, and what becomes of its result. */
interface Job {
  /** Run specs, with names or without; or an experiment. */
  work: { runs: unknown[] } | { experiment: string; options: LabSweepOptions };
  /** JSON for the file or standard output, and words for standard error. */
  finish: (result: ResultFile) => { json: string; words: string[] };
}

async function readSpecs(file: string): Promise<unknown[]> {
  const value = await readJson(file);
  const specs: unknown[] = Array.isArray(value) ? value : [value];
  if (specs.length === 0) throw new BadInput(`${file} holds an empty list: give at least one run.`);
  return specs;
}

/** Found out before training for an hour, not after. */
async function checkWritable(out: string): Promise<void> {
  try {
    await access(dirname(out), constants.W_OK);
  } catch {
    throw new BadInput(`${out} cannot be written: its folder does not exist or is read-only.`);
  }
}

/** The case exactly as the page runs it, with its verdict. */
function experimentJob({ experiment, budget, case: chosen, seeds }: ExperimentCommand): Job {
  return {
    work: { experiment: experiment.id, options: { budget, case: chosen.id, seeds } },
    finish: (result) => {
      const verdict = result.verdict as Verdict | null;
      const words = [verdict?.sentence ?? 'These runs have no verdict.'];
      if (budget === 'smoke')
        words.push('A smoke run only shows that everything works: nothing has had time to learn.');
      return { json: resultText(result), words };
    },
  };
}

/** One line a cell, and one an arm. */
function tuningWords({ cells, best }: Tuning): string[] {
  const number = (value: number | null): string => value?.toFixed(3) ?? 'diverged or not measured';
  return [
    ...cells.map(
      ({ arm, dModel, lr, excess, mean }) =>
        `${arm}, width ${dModel}, rate ${lr}: excess ${number(mean)} (${excess.map(number).join(', ')})`,
    ),
    ...best.map(
      ({ arm, dModel, lr, interior }) =>
        `Best for ${arm}: width ${dModel}, rate ${lr}, ${interior ? 'inside the grid' : 'at the edge of the grid'}.`,
    ),
  ];
}

function tuningJob({ experiment, budget, case: chosen, seeds }: ExperimentCommand): Job {
  const cells: PlannedCell[] = planTuning(experiment, budget, chosen, seeds);
  return {
    work: { runs: cells.flatMap(({ requests }) => requests) },
    finish: (result) => {
      const tuning = assembleTuning({ experiment: experiment.id, case: chosen.id, budget, seeds }, cells, result);
      return { json: `${JSON.stringify(tuning, null, 2)}\n`, words: tuningWords(tuning) };
    },
  };
}

async function jobOf(command: RunCommand | ExperimentCommand): Promise<Job> {
  if (command.kind === 'run') {
    const runs = await readSpecs(command.file);
    return { work: { runs }, finish: (result) => ({ json: resultText(result), words: [] }) };
  }
  return command.kind === 'tune' ? tuningJob(command) : experimentJob(command);
}

interface Failure {
  code: string;
  message: string;
}

/** Runs the job on the page. Failures are returned, since playwright would wrap their sentences. */
async function train({ page, broken }: Headless, { work }: Job): Promise<ResultFile | Failure> {
  const bar = new ProgressBar();
  await page.exposeFunction('reportProgress', ({ fraction, secondsLeft }: ProgressEvent) => {
    bar.update(fraction, secondsLeft);
  });
  const outcome = page.evaluate(async (work) => {
    const onProgress = window.reportProgress;
    try {
      // The page checks what it is given, and says what is wrong with it.
      if ('runs' in work) return await window.lab.run(work.runs as LabRuns, { onProgress });
      return await window.lab.sweep(work.experiment, { ...work.options, onProgress });
    } catch (error) {
      const { name, message } = error as Error;
      return { code: name.replace('LabError/', ''), message };
    }
  }, work);
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

async function write(json: string, out: string | undefined): Promise<void> {
  if (out === undefined) process.stdout.write(json);
  else await writeFile(out, json);
}

function isCsv(file: string): boolean {
  return file.toLowerCase().endsWith('.csv');
}

/** Does the job on the page. Resolves to the exit code. */
async function perform(job: Job, { out, adapters }: RunCommand | ExperimentCommand): Promise<number> {
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
      const result = await train(headless, job);
      if ('code' in result) {
        process.stderr.write(`${result.message}\n`);
        return interrupt.count > 0 ? 130 : result.code === 'spec' ? 2 : 1;
      }
      const { json, words } = job.finish(result);
      await write(out !== undefined && isCsv(out) ? resultCsv(result) : json, out);
      process.stderr.write(`${result.runs.length} results on ${result.device.name} in ${duration(result.seconds)}.\n`);
      for (const line of words) process.stderr.write(`${line}\n`);
      return interrupt.count > 0 ? 130 : 0;
    } finally {
      await headless.close();
    }
  } finally {
    await served.close();
  }
}

/** Resolves to the exit code: 2 where the data allow no fit. */
async function fit({ file, fit, json: asked, out }: FitCommand): Promise<number> {
  const { json, words, fitted } = await fitFile(file, fit);
  if (out !== undefined) await writeFile(out, json);
  process.stdout.write(asked ? json : `${words.join('\n')}\n`);
  return fitted ? 0 : 2;
}

async function main(): Promise<number> {
  const command = parseCommand(process.argv.slice(2));
  if (command.out !== undefined) {
    if (isCsv(command.out) && command.kind !== 'run' && command.kind !== 'experiment') {
      throw new BadInput(`${command.out}: only runs are written as CSV; name a file that ends with .json.`);
    }
    await checkWritable(command.out);
  }
  if (command.kind === 'fit') return fit(command);
  if (command.kind !== 'record') return perform(await jobOf(command), command);
  await write(await recordFiles(command.files), command.out);
  return 0;
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
