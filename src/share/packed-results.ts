/**
 * Results as they lie in a link: what follows from the experiment is left out (specs, counts of parameters and FLOPs),
 * losses keep five digits, curves fifty points (packed-curve.ts). What comes back is a result file in which the fields
 * that a link does not carry are NaN or empty.
 */
import * as v from 'valibot';
import { branchesOf, countParameters, tokensPerStep, trainFlopsPerStep, totalSteps } from '../config/flops';
import type { RunSpec } from '../config/run-spec';
import { expand } from '../experiments/experiment';
import { caseOf, experimentOf } from '../experiments/experiments';
import { kindOf } from '../experiments/observations';
import type { Fit } from '../fit-protocol';
import type { ResultFile, RunResult } from '../protocol';
import { shareText } from '../text/share';
import type { LinkState } from './link-state';
import { packCurve, unpackCurve } from './packed-curve';

const DIGITS = 5;
/** Points of a fitted law. */
const LAW_POINTS = 16;
/** Losses are below this; far above it a loss is no measurement. */
const LARGEST_LOSS = 100;

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
const finite = v.pipe(v.number(), v.finite());
const positive = v.pipe(finite, v.gtValue(0));
const nonNegative = v.pipe(finite, v.minValue(0));
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e9));
const loss = v.pipe(finite, v.minValue(-LARGEST_LOSS), v.maxValue(LARGEST_LOSS));
const list = <T extends v.GenericSchema>(schema: T, most: number) => v.pipe(v.array(schema), v.maxLength(most));
const date = v.pipe(text(30), v.isoTimestamp());

/** Index of the branch; floor and excess, null where it diverged to no number; seconds; whether it diverged. */
const EndSchema = v.strictTuple([
  v.pipe(count, v.maxValue(15)),
  v.nullable(loss),
  v.nullable(loss),
  nonNegative,
  v.boolean(),
]);

const RunSchema = v.strictObject({
  arm: text(60),
  seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff)),
  ends: v.pipe(list(EndSchema, 16), v.minLength(1)),
  steps: list(v.pipe(count, v.minValue(1)), 256),
  values: list(v.pipe(v.number(), v.integer(), v.minValue(-65_534), v.maxValue(65_534)), 256),
});

/** Names of fitted parameters. */
const PARAMETERS = ['A', 'alpha', 'E', 'B', 'beta', 'K', 'a'] as const;
const numbers = list(finite, LAW_POINTS);
const interval = v.strictTuple([finite, finite]);

const FitSchema = v.strictObject({
  law: v.picklist(['power', 'chinchilla', 'frontier', 'isoflop']),
  kind: text(60),
  x: v.picklist(['n', 'd', 'c', 'x', 'n,d']),
  parameters: v.strictObject(v.entriesFromList(PARAMETERS, v.optional(finite))),
  intervals: v.strictObject(v.entriesFromList(PARAMETERS, v.optional(interval))),
  objective: nonNegative,
  delta: nonNegative,
  r2: finite,
  runs: count,
  sizes: count,
  enough: v.boolean(),
  curve: v.pipe(
    v.strictObject({ x: list(positive, LAW_POINTS), y: numbers, low: numbers, high: numbers }),
    v.check(({ x, y, low, high }) => [y, low, high].every(({ length }) => length === x.length)),
  ),
  valleys: v.optional(
    list(
      v.strictObject({ c: positive, n: positive, interval: v.strictTuple([positive, positive]), loss, sizes: count }),
      16,
    ),
  ),
});

type PackedFit = v.InferOutput<typeof FitSchema>;

const PredictionSchema = v.strictObject({
  arm: text(60),
  x: positive,
  predicted: loss,
  interval,
  frozenAt: date,
  bet: v.optional(loss),
  measured: v.optional(loss),
  hit: v.optional(v.boolean()),
});

const ResultsSchema = v.strictObject({
  device: text(120),
  software: v.boolean(),
  kernels: text(40),
  date,
  version: text(40),
  seconds: nonNegative,
  evalTokens: count,
  /** Hyper-parameters were changed while it ran. */
  changed: v.optional(v.boolean()),
  runs: v.pipe(list(RunSchema, 256), v.minLength(1)),
  fits: v.optional(list(FitSchema, 16), []),
  predictions: v.optional(list(PredictionSchema, 4), []),
});

export type PackedResults = v.InferInput<typeof ResultsSchema>;

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

/** Seconds, or a count; 0 where it is not known. */
function time(value: number): number {
  return Number.isFinite(value) ? rounded(Math.max(0, value)) : 0;
}

function roundedOrNull(value: number): number | null {
  return Number.isFinite(value) ? rounded(Math.min(LARGEST_LOSS, value)) : null;
}

/** The same with every number inside it rounded, and without what JSON cannot write. */
function roundedAll<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'number' ? rounded(inner) : inner)),
  ) as T;
}

/** A fit as it is written, if it can be read again. */
function packFit({ notes: _notes, curve, ...fit }: Fit): PackedFit[] {
  const every = Math.max(1, Math.ceil((curve.x.length - 1) / (LAW_POINTS - 1)));
  const thin = (values: readonly number[]): number[] =>
    values.filter((_, i) => i % every === 0 || i === values.length - 1).slice(0, LAW_POINTS);
  const packed: unknown = roundedAll({
    ...fit,
    curve: { x: thin(curve.x), y: thin(curve.y), low: thin(curve.low), high: thin(curve.high) },
  });
  return v.is(FitSchema, packed) ? [packed] : [];
}

/** Ends of one run, from little compute to much. */
function byRun(runs: readonly RunResult[]): RunResult[][] {
  const found = new Map<string, RunResult[]>();
  for (const run of runs) {
    const key = JSON.stringify([run.arm, run.seed]);
    found.set(key, [...(found.get(key) ?? []), run]);
  }
  return [...found.values()].map((ends) => ends.toSorted((a, b) => a.trainFlops - b.trainFlops));
}

/** Index of the branch that an end is the end of. */
function branchOf({ spec, tokens }: RunResult): number {
  const step = Math.round(tokens / tokensPerStep(spec));
  return branchesOf(spec).findIndex(({ steps }) => steps === step);
}

/** @param points of each curve; fewer make a shorter link */
export function packResults(result: ResultFile, points?: number): PackedResults {
  const { device, version, seconds, runs, fits = [], predictions = [] } = result;
  const changed = runs.some(({ changes }) => changes.length > 0);
  return {
    device: device.name.slice(0, 120),
    software: device.software,
    kernels: device.kernelProfile,
    date: result.date ?? new Date().toISOString(),
    version,
    seconds: time(seconds),
    evalTokens: time(runs[0]?.evalTokens ?? 0),
    ...(changed && { changed }),
    runs: byRun(runs).map((ends) => ({
      arm: ends[0]!.arm,
      seed: ends[0]!.seed,
      ends: ends
        .filter((end) => branchOf(end) >= 0)
        .map((end) => [
          branchOf(end),
          roundedOrNull(end.floor),
          roundedOrNull(end.excess),
          time(end.seconds),
          end.diverged,
        ]),
      ...packCurve(ends.at(-1)!.curve, points),
    })),
    // What would not be read is not written: one number that is none must not spoil the rest.
    fits: fits.flatMap(packFit),
    predictions: predictions.map(roundedAll).filter((each) => v.is(PredictionSchema, each)),
  };
}

function endsOf(
  spec: RunSpec,
  arm: string,
  from: v.InferOutput<typeof ResultsSchema>,
  packed: v.InferOutput<typeof RunSchema>,
): RunResult[] {
  const branches = branchesOf(spec);
  const counts = countParameters(spec);
  const flopsPerStep = trainFlopsPerStep(spec);
  const total = totalSteps(spec);
  const ends = packed.ends.filter(([branch]) => branches[branch]).toSorted(([a], [b]) => a - b);
  const last = ends.at(-1);
  return ends.map((end): RunResult => {
    const [index, packedFloor, packedExcess, seconds, diverged] = end;
    const branch = branches[index]!;
    const floor = packedFloor ?? NaN;
    const excess = packedExcess ?? NaN;
    const within = packed.steps.length > 0 && end === last;
    const whole = within ? unpackCurve(packed, flopsPerStep, floor) : { step: [], flops: [], loss: [], excess: [] };
    const kept = whole.step.findIndex((step) => step > total);
    const cut = <T>(values: T[]): T[] => (kept < 0 ? values : values.slice(0, kept));
    return {
      ...{ arm, seed: packed.seed, spec, identity: '', lr: spec.hyper.lr, kernelProfile: from.kernels },
      ...{ trainFlops: branch.steps * flopsPerStep, executedFlops: NaN, tokens: branch.steps * tokensPerStep(spec) },
      ...{ paramsTotal: counts.total, paramsNonEmbedding: counts.nonEmbedding, paramsActive: counts.active },
      ...{ loss: floor + excess, floor, excess, evalTokens: from.evalTokens, seconds },
      diverged: diverged || !Number.isFinite(excess),
      branch: { budgetFlops: branch.fraction * total * flopsPerStep },
      changes: [],
      curve: { step: cut(whole.step), flops: cut(whole.flops), loss: cut(whole.loss), excess: cut(whole.excess) },
    };
  });
}

/** Undefined where they cannot be read at all; `notes` says what was left out. */
export function unpackResults(value: unknown, state: LinkState): { result: ResultFile | undefined; notes: string[] } {
  const parsed = v.safeParse(ResultsSchema, value);
  const experiment = experimentOf(state.experiment);
  const chosen = experiment && caseOf(experiment, state.case);
  if (!parsed.success || !experiment || !chosen || !state.budget) {
    return { result: undefined, notes: [shareText.notes.results] };
  }
  const { output } = parsed;
  const { seeds, setting } = state;
  const requests = expand(experiment, state.budget, { case: chosen, setting, ...(seeds && { seeds }) });
  const told = new Set<string>();
  const runs = output.runs.flatMap((packed) => {
    const request = requests.find(({ arm, spec }) => arm === packed.arm && spec.hyper.seed === packed.seed);
    const key = JSON.stringify([packed.arm, packed.seed]);
    if (!request || told.has(key)) return [];
    told.add(key);
    return endsOf(request.spec, request.arm, output, packed);
  });
  const notes = told.size < output.runs.length ? [shareText.notes.runsLeftOut(output.runs.length - told.size)] : [];
  if (runs.length === 0) return { result: undefined, notes: [shareText.notes.results] };
  if (output.changed) notes.push(shareText.notes.changed);
  const kinds = new Set(experiment.varies.arms.map(({ name }) => kindOf(experiment, name)));
  const arm = experiment.law?.predicted;
  return {
    result: {
      schemaVersion: 1,
      ...{ experiment: experiment.id, budget: state.budget, case: chosen.id, setting: { ...setting } },
      date: output.date,
      device: {
        ...{ name: output.device, vendor: '', architecture: '', software: output.software },
        ...{ kernelProfile: output.kernels, kernelsBy: 'adapter', probe: [], features: [] },
      },
      version: output.version,
      seconds: output.seconds,
      runs,
      verdict: null,
      fits: output.fits.filter(({ kind }) => kinds.has(kind)).map((fit) => ({ ...fit, notes: [] })),
      predictions: output.predictions.filter((each) => each.arm === arm),
    },
    notes,
  };
}
