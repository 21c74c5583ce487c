/** What campaigns share: training with news of its progress, and measured excess beside what was expected. */
import type { BudgetName } from '../../src/config/run-spec';
import { expand, type Case } from '../../src/experiments/experiment';
import { race } from '../../src/experiments/race';
import { verdictOf } from '../../src/experiments/verdict-of';
import { mean, standardDeviation } from '../../src/math/statistics';
import type { RunRequest, RunResult, StartOptions, TrainOutcome } from '../../src/protocol';
import { Trainer } from '../../src/train/trainer';

export type Row = Record<string, string | number | boolean>;
export type Log = (line: string) => void;

/** Mean and standard deviation over seeds, in nats above the floor. */
export interface Spread {
  mean: number;
  sd: number;
}

/** Measured and expected agree when their means differ by less than so many standard deviations of both together. */
const AGREE_WITHIN = 3;

export async function train(requests: RunRequest[], log: Log, options?: StartOptions): Promise<TrainOutcome> {
  const trainer = new Trainer();
  const { name } = await trainer.open();
  let tenths = 0;
  return trainer.start(
    requests,
    (event) => {
      if (event.type !== 'progress' || event.fraction < (tenths + 1) / 10) return;
      tenths = Math.floor(event.fraction * 10);
      log(`${name}: ${tenths * 10} %, ${Math.round(event.secondsLeft)} s left`);
    },
    options,
  );
}

/** NaN if one of them is. */
export function spreadOf(runs: readonly RunResult[]): Spread {
  const excess = runs.map((run) => run.excess);
  return { mean: mean(excess), sd: standardDeviation(excess) };
}

export function agree(a: Spread, b: Spread): boolean {
  return Math.abs(a.mean - b.mean) <= AGREE_WITHIN * Math.hypot(a.sd, b.sd);
}

export function shown({ mean, sd }: Spread): string {
  return `${mean.toFixed(3)} ± ${sd.toFixed(3)}`;
}

/** The ends of each arm at each budget, in the order in which they were asked for. */
export function endsByArm(runs: readonly RunResult[]): RunResult[][] {
  const groups = new Map<string, RunResult[]>();
  for (const run of runs) {
    const key = `${run.arm} ${run.branch.budgetFlops}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()];
}

/** A row for each arm and end; where something is expected of an arm, it is of its last end. */
function rowsOf(runs: readonly RunResult[], expected: Partial<Record<string, Spread>>): Row[] {
  return endsByArm(runs).flatMap((ends) => {
    const [end] = ends;
    if (!end) return [];
    const last = runs.every((run) => run.arm !== end.arm || run.trainFlops <= end.trainFlops);
    const wanted = last ? expected[end.arm] : undefined;
    const spread = spreadOf(ends);
    return [
      {
        arm: end.arm,
        width: end.spec.model.dModel,
        rate: end.lr,
        FLOPs: end.trainFlops.toExponential(2),
        seeds: ends.length,
        excess: shown(spread),
        expected: wanted ? shown(wanted) : '',
        agrees: wanted ? agree(spread, wanted) : '',
        seconds: Math.round(end.seconds),
      },
    ];
  });
}

/** Trains a case of the race as the page does, and sets what came out beside what an independent implementation found. */
export async function raceCase(
  chosen: Case,
  budget: BudgetName,
  expected: Partial<Record<string, Spread>>,
  log: Log,
): Promise<Row[]> {
  const { runs, seconds } = await train(expand(race, budget, { case: chosen }), log);
  const verdict = verdictOf(race, runs);
  log(`${chosen.id} at ${budget}, ${Math.round(seconds)} s. ${verdict?.sentence ?? ''}`);
  return rowsOf(runs, expected).map((row) => ({ case: chosen.id, ...row }));
}

/** A case that there must be. */
export function caseNamed(id: string): Case {
  const found = race.cases.find((one) => one.id === id);
  if (!found) throw new Error(`The race has no case called ${id}.`);
  return found;
}
