/**
 * What a race showed: which arm ended closer to the floor, and how much compute the better one saves.
 *
 * Seeds are paired (seed s fixes the tables, the documents and the initial numbers in both arms), so intervals are
 * Student's t on differences of logarithms. The outcome rests on the final excess; the saving is read off the winner's
 * own measured ends, never beyond them:
 *
 * - Its curve joins its branch ends by straight lines in log excess against log FLOPs.
 * - The factor is where the two are level in the mean over seeds: at the first such place, from little compute to much.
 *   A curve that rises again behind it has got there all the same: every end is a model that was trained to its end.
 * - Its interval holds the factors that the paired t-test does not reject: those at which winner and loser, seed by
 *   seed, might be level. So it lies above 1 exactly when the final difference is one that the seeds can show.
 * - Already below at its first end, it has saved *at least* what that end tells, and there is no interval; where only
 *   the upper end lies before the first end, the interval is open there.
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

const METHOD =
  'straight lines in log excess against log FLOPs between the measured branch ends; factors that a paired t-test does not reject';

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

/** Steps in which factors are tried, from none to what the first ends tell. */
const FACTORS = 1000;

/** Log excess of a run at a cost, in logarithms, between its first and its final end. */
function excessAt({ points, final }: Run, cost: Cost, at: number): number {
  const behind = points.findIndex((point) => point[cost] >= at);
  const [before, next] = [points[behind - 1], points[behind]];
  if (!next) return final.excess;
  if (!before) return next.excess;
  const part = (at - before[cost]) / (next[cost] - before[cost]);
  return before.excess + part * (next.excess - before.excess);
}

/** Null when the fast arm does not get there, or has no curve, or where the clock says nothing. */
function saved(pairs: readonly { fast: Run; slow: Run }[], cost: Cost): Saved | null {
  const spans = pairs.map(({ fast }) => fast.final[cost] - (fast.points[0]?.[cost] ?? NaN));
  const span = Math.min(...spans);
  if (!(span > 0) || !Number.isFinite(span)) return null;
  // The arms' final costs differ by little: whole steps, or the clock.
  const base = mean(pairs.map(({ fast, slow }) => slow.final[cost] - fast.final[cost]));
  const tried = Array.from({ length: FACTORS + 1 }, (_, i) => {
    const less = (span * i) / FACTORS;
    const ahead = pairs.map(({ fast, slow }) => slow.final.excess - excessAt(fast, cost, fast.final[cost] - less));
    const { mean: centre, half = NaN } = studentInterval(ahead);
    return { log: base + less, centre, low: centre - half, high: centre + half };
  });
  // From little compute to much: the largest factor first.
  const last = tried.length - 1;
  const level = tried.findLastIndex(({ centre }) => centre >= 0);
  if (level < 0) return null;
  if (level === last) return { factor: Math.exp(base + span), atLeast: true };
  const low = tried.findIndex((each) => each.low <= 0);
  const high = tried.findLastIndex((each) => each.high >= 0);
  return {
    factor: Math.exp(crossing(tried, 'centre', level)),
    ...(low >= 0 && { low: Math.exp(crossing(tried, 'low', Math.max(0, low - 1))) }),
    ...(high >= 0 && high < last && { high: Math.exp(crossing(tried, 'high', high)) }),
  };
}

/** Log factor at which a bound, positive at `index` and not behind it, is zero: by a straight line between the two. */
function crossing<Bound extends string>(
  tried: readonly ({ log: number } & Record<Bound, number>)[],
  bound: Bound,
  index: number,
): number {
  const [before, next] = [tried[index]!, tried[index + 1]!];
  const fall = before[bound] - next[bound];
  const part = fall > 0 ? Math.max(0, before[bound] / fall) : 0;
  return before.log + part * (next.log - before.log);
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
 * that is a smaller one. Where nobody knows the floor, `excess` is the loss, and words say so. Undefined while there is no such budget with a sound pair of seeds.
 */
export function raceVerdict(
  ends: readonly RaceEnd[],
  { dense, sparse }: { dense: string; sparse: string },
  measure: 'excess' | 'loss' = 'excess',
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
    ...(measure === 'loss' && { measure }),
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
