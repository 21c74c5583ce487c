/** Whether a run ended where a shared one did: arm by arm, against the 95 % interval of the shared seeds' mean. */
import { mean, studentInterval } from '../math/statistics';
import type { ResultFile, RunResult } from '../protocol';

/** Results that agree to this share are equal in every digit that a link carries. */
const EQUAL = 1e-4;

export interface ArmReproduction {
  arm: string;
  /** Mean excess of the shared seeds, and half its interval; undefined for a single seed, which has none. */
  shared: number;
  half: number | undefined;
  here: number;
  /** Undefined where there is no interval. */
  inside: boolean | undefined;
}

export interface Reproduction {
  arms: ArmReproduction[];
  /** Every run ended at the same number. */
  exact: boolean;
}

/** Ends at the largest budget that both sides have, seed by seed. */
function lastCommon(shared: readonly RunResult[], here: readonly RunResult[]): [RunResult[], RunResult[]] {
  const flops = (runs: readonly RunResult[]): number[] => runs.map(({ trainFlops }) => trainFlops);
  const common = flops(shared).filter((each) => flops(here).includes(each));
  const last = Math.max(...common);
  const at = (runs: readonly RunResult[]): RunResult[] =>
    runs.filter(({ trainFlops, diverged, excess }) => trainFlops === last && !diverged && Number.isFinite(excess));
  return [at(shared), at(here)];
}

/** Undefined where no end can be compared. */
export function reproductionOf(shared: ResultFile, here: ResultFile): Reproduction | undefined {
  let exact = true;
  const arms = [...new Set(shared.runs.map(({ arm }) => arm))].flatMap((arm): ArmReproduction[] => {
    const of = (runs: readonly RunResult[]): RunResult[] => runs.filter((run) => run.arm === arm);
    const [theirs, ours] = lastCommon(of(shared.runs), of(here.runs));
    if (theirs.length === 0 || ours.length === 0) return [];
    const { mean: centre, half } = studentInterval(theirs.map(({ excess }) => excess));
    const found = mean(ours.map(({ excess }) => excess));
    exact &&= theirs.every(({ seed, excess }) =>
      ours.some((run) => run.seed === seed && Math.abs(run.excess - excess) <= EQUAL * Math.abs(excess)),
    );
    const width = half === undefined ? undefined : Math.max(half, EQUAL * centre);
    return [
      {
        arm,
        shared: centre,
        half,
        here: found,
        inside: width === undefined ? undefined : Math.abs(found - centre) <= width,
      },
    ];
  });
  return arms.length === 0 ? undefined : { arms, exact };
}
