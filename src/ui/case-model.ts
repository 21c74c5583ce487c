/** What a case of the race showed: each arm's final loss with its interval, and what follows from them. */
import { BUDGETS, type BudgetName } from '../config/run-spec';
import type { Case } from '../experiments/experiment';
import { raceVerdict, type RaceEnd } from '../experiments/race-verdict';
import { studentInterval } from '../math/statistics';
import { insideText } from '../text/inside';

const text = insideText.cases;

export interface ArmBar {
  arm: string;
  /** Mean over the seeds that did not diverge; undefined if all did. */
  mean: number | undefined;
  /** Half of the 95 % interval; undefined for a single seed. */
  half: number | undefined;
  seeds: number;
  diverged: number;
}

/** Nats above the floor below which two models differ by less than a reader should care about: a hundredth of the way. */
const NEAR_FLOOR = 0.025;

/** Lead below which a difference is not worth a number. */
const SLIGHT = 1.05;

/** Who is compared with whom, the challenger first, where a case is not about sparse against dense alone. */
const PAIRS: Partial<Record<string, [string, string][]>> = {
  controls: [
    ['table by token', 'dense'],
    ['table by position', 'dense'],
    ['sparse', 'dense'],
  ],
  frozen: [
    ['frozen router', 'sparse'],
    ['frozen, detached', 'sparse'],
  ],
  'lag-1': [
    ['sparse', 'dense'],
    ['table by token', 'sparse'],
  ],
  memory: [['sparse', 'dense, equal memory']],
};

/** Whole steps round a budget differently in each arm. */
const SAME_BUDGET = 1.15;

/** Ends at the full budget; an arm that trains on another's tokens may have spent more. */
function finalEnds(ends: readonly RaceEnd[], budget: BudgetName): RaceEnd[] {
  const full = BUDGETS[budget] / SAME_BUDGET;
  return ends.filter((end) => end.trainFlops >= full);
}

export function caseBars({ arms }: Case, ends: readonly RaceEnd[], budget: BudgetName): ArmBar[] {
  const final = finalEnds(ends, budget);
  return arms.flatMap((arm): ArmBar[] => {
    const own = final.filter((end) => end.arm === arm);
    const last = Math.max(...own.map((end) => end.trainFlops));
    const seeds = own.filter((end) => end.trainFlops === last);
    const sound = excessOf(seeds, arm).filter(Number.isFinite);
    const { mean, half } = studentInterval(sound);
    if (seeds.length === 0) return [];
    const value = sound.length > 0 ? mean : undefined;
    return [{ arm, mean: value, half, seeds: seeds.length, diverged: seeds.length - sound.length }];
  });
}

function excessOf(ends: readonly RaceEnd[], arm: string): number[] {
  return ends.filter((end) => end.arm === arm && !end.diverged).map((end) => end.excess);
}

function compare(ends: readonly RaceEnd[], challenger: string, other: string): string | undefined {
  // Equal budgets are not what is asked of arms that may cost more: their ends are compared as if they were.
  const level = ends.map((end) => ({ ...end, trainFlops: 1 }));
  const verdict = raceVerdict(level, { dense: other, sparse: challenger });
  if (!verdict) return undefined;
  const { outcome, excessRatio } = verdict;
  const [mine, theirs] = [challenger, other].map((arm) => studentInterval(excessOf(level, arm)).mean);
  if (Math.max(mine!, theirs!) < NEAR_FLOOR) return text.nearFloor(other, theirs!, challenger, mine!);
  if (outcome === 'no-difference') return text.noDifference(challenger, other);
  if (outcome === 'undecided') return text.oneSeed(challenger, excessRatio.factor, other);
  const [best, ratio, worst] =
    outcome === 'sparse-wins' ? [challenger, excessRatio.factor, other] : [other, 1 / excessRatio.factor, challenger];
  return ratio < SLIGHT ? text.slightlyCloser(best, worst) : text.closer(best, ratio, worst);
}

/** One sentence, derived from the ends; empty where there is nothing to compare. */
export function caseFinding({ id, arms, compared }: Case, ends: readonly RaceEnd[], budget: BudgetName): string {
  const final = finalEnds(ends, budget);
  const [first, second] = arms;
  const pairs = PAIRS[id] ?? [compared ? [compared.sparse, compared.dense] : [second ?? '', first ?? '']];
  const findings = pairs.map(([challenger = '', other = '']) => compare(final, challenger, other));
  const found = findings.filter((finding) => finding !== undefined);
  return found.length > 0 ? text.join(found) : '';
}
