/** Kept runs as files: CSV, result files, weights. */
import type { Archive } from '../archive/archive';
import type { RunRow } from '../archive/records';
import type { ResultFile, RunResult } from '../protocol';
import { csvText } from '../share/csv';
import { flatten } from '../share/flatten';
import { assembleResult, resultText } from '../share/result-file';
import { safetensorsFile } from '../share/safetensors';
import { archiveText } from '../text/archive';

export interface ExportedFile {
  name: string;
  content: string | Uint8Array<ArrayBuffer>;
  type: string;
}

/** Nothing that a file system objects to. */
function fileName(parts: readonly (string | number)[], extension: string): string {
  return `${['scaling-lab', ...parts].join('-').replace(/[^a-z0-9.-]+/gi, '-')}.${extension}`;
}

/** Day of the sweep that began last. */
function dayOf(rows: readonly RunRow[]): string {
  return rows.reduce((latest, { startedAt }) => (startedAt > latest ? startedAt : latest), '').slice(0, 10);
}

/** One row an end, with its whole spec. */
export function csvFile(rows: readonly RunRow[]): ExportedFile {
  const records = rows.map(({ key: _key, id: _id, weights: _weights, run, ...about }) => {
    const { changes, spec, ...result } = run;
    return { ...about, ...flatten(result), changes: changes.length, ...flatten({ spec }) };
  });
  return { name: fileName(['runs', dayOf(rows)], 'csv'), content: csvText(records), type: 'text/csv' };
}

/**
 * A result file of these ends, and if they come from several sweeps a list of result files. Ends whose curve cannot be
 * read are left out.
 */
export async function resultFiles(archive: Archive, rows: readonly RunRow[]): Promise<ExportedFile> {
  const files: ResultFile[] = [];
  for (const id of new Set(rows.map(({ sweep }) => sweep))) {
    const sweep = await archive.sweep(id);
    if (!sweep) continue;
    const { experiment, budget, adapter: device, version, seconds } = sweep;
    const results = await Promise.all(rows.filter((row) => row.sweep === id).map(({ key }) => archive.result(key)));
    const runs = results.filter((result) => result !== undefined);
    // A verdict is on all runs of a case; whoever reads these can work it out anew.
    files.push(
      assembleResult({ experiment, budget, device, version }, { complete: true, seconds, runs }, { verdict: null }),
    );
  }
  const [only] = files;
  return {
    name: fileName(['runs', dayOf(rows)], 'json'),
    content: files.length === 1 && only ? resultText(only) : `${JSON.stringify(files, null, 2)}\n`,
    type: 'application/json',
  };
}

/** Weights of one end and, in JSON, all that is needed to use them; nothing where they cannot be read. */
export async function weightsFiles(archive: Archive, row: RunRow): Promise<ExportedFile[]> {
  const [weights, run] = await Promise.all([archive.weightsOf(row.key), archive.result(row.key)]);
  if (!weights || !run) return [];
  const { tensors, data } = weights;
  const stem = [row.experiment, run.arm, 'seed', run.seed, run.identity];
  const name = fileName(stem, 'safetensors');
  const described = { schemaVersion: 1, weights: name, naming: archiveText.naming, tensors, run };
  return [
    {
      name,
      content: safetensorsFile(tensors, data, { format: 'pt', ...aboutRun(run) }),
      type: 'application/octet-stream',
    },
    { name: fileName(stem, 'json'), content: `${JSON.stringify(described, null, 2)}\n`, type: 'application/json' },
  ];
}

/** What the weights' file says of itself. */
function aboutRun({ arm, seed, identity, spec }: RunResult): Record<string, string> {
  return { arm, seed: String(seed), identity, spec: JSON.stringify(spec) };
}
