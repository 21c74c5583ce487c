/**
 * What a ladder of sizes showed: how much closer to the floor the largest size ended than the smallest.
 *
 * Seeds are paired (seed s fixes the data and the initial numbers at every size), so the interval is Student's t
 * on the differences of log excess. Runs that diverged are left out and counted.
 */
import { studentInterval } from '../math/statistics';

/** The little of a run's end that the verdict reads. */
export interface LadderEnd {
  arm: string;
  seed: number;
  size: number;
  excess: number;
  diverged: boolean;
}

export interface LadderVerdict {
  kind: 'ladder';
  outcome: 'larger-better' | 'smaller-better' | 'no-difference' | 'undecided';
  smallest: string;
  largest: string;
  /** Excess of the smallest over excess of the largest; above 1 the larger is closer to the floor. */
  ratio: number;
  /** 95 % interval of the ratio; absent with fewer than two pairs of seeds. */
  interval?: [number, number];
  pairs: number;
  sizes: number;
  diverged: number;
}

/** Undefined as long as there are fewer than two sizes with a seed in common. */
export function ladderVerdict(ends: readonly LadderEnd[]): LadderVerdict | undefined {
  const diverged = ends.filter((end) => end.diverged).length;
  const sound = ends.filter((end) => !end.diverged && end.excess > 0);
  const sizes = [...new Set(sound.map((end) => end.size))].sort((a, b) => a - b);
  const [first] = sizes;
  const last = sizes.at(-1);
  if (first === undefined || last === undefined || first === last) return undefined;

  const small = sound.filter((end) => end.size === first);
  const large = sound.filter((end) => end.size === last);
  const differences = small.flatMap((a) => {
    const b = large.find((end) => end.seed === a.seed);
    return b ? [Math.log(a.excess) - Math.log(b.excess)] : [];
  });
  if (differences.length === 0) return undefined;

  const { mean, half } = studentInterval(differences);
  const verdict: LadderVerdict = {
    kind: 'ladder',
    outcome: 'undecided',
    smallest: small[0]?.arm ?? '',
    largest: large[0]?.arm ?? '',
    ratio: Math.exp(mean),
    pairs: differences.length,
    sizes: sizes.length,
    diverged,
  };
  if (half === undefined) return verdict;
  verdict.interval = [Math.exp(mean - half), Math.exp(mean + half)];
  verdict.outcome = mean - half > 0 ? 'larger-better' : mean + half < 0 ? 'smaller-better' : 'no-difference';
  return verdict;
}
