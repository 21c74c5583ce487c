/** Run requests as cohorts: what shares a static config trains as replicas of one plan. */
import { countParameters, executedSteps, tokensPerStep, trainFlopsPerStep } from '../config/flops';
import { staticKey } from '../config/run-spec';
import { parseRunSpec } from '../config/validate';
import { LabError } from '../gpu/errors';
import type { KernelProfile } from '../gpu/profile';
import { describePlan } from '../plan/describe';
import type { CohortDescription, RunRequest, StartOptions } from '../protocol';
import { engineText } from '../text/engine';
import { planCohort, type CohortPlan } from './cohort';
import { cohortKey } from './identity';
import { floorOf } from './source';

/** GPU memory that runs may take at once. No API tells how much there is; beyond this, browsers give up. */
const MEMORY_BYTES = 2 * 2 ** 30;

export interface Group {
  requests: RunRequest[];
  /** Hash of the runs' identities, in order. */
  key: string;
  plan: CohortPlan;
}

/**
 * Requests by static config, planned. Rejects with a LabError for an impossible spec, or where the memory that is
 * needed at once is too much: in turn, that of the largest cohort.
 */
export async function groupRequests(
  requests: RunRequest[],
  profile: KernelProfile,
  bundled: boolean,
  order: StartOptions['order'] = 'together',
): Promise<Group[]> {
  if (requests.length === 0) throw new LabError('spec', engineText.nothingToRun);
  const byKey = new Map<string, RunRequest[]>();
  for (const { arm, spec } of requests) {
    const request = { arm, spec: parseRunSpec(spec) };
    const key = staticKey(request.spec);
    byKey.set(key, [...(byKey.get(key) ?? []), request]);
  }
  const planned = await Promise.all(
    [...byKey.values()].map(async (group) => {
      const specs = group.map(({ spec }) => spec);
      return { requests: group, key: await cohortKey(specs, profile), plan: planCohort(specs, profile, bundled) };
    }),
  );
  const sizes = planned.map(({ plan }) => plan.bytes);
  const bytes = order === 'together' ? sizes.reduce((sum, size) => sum + size, 0) : Math.max(...sizes);
  if (bytes > MEMORY_BYTES) {
    throw new LabError('memory', engineText.tooMuchMemory(bytes, MEMORY_BYTES));
  }
  return planned;
}

/** What a group of runs will be, before anything is allocated. */
export function describeGroup({ requests, key, plan }: Group, cohort: number): CohortDescription {
  const { config } = plan;
  const parameters = countParameters(config);
  return {
    cohort,
    specs: requests.map(({ spec }) => spec),
    key,
    steps: plan.steps,
    executedSteps: executedSteps(config),
    tokensPerStep: tokensPerStep(config),
    trainFlopsPerStep: trainFlopsPerStep(config),
    paramsTotal: parameters.total,
    paramsNonEmbedding: parameters.nonEmbedding,
    paramsActive: parameters.active,
    floor: plan.hypers.map((hyper) => floorOf(config.source, hyper)),
    bytes: plan.bytes,
    plan: describePlan(plan.train.plan),
  };
}
