/** Puts result files into the JSON that comes with the lab: recorded results, or the race's tuning. */
import { stat } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { experimentOf } from '../src/experiments/experiments';
import { recordResults } from '../src/experiments/record';
import type { ResultFile } from '../src/protocol';
import { recordLaw } from '../src/share/record-law';
import { BadInput, readJson } from './bad-input';

/** The field by which each kind of file is known. */
const KINDS = { runs: 'results', cells: 'tunings' } as const;
type Kind = (typeof KINDS)[keyof typeof KINDS];

function kindOf(file: string, value: unknown): Kind {
  for (const [field, kind] of Object.entries(KINDS)) {
    if (typeof value === 'object' && value !== null && Array.isArray(Reflect.get(value, field))) return kind;
  }
  throw new BadInput(`${file} is neither a result nor a tuning of the lab.`);
}

/** Throws a sentence where the results do not go together. */
function recordedOf(results: readonly ResultFile[], date: string): unknown {
  const [first, ...more] = results;
  if (!first || !experimentOf(first.experiment)?.law) return recordResults(results, date);
  if (more.length > 0) throw new Error('Each experiment on a law has a file of its own: record them one by one.');
  return recordLaw({ ...first, date: first.date ?? new Date(date).toISOString() });
}

/** Day on which the latest of the files was written. */
async function latestDay(files: readonly string[]): Promise<string> {
  const times = await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs));
  return new Date(Math.max(...times)).toISOString().slice(0, 10);
}

/**
 * Results of the race become `src/experiments/race-recorded.json`, tunings `src/experiments/race-tuning.json`, and a
 * result of an experiment on a law `src/experiments/recorded/ID.json`.
 */
export async function recordFiles(files: readonly string[]): Promise<string> {
  const values = await Promise.all(files.map(readJson));
  const kinds = new Set(values.map((value, i) => kindOf(files[i] ?? '', value)));
  if (kinds.size > 1) throw new BadInput('These are results and tunings: record them one kind at a time.');
  let recorded: unknown = values;
  if (kinds.has('results')) {
    const date = await latestDay(files);
    try {
      recorded = recordedOf(values as ResultFile[], date);
    } catch (error) {
      throw new BadInput((error as Error).message);
    }
  }
  const style = await resolveConfig(import.meta.filename);
  return format(JSON.stringify(recorded), { ...style, parser: 'json' });
}
