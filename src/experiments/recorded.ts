/**
 * Results of the race that come with the lab, for what is shown before anything was measured here. The file is made
 * from result files by `npm run lab -- record`: nothing in it is typed by hand, and verdicts are worked out anew from
 * its numbers.
 */
import type { Case } from './experiment';
import file from './race-recorded.json';
import { raceVerdict, type RaceEnd, type RaceVerdict } from './race-verdict';

/** What one arm's seeds measured at one branch end. */
export interface RecordedEnd {
  trainFlops: number;
  seconds: number;
  /** Nats per token, seed by seed; null where it diverged. */
  excess: (number | null)[];
}

export interface RecordedArm {
  arm: string;
  /** What the numbers belong to. */
  dModel: number;
  lr: number;
  steps: number;
  /** From the smallest budget to the largest. */
  ends: RecordedEnd[];
}

export interface RecordedCase {
  budget: string;
  seeds: number[];
  arms: RecordedArm[];
}

/** The file. */
export interface RecordedFile {
  /** Name of the adapter, and the kernels that it ran. */
  device: string;
  kernelProfile: string;
  /** Version of the lab. */
  version: string;
  /** Day of the latest measurement. */
  date: string;
  /** By id. */
  cases: Partial<Record<string, RecordedCase>>;
}

/** A recorded case as if it had just been measured. */
export interface Recorded extends Omit<RecordedFile, 'cases'> {
  budget: string;
  ends: RaceEnd[];
  /** Null for a case that compares no two arms. */
  verdict: RaceVerdict | null;
}

const results: RecordedFile = file;

function endsOf({ seeds, arms }: RecordedCase): RaceEnd[] {
  return arms.flatMap(({ arm, ends }) =>
    ends.flatMap(({ trainFlops, seconds, excess }) =>
      seeds.map((seed, i): RaceEnd => {
        const value = excess[i] ?? NaN;
        return { arm, seed, trainFlops, seconds, excess: value, diverged: Number.isNaN(value) };
      }),
    ),
  );
}

/** Undefined for a case that was not recorded. */
export function recordedCase({ id, compared }: Case, from: RecordedFile = results): Recorded | undefined {
  const { cases, ...origin } = from;
  const found = cases[id];
  if (!found) return undefined;
  const ends = endsOf(found);
  return { ...origin, budget: found.budget, ends, verdict: (compared && raceVerdict(ends, compared)) ?? null };
}
