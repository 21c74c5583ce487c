/**
 * A series is what one line of the chart stands for: the replicas of one cohort that belong to one arm, one
 * replica a seed. The worker reports by cohort and replica; the page speaks of arms and seeds.
 */
import { canonicalJson } from '../config/run-spec';
import { branchesOf } from '../config/flops';
import type { CohortDescription, RunRequest } from '../protocol';
import { styleOf } from './arm-style';
import type { BranchShape } from './curves';

export interface Series {
  arm: string;
  /** Number of its look. */
  style: number;
  cohort: number;
  /** Replica numbers within the cohort, in the order of `seeds`. */
  replicas: number[];
  seeds: number[];
  /** Non-embedding parameters. */
  size: number;
  /** Every trained number, and the non-embedding ones that one token uses. */
  total: number;
  active: number;
  steps: number;
  /** Decay branches that end before the run does. */
  branches: BranchShape[];
  flopsPerStep: number;
  tokensPerStep: number;
  /** Loss of a model that has learned nothing: uniform guessing, nats per token. */
  guessing: number;
  /** Mean entropy of the series' sources, nats per token; 0 where nobody knows it. */
  floor: number;
}

/** Series in the order of the requests' arms. */
export function seriesOf(requests: readonly RunRequest[], cohorts: readonly CohortDescription[]): Series[] {
  // Equal specs may have been asked for under two names, so each request is used once.
  const open = requests.map((request) => ({ arm: request.arm, key: canonicalJson(request.spec), taken: false }));
  const found = new Map<string, { order: number; series: Series; floors: number[] }>();

  for (const cohort of cohorts) {
    cohort.specs.forEach((spec, replica) => {
      const key = canonicalJson(spec);
      const order = open.findIndex((request) => !request.taken && request.key === key);
      const request = open[order];
      if (!request) return;
      request.taken = true;
      const id = `${cohort.cohort}/${request.arm}`;
      let entry = found.get(id);
      if (!entry) {
        const series: Series = {
          arm: request.arm,
          style: 0,
          cohort: cohort.cohort,
          replicas: [],
          seeds: [],
          size: cohort.paramsNonEmbedding,
          total: cohort.paramsTotal,
          active: cohort.paramsActive,
          steps: cohort.steps,
          branches: branchesOf(spec).slice(0, -1),
          flopsPerStep: cohort.trainFlopsPerStep,
          tokensPerStep: cohort.tokensPerStep,
          guessing: Math.log(spec.source.vocabSize),
          floor: 0,
        };
        entry = { order, series, floors: [] };
        found.set(id, entry);
      }
      entry.order = Math.min(entry.order, order);
      entry.series.replicas.push(replica);
      entry.series.seeds.push(spec.hyper.seed);
      entry.floors.push(cohort.floor[replica] ?? 0);
    });
  }

  return [...found.values()]
    .sort((a, b) => a.order - b.order)
    .map(({ series, floors }, order) => ({
      ...series,
      style: styleOf(series.arm, order),
      floor: floors.reduce((sum, floor) => sum + floor, 0) / floors.length,
    }));
}
