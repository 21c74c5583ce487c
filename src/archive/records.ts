/** What is kept, and under which key. Everything is plain data that IndexedDB clones as it is, NaN included. */
import type { Checkpoint, Curve, DeviceInfo, LayerRouting, PointsEvent, RunRequest, RunResult } from '../protocol';

/** Version of the records below; a reader skips any other. */
export const RECORD_VERSION = 1;

/** Frozen before the run that it is about starts. */
export interface PredictionRecord {
  arm: string;
  /** ISO 8601. */
  frozenAt: string;
  interval: [number, number];
  predicted: number;
  /** Where: the value of the law's variable. */
  x: number;
  /** What the reader expected. */
  bet?: number;
  measured?: number;
  hit?: boolean;
}

/** A press of start: what was asked for, and how far it came. */
export interface SweepRecord {
  /** `crypto.randomUUID()` */
  id: string;
  schemaVersion: typeof RECORD_VERSION;
  experiment: string;
  case: string;
  budget: string;
  /** ISO 8601. */
  startedAt: string;
  /** All runs asked for. */
  requests: RunRequest[];
  /** Only a sweep that is under way keeps points and checkpoints, from which it can go on. */
  state: 'under-way' | 'done' | 'stopped';
  /** Readable name of the adapter. */
  device: string;
  /** The whole of what a result file says about it. */
  adapter: DeviceInfo;
  kernelProfile: string;
  version: string;
  /** Of training so far. */
  seconds: number;
  predictions: PredictionRecord[];
}

/**
 * One end of one run: sweep, arm, seed, training FLOPs of this end, identity. Writing an end twice replaces it. The
 * identity tells runs apart that differ in neither name nor seed, as those of a tuning do.
 */
export type RowKey = [sweep: string, arm: string, seed: number, budgetFlops: number, identity: string];

/** The key of an end, for a result that a sweep has just reported. */
export function rowKey(sweep: string, { arm, seed, branch, identity }: RunResult): RowKey {
  return [sweep, arm, seed, branch.budgetFlops, identity];
}

/** Equal for equal keys, and only for them. */
export function keyText(key: readonly (string | number)[]): string {
  return JSON.stringify(key);
}

/** A result without what only one run at a time is asked for. */
export type RunSummary = Omit<RunResult, 'curve' | 'routing'>;

/** What of a result is kept apart, so that a table of many runs opens quickly. */
export interface RunDetails {
  curve: Curve;
  routing?: LayerRouting[];
}

/** Record of the store `runs`. It names its sweep's circumstances itself: a row needs no other record. */
export interface RunRecord {
  schemaVersion: typeof RECORD_VERSION;
  sweep: string;
  experiment: string;
  case: string;
  budget: string;
  /** When it ended, ISO 8601. */
  at: string;
  startedAt: string;
  device: string;
  version: string;
  run: RunSummary;
}

/** One row of the table of runs. */
export interface RunRow extends Omit<RunRecord, 'schemaVersion'> {
  key: RowKey;
  /** The key as text. */
  id: string;
  /** Given by the reader; empty if none. */
  name: string;
  pinned: boolean;
  /** The weights at this end are kept. */
  weights: boolean;
}

/** Final weights of one run. */
export interface WeightsRecord {
  tensors: { name: string; shape: number[] }[];
  /** All tensors one behind the other, row-major, unpadded. */
  data: Float32Array<ArrayBuffer>;
}

/** Everything from which a sweep goes on. */
export interface Resumption {
  sweep: SweepRecord;
  finished: RunResult[];
  /** The latest of each cohort under way. */
  checkpoints: Checkpoint[];
  /** Points by cohort key, in the order in which they came; those behind a checkpoint will come again. */
  points: Partial<Record<string, PointsEvent[]>>;
}

export function splitResult({ curve, routing, ...run }: RunResult): { run: RunSummary; details: RunDetails } {
  return { run, details: { curve, ...(routing && { routing }) } };
}

export function joinResult(run: RunSummary, { curve, routing }: RunDetails): RunResult {
  return { ...run, ...(routing && { routing }), curve };
}
