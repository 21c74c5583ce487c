/**
 * Result files from elsewhere: checked before anything is shown of them. What belongs to no experiment, or to none that
 * this version has, is refused with a sentence; runs of arms that it does not have are left out, and counted.
 */
import * as v from 'valibot';
import { BUDGETS, RunSpecSchema, type BudgetName } from '../config/run-spec';
import { parseRunSpec } from '../config/validate';
import { caseOf, experimentOf } from '../experiments/experiments';
import { kindOf } from '../experiments/observations';
import type { Experiment } from '../experiments/experiment';
import type { FitNote } from '../fit-protocol';
import type { FrozenPrediction, ResultFile, RunResult } from '../protocol';
import { shareText } from '../text/share';
import { settingOf, stateOf, type LinkState } from './link-state';

/** Bytes of all files that are taken at once. */
export const LARGEST_FILES = 50e6;
/** Ends of one file. */
const MOST_RUNS = 5000;

const T = shareText.files;

const text = v.pipe(v.string(), v.maxLength(200));
/** JSON has no NaN: a result file writes null. */
const measured = v.pipe(
  v.nullable(v.number()),
  v.transform((value) => value ?? NaN),
);
const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));
const series = v.pipe(v.array(measured), v.maxLength(1000));
const ascending = v.pipe(
  v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1e9))),
  v.maxLength(1000),
  v.check((steps) => steps.every((step, i) => i === 0 || step > steps[i - 1]!)),
);

const RunSchema = v.object({
  arm: text,
  seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff)),
  spec: RunSpecSchema,
  identity: text,
  lr: measured,
  kernelProfile: text,
  trainFlops: positive,
  executedFlops: measured,
  tokens: positive,
  paramsTotal: positive,
  paramsNonEmbedding: positive,
  paramsActive: positive,
  loss: measured,
  floor: measured,
  excess: measured,
  evalTokens: measured,
  diverged: v.boolean(),
  seconds: measured,
  branch: v.object({ budgetFlops: positive }),
  changes: v.optional(v.array(v.unknown()), []),
  curve: v.pipe(
    v.object({ step: ascending, flops: series, loss: series, excess: series }),
    v.check(({ step, flops, loss, excess }) => [flops, loss, excess].every(({ length }) => length === step.length)),
  ),
});

const pair = v.tuple([measured, measured]);
const FitSchema = v.object({
  law: v.picklist(['power', 'chinchilla', 'frontier', 'isoflop']),
  kind: text,
  x: v.picklist(['n', 'd', 'c', 'x', 'n,d']),
  parameters: v.record(text, measured),
  intervals: v.record(text, pair),
  objective: measured,
  delta: measured,
  r2: measured,
  runs: measured,
  sizes: measured,
  enough: v.boolean(),
  curve: v.pipe(
    v.object({ x: v.pipe(v.array(positive), v.maxLength(1000)), y: series, low: series, high: series }),
    v.check(({ x, y, low, high }) => [y, low, high].every(({ length }) => length === x.length)),
  ),
  valleys: v.optional(
    v.array(
      v.object({ c: positive, n: positive, interval: v.tuple([positive, positive]), loss: measured, sizes: measured }),
    ),
  ),
});

const PredictionSchema = v.object({
  arm: text,
  x: positive,
  predicted: v.number(),
  interval: v.tuple([v.number(), v.number()]),
  frozenAt: v.pipe(v.string(), v.isoTimestamp()),
  bet: v.optional(v.number()),
  measured: v.optional(v.nullable(v.number())),
  hit: v.optional(v.boolean()),
});

const FileSchema = v.object({
  schemaVersion: v.literal(1),
  experiment: text,
  budget: text,
  case: v.optional(text),
  setting: v.optional(v.record(text, v.number())),
  date: v.optional(v.pipe(v.string(), v.isoTimestamp())),
  device: v.object({ name: text, software: v.optional(v.boolean(), false), kernelProfile: v.optional(text, '') }),
  version: text,
  seconds: measured,
  runs: v.pipe(v.array(RunSchema), v.minLength(1), v.maxLength(MOST_RUNS)),
  fits: v.optional(v.array(FitSchema), []),
  predictions: v.optional(v.array(PredictionSchema), []),
});

/** A result and what it is of; or why it cannot be used, in a sentence. */
export type ReadResult = { state: LinkState; result: ResultFile; notes: string[] } | { problem: string };

function isTrainable(value: unknown): boolean {
  try {
    parseRunSpec(value);
    return true;
  } catch {
    return false;
  }
}

/** The case that a file names, or the first that has all its arms. */
function caseFor(experiment: Experiment, named: string | undefined, arms: ReadonlySet<string>) {
  const found = named === undefined ? undefined : caseOf(experiment, named);
  const covers = experiment.cases.find((each) => [...arms].every((arm) => each.arms.includes(arm)));
  return found ?? covers ?? experiment.cases[0];
}

function readValue(value: unknown): ReadResult {
  const version =
    typeof value === 'object' && value !== null && 'schemaVersion' in value ? value.schemaVersion : undefined;
  if (version === undefined) return { problem: T.noResult };
  if (version !== 1) return { problem: T.version };
  const parsed = v.safeParse(FileSchema, value);
  if (!parsed.success) return { problem: T.damaged };
  const { fits, predictions, device, runs: all, setting: found, case: named, date, ...rest } = parsed.output;
  const experiment = experimentOf(rest.experiment);
  if (!experiment || !Object.hasOwn(BUDGETS, rest.budget)) return { problem: T.custom };
  const budget = rest.budget as BudgetName;
  const known = new Set(experiment.varies.arms.map(({ name }) => name));
  const runs = all.filter(({ arm, spec }) => known.has(arm) && isTrainable(spec)) as unknown as RunResult[];
  if (runs.length === 0) return { problem: T.custom };
  const notes = runs.length < all.length ? [T.leftOut(all.length - runs.length)] : [];
  const chosen = caseFor(experiment, named, new Set(runs.map(({ arm }) => arm)));
  const setting = settingOf(found, experiment, chosen, budget, notes);
  const seeds = [...new Set(runs.map(({ seed }) => seed))];
  const own = experiment.seeds;
  const { state } = stateOf({
    ...{ experiment: experiment.id, case: chosen.id, budget, setting },
    // A run that was stopped, or left some out, is no other choice of seeds.
    ...(seeds.some((seed) => !own.includes(seed)) && { seeds }),
  });
  if (!state) return { problem: T.custom };
  const kinds = new Set(experiment.varies.arms.map(({ name }) => kindOf(experiment, name)));
  const result: ResultFile = {
    ...rest,
    ...{ case: chosen.id, setting: { ...setting }, ...(date !== undefined && { date }) },
    device: { vendor: '', architecture: '', kernelsBy: 'adapter', probe: [], features: [], ...device },
    runs: runs.map((run) => ({ ...run, diverged: run.diverged || !Number.isFinite(run.excess) })),
    verdict: null,
    fits: fits
      .filter(({ kind }) => kinds.has(kind))
      .map(({ valleys, ...fit }) => ({ ...fit, notes: [] as FitNote[], ...(valleys && { valleys }) })),
    predictions: predictions.filter(({ arm }) => arm === experiment.law?.predicted) as FrozenPrediction[],
  };
  return { state, result, notes };
}

/** Reads the text of a file: a result file, or a list of them. Never throws. */
export function readResults(content: string): ReadResult[] {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return [{ problem: content.trim() === '' ? T.empty : T.noJson }];
  }
  if (Array.isArray(value)) return value.length === 0 ? [{ problem: T.empty }] : value.slice(0, 100).map(readValue);
  return [readValue(value)];
}
