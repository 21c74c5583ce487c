/** Makes what `recorded.ts` reads from result files of the race. */
import { branchesOf, tokensPerStep, totalSteps } from '../config/flops';
import { canonicalJson } from '../config/run-spec';
import type { ResultFile, RunRequest, RunResult } from '../protocol';
import { expand, type Case } from './experiment';
import { race } from './race';
import type { RecordedCase, RecordedEnd, RecordedFile } from './recorded';

/** Five digits: more than seeds agree in. */
function rounded(value: number): number {
  return Number(value.toPrecision(5));
}

/** Ends of an arm; undefined unless every seed has every one. */
function endsOf({ arm, spec }: RunRequest, seeds: readonly number[], runs: readonly RunResult[]) {
  const ends = branchesOf(spec).map(({ steps }): RecordedEnd | undefined => {
    const here = seeds.map((seed) =>
      runs.find((run) => run.arm === arm && run.seed === seed && run.tokens === steps * tokensPerStep(spec)),
    );
    const measured = here.filter((run) => run !== undefined);
    const [first] = measured;
    if (!first || measured.length < seeds.length) return undefined;
    // JSON has no NaN, so a diverged run read from a file has null already.
    const excess = measured.map((run) => (run.diverged || !Number.isFinite(run.excess) ? null : rounded(run.excess)));
    return { trainFlops: first.trainFlops, seconds: rounded(first.seconds), excess };
  });
  const whole = ends.filter((end) => end !== undefined);
  return whole.length === ends.length ? whole : undefined;
}

function keysOf(runs: readonly { arm: string; spec: RunRequest['spec'] }[]): Set<string> {
  return new Set(runs.map(({ arm, spec }) => `${arm} ${canonicalJson(spec)}`));
}

/** What a result says of a case; undefined unless its runs are exactly those of the case, to their ends. */
function recordedAs(chosen: Case, { budget: name, runs }: ResultFile): RecordedCase | undefined {
  const budget = race.budgets.find((one) => one === name);
  if (!budget || runs.length === 0) return undefined;
  const seeds = [...new Set(runs.map(({ seed }) => seed))].sort((a, b) => a - b);
  const requests = expand(race, budget, { case: chosen, seeds });
  const [wanted, measured] = [keysOf(requests), keysOf(runs)];
  if (wanted.size !== measured.size || [...wanted].some((key) => !measured.has(key))) return undefined;
  if (runs.some(({ changes }) => changes.length > 0)) return undefined;
  const arms = requests.filter(({ spec }) => spec.hyper.seed === seeds[0]);
  const recorded = arms.flatMap((request) => {
    const ends = endsOf(request, seeds, runs);
    const { arm, spec } = request;
    return ends ? [{ arm, dModel: spec.model.dModel, lr: spec.hyper.lr, steps: totalSteps(spec), ends }] : [];
  });
  return recorded.length === arms.length ? { budget, seeds, arms: recorded } : undefined;
}

/** The id of the case that a result is of, and its numbers; undefined where none fits the race as it is now. */
export function recordCase(result: ResultFile): [string, RecordedCase] | undefined {
  for (const chosen of race.cases) {
    const recorded = recordedAs(chosen, result);
    if (recorded) return [chosen.id, recorded];
  }
  return undefined;
}

/** Result files of one machine, in one; throws a sentence where they do not go together. `date` is 2026-01-31. */
export function recordResults(results: readonly ResultFile[], date: string): RecordedFile {
  const origins = results.map(({ device: { name, kernelProfile }, version }) => ({
    device: name,
    kernelProfile,
    version,
  }));
  const [origin] = origins;
  if (!origin) throw new Error('There is no result to record.');
  if (new Set(origins.map(canonicalJson)).size > 1) {
    throw new Error('The results come from different adapters or versions of the lab: measure all of them on one.');
  }
  const cases: RecordedFile['cases'] = {};
  for (const result of results) {
    const found = recordCase(result);
    if (!found) {
      const what = `${result.experiment} at ${result.budget}`;
      throw new Error(`A result (${what}) is not of a case of the race as it is now, or was not run to its end.`);
    }
    const [id, numbers] = found;
    if (cases[id]) throw new Error(`Two of the results are of the case ${id}: leave one out.`);
    cases[id] = numbers;
  }
  return { ...origin, date, cases };
}
