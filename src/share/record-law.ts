/** Makes what `ui/recorded-law.ts` reads from a result file of an experiment on a law. */
import { tokensPerStep, totalSteps } from '../config/flops';
import { canonicalJson, type RunSpec } from '../config/run-spec';
import { experimentOf } from '../experiments/experiments';
import { expand } from '../experiments/experiment';
import type { ResultFile, RunRequest } from '../protocol';
import { packResults, type PackedResults } from './packed-results';

/** A file of src/experiments/recorded: a link's value, and the specs that were run. */
export interface RecordedLaw {
  experiment: string;
  budget: string;
  /** Of each arm's first seed: a test holds the experiment to them. */
  specs: Record<string, RunSpec>;
  results: PackedResults;
}

/** The same for equal runs, whichever engine worked out the rate: their powers differ in the last bit. */
export function keyOf({ arm, spec }: { arm: string; spec: RunSpec }): string {
  const lr = Number(spec.hyper.lr.toPrecision(9));
  return `${arm} ${canonicalJson({ ...spec, hyper: { ...spec.hyper, lr } })}`;
}

/** What an experiment's own case runs at a budget; empty if it has no such budget. */
export function requestsOf(id: string, budgetName: string): RunRequest[] {
  const experiment = experimentOf(id);
  const budget = experiment?.budgets.find((name) => name === budgetName);
  return experiment && budget ? expand(experiment, budget, { case: experiment.cases[0] }) : [];
}

/** By arm, of each arm's first seed. */
export function specsOf(requests: readonly RunRequest[]): Record<string, RunSpec> {
  const { seed } = requests[0]?.spec.hyper ?? {};
  return Object.fromEntries(
    requests.filter(({ spec }) => spec.hyper.seed === seed).map(({ arm, spec }) => [arm, spec]),
  );
}

/** @throws a sentence where the result is not all of what the experiment runs today, to its end */
export function recordLaw(result: ResultFile): RecordedLaw {
  const { experiment: id, budget, case: chosen, runs } = result;
  const experiment = experimentOf(id);
  const requests = requestsOf(id, budget);
  const what = `A result (${id} at ${budget})`;
  const own = chosen === undefined || chosen === experiment?.cases[0].id;
  if (!experiment?.law || !own || requests.length === 0) {
    throw new Error(`${what} is not of an experiment on a law as it is now.`);
  }
  const wanted = new Set(requests.map(keyOf));
  const ended = new Set(
    runs.filter(({ spec, tokens }) => tokens === totalSteps(spec) * tokensPerStep(spec)).map(keyOf),
  );
  const asked = runs.every((run) => wanted.has(keyOf(run)) && run.changes.length === 0);
  if (!asked || ended.size < wanted.size) {
    throw new Error(`${what} was not run to its end, or not with the settings that the experiment has now.`);
  }
  return { experiment: id, budget, specs: specsOf(requests), results: packResults(result) };
}
