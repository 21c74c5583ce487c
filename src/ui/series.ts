/**
 * A series is what one line of the chart stands for: the replicas of one cohort that belong to one arm, one
 * replica a seed. The worker reports by cohort and replica; the page speaks of arms and seeds.
 */
import { canonicalJson } from '../config/run-spec';
import type { CohortDescription, RunRequest } from '../protocol';

export interface Series {
  arm: string;
  cohort: number;
  /** Replica numbers within the cohort, in the order of `seeds`. */
  replicas: number[];
  seeds: number[];
  /** Non-embedding parameters. */
  size: number;
  steps: number;
  flopsPerStep: number;
  tokensPerStep: number;
  /** Loss of a model that has learned nothing: uniform guessing, nats per token. */
  guessing: number;
  /** Mean entropy of the series' sources, nats per token. */
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
          cohort: cohort.cohort,
          replicas: [],
          seeds: [],
          size: cohort.paramsNonEmbedding,
          steps: cohort.steps,
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
    .map(({ series, floors }) => ({ ...series, floor: floors.reduce((sum, floor) => sum + floor, 0) / floors.length }));
}
