/** The fit of one kind of runs, with what drawing, describing and predicting need: the law, its δ, its resamples. */
import type { Axis, FitNote, FitProblem, FitRequest, Observation } from '../fit-protocol';
import { median } from '../math/statistics';
import { bootstrap } from './bootstrap';
import { chinchilla, NEEDED_FOR_CHINCHILLA } from './chinchilla';
import { envelope, frontier } from './frontier';
import { budgets, isoflop } from './isoflop';
import { ones, type Law } from './law';
import { deltaFor, seedNoise, SMALLEST_DELTA } from './noise';
import { neededForPower, powerLaw } from './power-law';
import { fitSum, valueOf, type Sample, type SumOfPowers } from './sum-of-powers';
import { axesOf, usable, type Problem } from './usable';

export const RESAMPLES = 400;

export interface KindFit {
  kind: string;
  observations: Observation[];
  law: Law;
  /** E, where the law has one that is known. */
  floor: number | undefined;
  sample: Sample;
  sum: SumOfPowers;
  delta: number;
  /** The same fit of resampled runs. */
  draws: SumOfPowers[];
  notes: FitNote[];
}

/** Least fall of a term over the data, as a share of the law: with less, there is nothing that falls. */
const LEAST_FALL = 1e-6;

/** Normal standard deviations in a median absolute deviation. */
const PER_MAD = 1.4826;

function lawOf({ law, axis = 'n', floor }: FitRequest, observations: readonly Observation[]): Law {
  switch (law) {
    case 'power':
      return powerLaw(observations, axis, floor);
    case 'chinchilla':
      return chinchilla(observations, floor);
    case 'frontier':
      return frontier(observations, floor);
    case 'isoflop':
      return isoflop(observations);
  }
}

/** Fitted parameters: two for each term, and the floor where it is not known. */
export function parameterCount({ sum, floor }: Pick<KindFit, 'sum' | 'floor'>): number {
  return 2 * sum.terms.length + (floor === undefined ? 1 : 0);
}

/** log y − log ŷ of each row of the sample. */
export function residualsOf({ sum, sample }: Pick<KindFit, 'sum' | 'sample'>): number[] {
  return Array.from(sample.logY, (logY, i) => {
    const at = sample.logX.map((column) => column[i]!);
    return logY - Math.log(valueOf(sum, at));
  });
}

/** δ where none was given: from repeated seeds; else from the residuals of a first fit, which misfit makes larger. */
function chooseDelta(
  law: Law,
  observations: readonly Observation[],
  sample: Sample,
  floor: number | undefined,
): { delta: number; note: FitNote } {
  const noise = law.derived ? undefined : seedNoise(observations);
  if (noise) return { delta: deltaFor(noise.sigma), note: { code: 'delta-from-seeds', sigma: noise.sigma } };
  const sum = fitSum(sample, { floor, delta: SMALLEST_DELTA });
  const residuals = residualsOf({ sum, sample });
  const free = Math.max(1, residuals.length - parameterCount({ sum, floor }));
  const sigma = PER_MAD * median(residuals.map(Math.abs)) * Math.sqrt(residuals.length / free);
  return { delta: deltaFor(sigma), note: { code: 'delta-from-residuals', sigma } };
}

/** The first axis along which the law does not fall. */
function flatAxis(sum: SumOfPowers, sample: Sample, axes: readonly Axis[]): Axis | undefined {
  return axes.find((_, j) => {
    const { logA, alpha } = sum.terms[j]!;
    const column = sample.logX[j]!;
    const term = (logX: number): number => Math.exp(logA - alpha * logX);
    const fall = term(column.reduce((a, b) => Math.min(a, b))) - term(column.reduce((a, b) => Math.max(a, b)));
    return !(fall > LEAST_FALL * Math.exp(sample.logY[0]!));
  });
}

/** The fit of the request's law to one kind of runs, or why there is none. */
export function fitKind(request: FitRequest, kind: string, all: readonly Observation[]): KindFit | FitProblem {
  const observations = usable(request, all);
  if (!Array.isArray(observations)) return { kind, ...observations };
  const { law: name, resamples = RESAMPLES, seed = 1 } = request;
  const law = lawOf(request, observations);
  // A best size has no floor.
  const floor = name === 'isoflop' ? 0 : request.floor;
  const sample = law.sample(ones(observations.length));
  if (!sample) return { kind, ...undetermined(request, observations) };

  const notes: FitNote[] = [];
  const chosen = request.delta === undefined ? chooseDelta(law, observations, sample, floor) : undefined;
  const delta = request.delta ?? chosen?.delta ?? SMALLEST_DELTA;
  const sum = fitSum(sample, { floor, delta });
  const axes: readonly Axis[] = name === 'frontier' ? ['c'] : axesOf(request);
  const flat = name === 'isoflop' ? undefined : flatAxis(sum, sample, axes);
  if (flat) return { kind, code: 'does-not-fall', axis: flat };

  if (chosen) notes.push(chosen.note);
  if (all.length > observations.length) notes.push({ code: 'left-out', ends: all.length - observations.length });
  const draws = bootstrap(
    observations.map(({ run }) => run),
    resamples,
    seed,
    (weights) => {
      const drawn = law.sample(weights);
      return drawn && fitSum(drawn, { floor, delta }, sum);
    },
  );
  return { kind, observations, law, floor, sample, sum, delta, draws, notes };
}

/** Why the observations as a whole do not determine a law that each axis has values enough for. */
function undetermined({ law, floor }: FitRequest, observations: readonly Observation[]): Problem {
  if (law === 'isoflop') return { code: 'no-valleys', budgets: budgets(observations).length };
  if (law === 'frontier') {
    const found = envelope(observations, ones(observations.length)).length;
    return { code: 'too-few-values', axis: 'c', found, needed: neededForPower(floor) };
  }
  return { code: 'too-few-values', axis: 'n', found: 2, needed: NEEDED_FOR_CHINCHILLA };
}
