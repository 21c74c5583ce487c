/** What finished runs of an experiment show: the one way from results to a verdict, for the page and the terminal. */
import { hasFloor } from '../config/flops';
import type { Fit } from '../fit-protocol';
import type { FrozenPrediction, RunResult } from '../protocol';
import type { Experiment } from './experiment';
import { lawVerdict, type LawVerdict } from './law-verdict';
import { raceVerdict, type RaceEnd, type RaceVerdict } from './race-verdict';

export type Verdict = LawVerdict | RaceVerdict;

/** What a verdict on a law rests on besides the runs. */
export interface Fitted {
  fits: readonly Fit[];
  prediction?: FrozenPrediction | undefined;
}

function raceEnd({ arm, seed, branch, excess, seconds, diverged }: RunResult): RaceEnd {
  return { arm, seed, trainFlops: branch.budgetFlops, excess, seconds, diverged };
}

/** Null when there is nothing to compare. A race compares the two arms of the first case that both belong to. */
export function verdictOf(
  experiment: Experiment,
  runs: readonly RunResult[],
  { fits, prediction }: Fitted = { fits: [] },
): Verdict | null {
  if (experiment.law) return lawVerdict(experiment, runs, fits, prediction) ?? null;
  const arms = new Set(runs.map(({ arm }) => arm));
  const pair = experiment.cases
    .map(({ compared }) => compared)
    .find((two) => two && arms.has(two.dense) && arms.has(two.sparse));
  const measure = hasFloor(experiment.base) ? 'excess' : 'loss';
  return (pair && raceVerdict(runs.map(raceEnd), pair, measure)) ?? null;
}
