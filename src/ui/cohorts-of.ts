/** What can be said of runs without a device: how they belong together, what they count and how long they are. */
import { countParameters, executedSteps, tokensPerStep, totalSteps, trainFlopsPerStep } from '../config/flops';
import { staticKey } from '../config/run-spec';
import type { CohortDescription, RunResult } from '../protocol';

/** What of a run is needed. */
export type Known = Pick<RunResult, 'arm' | 'seed' | 'spec' | 'floor'>;

/** Cohorts as the worker would number them, without their plans. */
export function cohortsOf(runs: readonly Known[]): CohortDescription[] {
  const groups = new Map<string, Known[]>();
  for (const run of runs) {
    const key = staticKey(run.spec);
    const group = groups.get(key) ?? [];
    if (!group.some(({ arm, seed }) => arm === run.arm && seed === run.seed)) groups.set(key, [...group, run]);
  }
  return [...groups.values()].map((group, cohort): CohortDescription => {
    const { spec } = group[0]!;
    const { total, nonEmbedding, active } = countParameters(spec);
    return {
      ...{ cohort, specs: group.map((run) => run.spec), key: '', bytes: 0 },
      ...{ steps: totalSteps(spec), executedSteps: executedSteps(spec), tokensPerStep: tokensPerStep(spec) },
      ...{ trainFlopsPerStep: trainFlopsPerStep(spec), paramsTotal: total, paramsNonEmbedding: nonEmbedding },
      ...{ paramsActive: active, floor: group.map(({ floor }) => floor).filter(Number.isFinite) },
      plan: { dispatches: [], executedFlops: 0, bytesMoved: 0, pipelines: 0 },
    };
  });
}
