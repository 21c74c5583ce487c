/**
 * What a race showed: which arm ended closer to the floor, and how much compute the better one saves.
 *
 * Seeds are paired (seed s fixes the tables, the documents and the initial numbers in both arms), so intervals are
 * Student's t on differences of logarithms. The outcome rests on the final excess; the saving is read off the winner's
 * own measured ends, never beyond them:
 *
 * - Its curve joins its branch ends by straight lines in log excess against log FLOPs.
 * - It reaches a loss where it is at or below it for the first time, from little compute to much. A curve that rises
 *   again behind that point has reached it all the same: every end is a model that was trained to its end.
 * - Already below at its first end, it has saved *at least* what that end tells, and there is no interval.
 * - If it does not get there with every seed, no saving is told: leaving that seed out would pick the good ones.
 *
 * Ends that diverged are left out and the runs that had one are counted; a run without its final end takes its seed
 * along.
 */
import { mean, ratioInterval, studentInterval, type Ratio } from '../math/statistics';
import { raceText, type RaceFacts } from '../text/race';

/** The little of a run's branch end that the verdict reads. */
export interface RaceEnd {
  arm: string;
  seed: number;
  trainFlops: number;
  excess: number;
  /** Wall-clock seconds of its group of runs up to here. */
  seconds: number;
  diverged: boolean;
}

/** How many times less of something the better arm needs for the other's final loss. */
export interface Saved extends Ratio {
  /** The factor is a lower bound. */
  atLeast?: true;
}

export interface ComputeSaved extends Saved {
  /** The dense arm's final excess, mean over the seeds. */
  atLoss: number;
  /** Training FLOPs of a run, without which it may not be told. */
  atBudget: number;
  method: string;
}

export interface RaceVerdict extends RaceFacts {
  kind: 'race';
  /** Dense final excess minus sparse final excess, nats per token. */
  lossDifference: { mean: number; low?: number; high?: number };
  excessRatio: Ratio;
  computeSaved: ComputeSaved | null;
  secondsSaved: Saved | null;
  denseComputeSaved: ComputeSaved | null;
  interval: 'paired-t-95' | 'none';
  sentence: string;
}

const METHOD = 'straight lines in log excess against log FLOPs between the measured branch ends';

/** Two ends stand for one budget when their FLOPs differ by less: whole steps round it differently in each arm. */
const SAME_BUDGET = 1.15;

/** A thousandth of a nat: closer to the floor than that, the held-out set cannot tell. Keeps logarithms finite. */
const SMALLEST_EXCESS = 1e-3;

/** A sound end, in logarithms. */
interface Point {
  flops: number;
  seconds: number;
  excess: number;
}

/** The sound ends of one run, from little compute to much; the last is its final one. */
interface Run {
  excess: number;
  points: Point[];
  final: Point;
}

function isSound({ excess, diverged }: RaceEnd): boolean {
  return !diverged && Number.isFinite(excess);
}

function sameBudget(a: number, b: number): boolean {
  return Math.max(a, b) < SAME_BUDGET * Math.min(a, b);
}

/** The largest budget at which both have ends, as each spends it. */
function commonBudget(dense: readonly RaceEnd[], sparse: readonly RaceEnd[]): [number, number] | undefined {
  const largestFirst = [...dense].sort((a, b) => b.trainFlops - a.trainFlops);
  for (const { trainFlops } of largestFirst) {
    const partner = sparse.find((end) => sameBudget(end.trainFlops, trainFlops));
    if (partner) return [trainFlops, partner.trainFlops];
  }
  return undefined;
}

/** Undefined when the seed has no sound end at the budget. */
function runOf(ends: readonly RaceEnd[], seed: number, budget: number): Run | undefined {
  const sound = ends.filter((end) => end.seed === seed && isSound(end)).sort((a, b) => a.trainFlops - b.trainFlops);
  const last = sound.findLast((end) => sameBudget(end.trainFlops, budget));
  if (!last) return undefined;
  const points = sound
    .filter((end) => end.trainFlops <= last.trainFlops)
    .map(({ trainFlops, seconds, excess }) => ({
      flops: Math.log(trainFlops),
      seconds: Math.log(seconds),
      excess: Math.log(Math.max(excess, SMALLEST_EXCESS)),
    }));
  const final = points.at(-1);
  return final && { excess: last.excess, points, final };
}

type Cost = 'flops' | 'seconds';

/** Logarithm of `slow`'s final cost over the cost at which `fast` is as good; undefined if it never is. */
function saving(fast: Run, slow: Run, cost: Cost): { log: number; atLeast: boolean } | undefined {
  const target = slow.final.excess;
  const at = fast.points.findIndex((point) => point.excess <= target);
  const reached = fast.points[at];
  if (!reached) return undefined;
  const before = fast.points[at - 1];
  if (!before) return { log: slow.final[cost] - reached[cost], atLeast: true };
  const part = (before.excess - target) / (before.excess - reached.excess);
  return { log: slow.final[cost] - (before[cost] + part * (reached[cost] - before[cost])), atLeast: false };
}

/** Null when some seed does not get there, or has no curve, or where the clock says nothing. */
function saved(pairs: readonly { fast: Run; slow: Run }[], cost: Cost): Saved | null {
  if (pairs.some(({ fast }) => fast.points.length < 2)) return null;
  const savings = pairs.map(({ fast, slow }) => saving(fast, slow, cost));
  const known = savings.filter((one) => one !== undefined && Number.isFinite(one.log)).map((one) => one!);
  if (known.length < pairs.length) return null;
  const ratio = ratioInterval(known.map(({ log }) => log));
  return known.some(({ atLeast }) => atLeast) ? { factor: ratio.factor, atLeast: true } : ratio;
}

function outcomeOf(excessRatio: Ratio): RaceVerdict['outcome'] {
  const { low, high } = excessRatio;
  if (low === undefined || high === undefined) return 'undecided';
  return low > 1 ? 'sparse-wins' : high < 1 ? 'dense-wins' : 'no-difference';
}

function difference(values: readonly number[]): RaceVerdict['lossDifference'] {
  const { mean: centre, half } = studentInterval(values);
  return half === undefined ? { mean: centre } : { mean: centre, low: centre - half, high: centre + half };
}

/**
 * The verdict on the arms called `dense` and `sparse`, at the largest budget that both have ends for: after a stop
 * that is a smaller one. Undefined while there is no such budget with a sound pair of seeds.
 */
export function raceVerdict(
  ends: readonly RaceEnd[],
  { dense, sparse }: { dense: string; sparse: string },
): RaceVerdict | undefined {
  const denseEnds = ends.filter((end) => end.arm === dense);
  const sparseEnds = ends.filter((end) => end.arm === sparse);
  const budget = commonBudget(denseEnds, sparseEnds);
  if (!budget) return undefined;

  const pairs = [...new Set(denseEnds.map((end) => end.seed))].flatMap((seed) => {
    const [slow, fast] = [runOf(denseEnds, seed, budget[0]), runOf(sparseEnds, seed, budget[1])];
    return slow && fast ? [{ dense: slow, sparse: fast }] : [];
  });
  if (pairs.length === 0) return undefined;

  const excessRatio = ratioInterval(pairs.map((pair) => pair.dense.final.excess - pair.sparse.final.excess));
  const outcome = outcomeOf(excessRatio);
  const sparseSaves = outcome === 'sparse-wins' || outcome === 'undecided';
  const sparseFirst = pairs.map((pair) => ({ fast: pair.sparse, slow: pair.dense }));
  const denseFirst = pairs.map((pair) => ({ fast: pair.dense, slow: pair.sparse }));
  const compute = (of: typeof sparseFirst): ComputeSaved | null => {
    const factor = saved(of, 'flops');
    return (
      factor && { ...factor, atLoss: mean(of.map(({ slow }) => slow.excess)), atBudget: budget[0], method: METHOD }
    );
  };
  const computeSaved = sparseSaves ? compute(sparseFirst) : null;
  const within = [
    ...denseEnds.filter((end) => end.trainFlops < SAME_BUDGET * budget[0]),
    ...sparseEnds.filter((end) => end.trainFlops < SAME_BUDGET * budget[1]),
  ];
  const broken = within.filter((end) => !isSound(end)).map((end) => `${end.seed} ${end.arm}`);

  const facts = {
    kind: 'race',
    dense,
    sparse,
    outcome,
    lossDifference: difference(pairs.map((pair) => pair.dense.excess - pair.sparse.excess)),
    excessRatio,
    computeSaved,
    secondsSaved: computeSaved && saved(sparseFirst, 'seconds'),
    denseComputeSaved: outcome === 'dense-wins' ? compute(denseFirst) : null,
    atBudget: budget[0],
    seeds: pairs.length,
    interval: pairs.length < 2 ? 'none' : 'paired-t-95',
    diverged: new Set(broken).size,
  } as const;
  return { ...facts, sentence: raceText.sentence(facts) };
}
