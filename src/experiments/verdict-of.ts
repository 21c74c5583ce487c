/** What finished runs of an experiment show: the one way from results to a verdict, for the page and the terminal. */
import type { RunResult } from '../protocol';
import { text } from '../text/text';
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
  if (verdict.kind === 'race') return verdict.sentence;
  const { outcome, largest, smallest, ratio, interval, pairs } = verdict;
  const { answer, sure } = text;
  const headlines = {
    'larger-better': answer.larger(largest, ratio, smallest),
    'smaller-better': answer.smaller(largest, 1 / ratio, smallest),
    'no-difference': answer.same(largest, smallest, pairs),
    undecided: answer.undecided(largest, ratio, smallest),
  };
  const grounds = [interval ? sure.interval(...interval) : sure.noInterval, sure.seeds(pairs)];
  return `${headlines[outcome].replaceAll('*', '').replace(/\.$/, '')} (${grounds.join(', ')}).`;
}
