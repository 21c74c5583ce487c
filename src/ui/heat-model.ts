/** Who visits which expert: what the heat map shows of one layer. */
import { topicsOf } from '../config/flops';
import type { LayerRouting } from '../protocol';
import type { Series } from './series';
import type { LabState } from './store';

/** A sparse model on the chart, and how its experts were used when it was last looked at. */
export interface Routed {
  arm: string;
  step: number;
  layers: LayerRouting[];
  nExperts: number;
  topK: number;
  topics: number;
  /** Its experts are fixed by a table. */
  table: boolean;
  diverged: boolean;
}

export interface HeatRow {
  topic: number;
  /** Share of the topic's tokens that visit each expert; undefined for a topic that did not occur. */
  cells: number[] | undefined;
}

export interface HeatModel {
  rows: HeatRow[];
  /** Share of all tokens that visit each expert. */
  total: number[];
  /** The same if all were visited alike. */
  fair: number;
  dead: number[];
  entropy: number;
  mostEntropy: number;
  /** Mean share that a topic's favourite expert gets; undefined without topics. */
  favourite: number | undefined;
}

type Shown = Pick<LabState, 'series' | 'cohorts' | 'ends' | 'looks'>;

/** At a run's end more documents were counted than in a look; until then the last look counts. */
function latest({ ends, looks }: Shown, series: Series, index: number): { step: number; layers: LayerRouting[] } {
  const end = ends.find((each) => each.series === index && each.fraction === 1 && each.seed === series.seeds[0]);
  if (end?.routing) return { step: end.step, layers: end.routing };
  const look = looks[series.cohort];
  return { step: look?.step ?? 0, layers: look?.routing ?? [] };
}

/** Every sparse model on the chart, in the chart's order. */
export function routedOf(state: Shown): Routed[] {
  return state.series.flatMap((series, index): Routed[] => {
    const spec = state.cohorts.find(({ cohort }) => cohort === series.cohort)?.specs[0];
    if (!spec?.model.moe) return [];
    const { nExperts, topK, router } = spec.model.moe;
    const { step, layers } = latest(state, series, index);
    const finite = layers.every(({ load, entropy }) => Number.isFinite(entropy) && load.every(Number.isFinite));
    const topics = topicsOf(spec);
    const table = router.endsWith('-table');
    return [{ arm: series.arm, step, layers, nExperts, topK, topics, table, diverged: !finite }];
  });
}

/** The map before anybody was seen. */
export function emptyHeat({ nExperts, topK, topics }: Routed): HeatModel {
  return {
    rows: Array.from({ length: topics }, (_, topic) => ({ topic, cells: undefined })),
    total: new Array<number>(nExperts).fill(0),
    fair: topK / nExperts,
    dead: [],
    entropy: 0,
    mostEntropy: 0,
    favourite: undefined,
  };
}

/** Each token makes `topK` visits, so of its tokens an expert sees `topK` times its share of the visits. */
export function heatModel({ nExperts, topK }: Routed, { load, byTopic, entropy }: LayerRouting): HeatModel {
  const tokens = (visits: readonly number[]): number[] => visits.map((share) => Math.min(1, share * topK));
  const rows = byTopic.map((visits, topic): HeatRow => {
    const occurred = visits.some((share) => share > 0);
    return { topic, cells: occurred ? tokens(visits) : undefined };
  });
  const favourites = rows.flatMap(({ cells }) => (cells ? [Math.max(...cells)] : []));
  return {
    rows,
    total: tokens(load),
    fair: topK / nExperts,
    dead: load.flatMap((share, expert) => (share > 0 ? [] : [expert])),
    entropy,
    mostEntropy: Math.log(nExperts),
    favourite:
      favourites.length > 0 ? favourites.reduce((sum, share) => sum + share, 0) / favourites.length : undefined,
  };
}
