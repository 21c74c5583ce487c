/** From results to what a law is fitted to. */
import type { Observation } from '../fit-protocol';
import type { RunResult } from '../protocol';
import type { Experiment } from './experiment';

/** What the arm is drawn as, and fitted with: its kind, or itself. */
export function kindOf({ varies }: Experiment, arm: string): string {
  return varies.arms.find(({ name }) => name === arm)?.kind ?? arm;
}

/** True for the last of a run's ends. */
function isLast(run: RunResult, runs: readonly RunResult[]): boolean {
  return runs.every(
    ({ arm, seed, branch }) => arm !== run.arm || seed !== run.seed || branch.budgetFlops <= run.branch.budgetFlops,
  );
}

/** The ends that count: every one, or the last of each run, as the law has it; diverged ones too. */
export function endsThatCount({ law }: Experiment, runs: readonly RunResult[]): RunResult[] {
  return law?.everyEnd ? [...runs] : runs.filter((run) => isLast(run, runs));
}

/** A run's end can be fitted when its excess has a logarithm. */
export function isSound({ diverged, excess }: Pick<RunResult, 'diverged' | 'excess'>): boolean {
  return !diverged && Number.isFinite(excess) && excess > 0;
}

export function observationsOf(experiment: Experiment, runs: readonly RunResult[]): Observation[] {
  return endsThatCount(experiment, runs)
    .filter(isSound)
    .map(({ arm, seed, paramsActive, tokens, trainFlops, excess }) => ({
      run: `${arm}/${seed}`,
      kind: kindOf(experiment, arm),
      n: paramsActive,
      d: tokens,
      c: trainFlops,
      loss: excess,
    }));
}
