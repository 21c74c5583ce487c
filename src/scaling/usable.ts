/** Which observations a law can be fitted to, and what is wrong with those that no law can be fitted to. */
import type { Axis, FitProblem, FitRequest, LawName, Observation } from '../fit-protocol';
import { distinct, ones } from './law';
import { NEEDED_FOR_CHINCHILLA } from './chinchilla';
import { neededForPower } from './power-law';

/** A problem of one kind of runs. */
export type Problem = FitProblem extends infer P ? (P extends FitProblem ? Omit<P, 'kind'> : never) : never;

/** More than this alike, and one of the two axes says nothing that the other does not. */
const SAME_AXIS = 0.999;

export function axesOf({ law, axis = 'n' }: Pick<FitRequest, 'law' | 'axis'>): Axis[] {
  return law === 'power' ? [axis] : law === 'chinchilla' ? ['n', 'd'] : ['c', 'n'];
}

function optionProblem({ floor, delta, resamples }: FitRequest): Problem | undefined {
  if (floor !== undefined && !(floor >= 0 && floor < Infinity)) {
    return { code: 'bad-option', option: 'floor', value: floor };
  }
  if (delta !== undefined && !(delta > 0 && delta < Infinity)) {
    return { code: 'bad-option', option: 'delta', value: delta };
  }
  if (resamples !== undefined && !(Number.isInteger(resamples) && resamples >= 0)) {
    return { code: 'bad-option', option: 'resamples', value: resamples };
  }
  return undefined;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const centred = (values: readonly number[]): number[] => {
    const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
    return values.map((each) => each - mean);
  };
  const [u, v] = [centred(a), centred(b)];
  const dot = (x: number[], y: number[]): number => x.reduce((sum, each, i) => sum + each * y[i]!, 0);
  return dot(u, v) / Math.sqrt(dot(u, u) * dot(v, v));
}

/** Distinct values that are missing for the law to be determined, of those that can be counted beforehand. */
function neededOn(law: LawName, axis: Axis, floor: number | undefined): number {
  if (law === 'chinchilla') return floor === undefined ? NEEDED_FOR_CHINCHILLA : 2;
  if (law === 'power') return neededForPower(floor);
  return axis === 'n' ? 2 : 1;
}

/** The observations without those of diverged runs, or what is wrong. */
export function usable(request: FitRequest, all: readonly Observation[]): Observation[] | Problem {
  const { law, floor } = request;
  const option = optionProblem(request);
  if (option) return option;
  const observations = all.filter(({ loss }) => Number.isFinite(loss));
  if (observations.length === 0) return { code: 'nothing-usable', ends: all.length };
  const axes = axesOf(request);
  for (const axis of axes) {
    const bad = observations.find((each) => !((each[axis] ?? NaN) > 0 && each[axis]! < Infinity));
    if (bad) return { code: 'bad-place', axis, run: bad.run };
  }
  const lowest = observations.reduce((a, b) => (b.loss < a.loss ? b : a));
  if (lowest.loss <= (floor ?? 0)) {
    return { code: 'floor-above-data', floor: floor ?? 0, lowest: lowest.loss, run: lowest.run };
  }
  if (observations.length === 1) return { code: 'one-run' };
  for (const axis of axes) {
    const values = observations.map((each) => each[axis]!);
    const [found, needed] = [distinct(values, ones(values.length)), neededOn(law, axis, floor)];
    if (found < needed) {
      return found === 1
        ? { code: 'one-value', axis, value: values[0]! }
        : { code: 'too-few-values', axis, found, needed };
    }
  }
  const logs = (of: (each: Observation) => number): number[] => observations.map((each) => Math.log(of(each)));
  if (
    law === 'chinchilla' &&
    correlation(
      logs(({ n }) => n),
      logs(({ d }) => d),
    ) > SAME_AXIS
  ) {
    return { code: 'moves-together' };
  }
  return observations;
}
