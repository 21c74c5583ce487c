/** The result file: what was run, on what, and what came out, in one versioned JSON document. */
import type { DeviceInfo, ResultFile, TrainOutcome } from '../protocol';
import { csvText } from './csv';
import { flatten } from './flatten';

export interface ResultHeader {
  /** Id of the experiment, or `custom` for runs that belong to none. */
  experiment: string;
  /** Name of the budget, or `custom`. */
  budget: string;
  /** Id of the experiment's case, what was changed of its setting, and when it ended (ISO 8601). */
  case?: string;
  setting?: Partial<Record<string, number>>;
  date?: string;
  device: DeviceInfo;
  /** Version of the lab. */
  version: string;
}

/** A run whose numbers are not finite keeps its row: JSON has no NaN, so they are written as null. */
export function assembleResult(
  header: ResultHeader,
  { seconds, runs }: TrainOutcome,
  conclusion: Pick<ResultFile, 'verdict' | 'fits' | 'predictions'>,
): ResultFile {
  return { schemaVersion: 1, ...header, seconds, runs, ...conclusion };
}

export function resultText(result: ResultFile): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}

/** Its runs as tidy CSV, a row for each end, without curves and routing. */
export function resultCsv({ experiment, budget, device, version, runs }: ResultFile): string {
  return csvText(
    runs.map(({ curve: _curve, routing: _routing, changes: _changes, ...run }) => ({
      experiment,
      budget,
      ...flatten(run),
      device: device.name,
      version,
    })),
  );
}

/** `scaling-lab-size-quick-2026-01-31.json`; nothing that a file system objects to. */
export function resultFileName(result: ResultFile, date: Date): string {
  const parts = ['scaling-lab', result.experiment, result.budget, date.toISOString().slice(0, 10)];
  return `${parts.join('-').replace(/[^a-z0-9.-]+/gi, '-')}.json`;
}
