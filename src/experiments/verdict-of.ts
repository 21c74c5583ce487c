/** What finished runs of an experiment show: the one way from results to a verdict, for the page and the terminal. */
import type { RunResult } from '../protocol';
import { ladderSentence } from '../text/ladder';
import type { Experiment } from './experiment';
import { raceVerdict, type RaceEnd, type RaceVerdict } from './race-verdict';
import { ladderVerdict, type LadderEnd, type LadderVerdict } from './verdict';

export type Verdict = LadderVerdict | RaceVerdict;

/** A run's ends share arm, seed and spec; only the last of them counts for a ladder. */
function lastEnds(runs: readonly RunResult[]): RunResult[] {
  return runs.filter((run) =>
    runs.every(
      (other) => other.arm !== run.arm || other.seed !== run.seed || other.branch.budgetFlops <= run.branch.budgetFlops,
    ),
  );
}

function raceEnd({ arm, seed, branch, excess, seconds, diverged }: RunResult): RaceEnd {
  return { arm, seed, trainFlops: branch.budgetFlops, excess, seconds, diverged };
}

/** Null when there is nothing to compare. A race compares the two arms of the first case that both belong to. */
export function verdictOf(experiment: Experiment, runs: readonly RunResult[]): Verdict | null {
  if (experiment.verdict === 'ladder') {
    return ladderVerdict(lastEnds(runs).map((run): LadderEnd => ({ ...run, size: run.paramsNonEmbedding }))) ?? null;
  }
  const arms = new Set(runs.map(({ arm }) => arm));
  const pair = experiment.cases
    .map(({ compared }) => compared)
    .find((two) => two && arms.has(two.dense) && arms.has(two.sparse));
  return (pair && raceVerdict(runs.map(raceEnd), pair)) ?? null;
}

/** A verdict in plain words. */
export function sentenceOf(verdict: Verdict): string {
  return verdict.kind === 'race' ? verdict.sentence : ladderSentence(verdict);
}
