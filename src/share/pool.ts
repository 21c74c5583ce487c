/**
 * What a class measured, as one sample: every student's runs, those that are the same run but once, and the ones that
 * lie far from the others.
 */
import { canonicalJson } from '../config/run-spec';
import { median } from '../math/statistics';
import type { ResultFile, RunResult } from '../protocol';
import type { LinkState } from './link-state';

/** What one student handed in. */
export interface Entry {
  name: string;
  state: LinkState;
  result: ResultFile;
}

export interface Member {
  name: string;
  /** Numbers that its runs have in the pool, which stand for seeds there; empty where all were known already. */
  numbers: number[];
  /** Runs that another student had handed in already. */
  again: number;
}

export interface OddOne {
  name: string;
  arm: string;
  /** How many times the middle excess of that arm; undefined for a run that diverged. */
  times: number | undefined;
}

export interface Pool {
  state: LinkState;
  runs: RunResult[];
  members: Member[];
  /** Names of those who ran something else. */
  others: string[];
  odd: OddOne[];
}

/** Median absolute deviations, in units of a normal distribution's σ, from which a run is called odd (Iglewicz and Hoaglin 1993). */
const ODD = 3.5;
const SIGMA = 1.4826;
/** Fewer runs of an arm than these have no middle to be far from. */
const FEWEST = 4;
/** Nearer than this ratio nobody is odd, however much the others agree. */
const NEAR = 1.03;

function sameKey({ experiment, case: chosen, budget, setting }: LinkState): string {
  return canonicalJson({ experiment, chosen, budget, setting });
}

/** Equal for runs that are one and the same: spec and result, to the digits that a link carries. */
function runKey({ arm, spec, trainFlops, excess }: RunResult): string {
  return canonicalJson({ arm, spec, trainFlops: trainFlops.toPrecision(6), excess: excess.toPrecision(4) });
}

/** What most of them ran. */
function commonest(entries: readonly Entry[]): string {
  const keys = entries.map(({ state }) => sameKey(state));
  const counted = (key: string): number => keys.filter((each) => each === key).length;
  return keys.reduce((best, next) => (counted(next) > counted(best) ? next : best));
}

function oddOnes(runs: readonly { name: string; run: RunResult }[]): OddOne[] {
  const groups = new Map<string, { name: string; run: RunResult }[]>();
  for (const each of runs) {
    const key = `${each.run.arm}/${each.run.trainFlops}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const found = [...groups.values()].flatMap((group): OddOne[] => {
    const sound = group.filter(({ run }) => !run.diverged && run.excess > 0);
    const logs = sound.map(({ run }) => Math.log(run.excess));
    const middle = median(logs);
    const spread = SIGMA * median(logs.map((each) => Math.abs(each - middle)));
    const far = sound.filter((_, i) => {
      const distance = Math.abs(logs[i]! - middle);
      return sound.length >= FEWEST && distance > ODD * spread && distance > Math.log(NEAR);
    });
    return [
      ...far.map(({ name, run }) => ({ name, arm: run.arm, times: run.excess / Math.exp(middle) })),
      ...group.filter(({ run }) => run.diverged).map(({ name, run }) => ({ name, arm: run.arm, times: undefined })),
    ];
  });
  // Several ends of one student's arm are one odd one.
  return found.filter((one, i) => found.findIndex(({ name, arm }) => name === one.name && arm === one.arm) === i);
}

/** Undefined for nothing. */
export function poolOf(entries: readonly Entry[]): Pool | undefined {
  if (entries.length === 0) return undefined;
  const common = commonest(entries);
  const taken = entries.filter(({ state }) => sameKey(state) === common);
  const known = new Set<string>();
  const pooled: { name: string; run: RunResult }[] = [];
  let number = 0;
  const members = taken.map(({ name, result }): Member => {
    const numbers = new Map<number, number>();
    let again = 0;
    for (const run of result.runs) {
      const key = runKey(run);
      if (known.has(key)) again++;
      else {
        known.add(key);
        let own = numbers.get(run.seed);
        if (own === undefined) numbers.set(run.seed, (own = ++number));
        pooled.push({ name, run: { ...run, seed: own } });
      }
    }
    return { name, numbers: [...numbers.values()], again };
  });
  return {
    state: taken[0]!.state,
    runs: pooled.map(({ run }) => run),
    members,
    others: entries.filter((entry) => !taken.includes(entry)).map(({ name }) => name),
    odd: oddOnes(pooled),
  };
}
