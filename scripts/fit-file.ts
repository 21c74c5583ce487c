/**
 * `npm run lab -- fit FILE`: fits a law to anybody's runs, in CSV, JSON lines or a JSON list, or in a result file of the
 * lab. Nothing is trained and no browser is needed.
 */
import { readFile, stat } from 'node:fs/promises';
import { parse, CsvError } from 'csv-parse/sync';
import type { Axis, Fit, FitOutcome, FitRequest, LawName, Observation } from '../src/fit-protocol';
import { fitLaws } from '../src/scaling/fit';
import { SMALLEST_DELTA } from '../src/scaling/noise';
import { fitNote, fitProblem } from '../src/text/scaling';
import { BadInput } from './bad-input';

/** What a file may hold at most: everything is read at once. */
const MOST_BYTES = 50_000_000;

/** Laws that the terminal fits. */
export const FILE_LAWS = ['chinchilla', 'power'] as const satisfies LawName[];

/** Names of columns, and the fit's options; undefined where nothing was asked for. */
export interface FileFit {
  law: (typeof FILE_LAWS)[number];
  columns: Partial<Record<Column, string>>;
  floor: number | undefined;
  delta: number | undefined;
  resamples: number | undefined;
}

export const COLUMNS = ['size', 'tokens', 'compute', 'loss', 'run', 'kind'] as const;
export type Column = (typeof COLUMNS)[number];

/** One row, and where it stands, as in `line 3`. */
interface Row {
  where: string;
  values: Record<string, unknown>;
}

interface Table {
  rows: Row[];
  /** Columns of a result file of the lab, which are known. */
  own?: FileFit['columns'];
}

type Json = Record<string, unknown>;

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

async function read(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES) {
      throw new BadInput(
        `${file} has ${Math.round(size / 1e6)} MB, but at most ${MOST_BYTES / 1e6} MB are read: keep only the columns and rows that the fit needs.`,
      );
    }
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw new BadInput(`${file} cannot be read: check the path.`);
  }
}

/** A result file of the lab: its numbers, and its kinds by what its models are. */
function resultTable(file: string, { schemaVersion, runs }: Json): Table {
  if (schemaVersion !== 1) {
    throw new BadInput(
      `${file} has schemaVersion ${JSON.stringify(schemaVersion)}, but this lab reads only version 1: fit it with the lab that wrote it.`,
    );
  }
  if (!Array.isArray(runs)) throw new BadInput(`${file} is not a result file: it has no list of runs.`);
  const rows = runs.map((run: unknown, i) => {
    if (!isRecord(run)) throw new BadInput(`${file} is not a result file: run ${i + 1} is no object.`);
    const model = isRecord(run.spec) ? run.spec.model : undefined;
    // A loss of null is a run that diverged: the fit leaves it out, and says so.
    const loss = run.diverged === true ? NaN : run.loss;
    return { where: `run ${i + 1}`, values: { kind: isRecord(model) && model.moe ? 'sparse' : 'dense', ...run, loss } };
  });
  return {
    rows,
    own: { size: 'paramsActive', tokens: 'tokens', compute: 'trainFlops', loss: 'loss', run: 'identity', kind: 'kind' },
  };
}

function jsonLines(file: string, text: string): Row[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    let values: unknown;
    try {
      values = JSON.parse(line);
    } catch (error) {
      throw new BadInput(`${file}, line ${i + 1} is not JSON: ${(error as Error).message}`);
    }
    if (!isRecord(values)) throw new BadInput(`${file}, line ${i + 1} is not a JSON object with named numbers.`);
    return [{ where: `line ${i + 1}`, values }];
  });
}

function csvRows(file: string, text: string): Row[] {
  try {
    const records = parse(text, {
      ...{ columns: true, info: true, bom: true, trim: true, skip_empty_lines: true },
      delimiter: [',', ';', '\t'],
    }) as unknown as { record: Record<string, string>; info: { lines: number } }[];
    return records.map(({ record, info }) => ({ where: `line ${info.lines}`, values: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new BadInput(`${file} is not CSV: ${error.message}.`);
  }
}

function tableOf(file: string, text: string): Table {
  const start = text.trimStart()[0];
  if (start === undefined) throw new BadInput(`${file} is empty: give a file with a row for each run.`);
  if (start !== '{' && start !== '[') return { rows: csvRows(file, text) };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (start === '{') return { rows: jsonLines(file, text) };
    throw new BadInput(`${file} is not JSON: ${(error as Error).message}`);
  }
  if (isRecord(value) && 'schemaVersion' in value) return resultTable(file, value);
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return {
    rows: list.map((values, i) => {
      if (!isRecord(values)) throw new BadInput(`${file}: entry ${i + 1} is not an object with named numbers.`);
      return { where: `entry ${i + 1}`, values };
    }),
  };
}

/** What each wanted column is called in this file. */
function columnsOf(file: string, { rows, own }: Table, { law, columns: asked }: FileFit): FileFit['columns'] {
  const there = Object.keys(rows[0]?.values ?? {});
  const chosen = { ...own, ...asked };
  const names = `it has ${there.join(', ')}`;
  for (const column of COLUMNS) {
    const name = chosen[column];
    if (name !== undefined && !there.includes(name)) {
      throw new BadInput(`${file} has no column ${name} for --${column}: ${names}.`);
    }
  }
  const needed: Column[] = law === 'chinchilla' ? ['size', 'tokens', 'loss'] : ['loss'];
  const missing = needed.filter((column) => chosen[column] === undefined);
  if (law === 'power' && !axisOf(chosen)) missing.unshift('size');
  if (missing.length > 0) {
    throw new BadInput(
      `Say with ${missing.map((column) => `--${column}`).join(' and ')} which columns of ${file} to fit: ${names}.`,
    );
  }
  return chosen;
}

/** A power law goes along the first of these that there is. */
function axisOf(columns: FileFit['columns']): Axis | undefined {
  if (columns.size !== undefined) return 'n';
  if (columns.tokens !== undefined) return 'd';
  return columns.compute === undefined ? undefined : 'c';
}

function numberIn(file: string, { where, values }: Row, column: Column, name: string, own: boolean): number {
  const value = values[name];
  if (own && column === 'loss' && (value === null || Number.isNaN(value))) return NaN;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  const shown =
    value === undefined || value === '' ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value);
  throw new BadInput(`${file}, ${where}: ${name} is ${shown}, not a number. Correct that row or take it out.`);
}

function textIn({ values }: Row, name: string | undefined, fallback: string): string {
  const value = name === undefined ? fallback : values[name];
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The observations of a file and how they are to be fitted. Refuses with a sentence what is not so. */
export async function readFit(file: string, asked: FileFit): Promise<FitRequest> {
  const table = tableOf(file, await read(file));
  if (table.rows.length === 0) throw new BadInput(`${file} has no rows: give a row for each run.`);
  const columns = columnsOf(file, table, asked);
  const observations = table.rows.map((row): Observation => {
    const number = (column: Column): number => {
      const name = columns[column];
      return name === undefined ? NaN : numberIn(file, row, column, name, table.own !== undefined);
    };
    const [n, d, loss] = [number('size'), number('tokens'), number('loss')];
    const c = columns.compute === undefined ? 6 * n * d : number('compute');
    return { run: textIn(row, columns.run, row.where), kind: textIn(row, columns.kind, 'all'), n, d, c, loss };
  });
  // Public data are fitted as published fits are; the lab's own by the noise of its seeds.
  const delta = asked.delta ?? (table.own ? undefined : SMALLEST_DELTA);
  const axis = axisOf(columns);
  return {
    observations,
    law: asked.law,
    ...(axis && { axis }),
    ...(asked.floor !== undefined && { floor: asked.floor }),
    ...(delta !== undefined && { delta }),
    ...(asked.resamples !== undefined && { resamples: asked.resamples }),
  };
}

const digits = (value: number): string => String(Number(value.toPrecision(5)));

function fitWords(fit: Fit): string[] {
  const { kind, law, parameters, intervals, objective, delta, r2, runs, sizes } = fit;
  // Too few points make no exponent.
  const shown = fit.enough ? Object.entries(parameters) : [];
  return [
    `${kind}: ${law}, ${runs} runs, ${sizes} sizes. Objective ${objective.toPrecision(6)} at δ = ${digits(delta)}, R² ${r2.toFixed(5)}.`,
    ...shown.map(([name, value]) => {
      const interval = intervals[name];
      return `  ${name} = ${digits(value)}${interval ? `, 90 % interval ${digits(interval[0])} to ${digits(interval[1])}` : ''}`;
    }),
    ...fit.notes.map((note) => `  ${fitNote(note)}`),
  ];
}

export interface FittedFile {
  json: string;
  words: string[];
  /** False where nothing could be fitted. */
  fitted: boolean;
}

export async function fitFile(file: string, asked: FileFit): Promise<FittedFile> {
  const outcome: FitOutcome = fitLaws(await readFit(file, asked));
  const problems = outcome.problems.map((problem) => ({ ...problem, sentence: fitProblem(problem) }));
  const fits = outcome.fits.map((fit) => ({ ...fit, sentences: fit.notes.map(fitNote) }));
  return {
    json: `${JSON.stringify({ schemaVersion: 1, fits, problems }, null, 2)}\n`,
    words: [...outcome.fits.flatMap(fitWords), ...problems.map(({ kind, sentence }) => `${kind}: ${sentence}`)],
    fitted: fits.length > 0,
  };
}
