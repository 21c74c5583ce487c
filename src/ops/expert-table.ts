import layout from '../../shaders/lib/layout.wgsl?raw';
import source from '../../shaders/expert-table.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import type { PlanBuilder } from '../plan/builder';
import { columns, rows as rowsOf, type Tensor } from '../plan/tensor';
import type { Choice } from './router';
import { route } from './route';

const kernel = defineKernel('expert-table', layout, source);

/** What a table is looked up by, in the order of the WGSL's KEY. */
const KEYS = ['token', 'position', 'topic'] as const;
export type TableKey = (typeof KEYS)[number];

export interface ExpertTableOptions {
  key: TableKey;
  nExperts: number;
  tile: number;
  seqLen: number;
  /** Token id of the first topic's tag. */
  firstTopic: number;
}

/** Chooses experts by a table `[keys, k]` in place of a router, with equal weights. ids `[rows]`. */
export function expertTable(b: PlanBuilder, ids: Tensor, table: Tensor, options: ExpertTableOptions): Choice {
  const { key, nExperts, tile, seqLen, firstTopic } = options;
  const topK = columns(table);
  const slots = ids.size * topK;
  const experts = b.tensor('experts', [slots]);
  const gates = b.tensor('gates', [slots]);
  b.dispatch(
    kernel,
    'main',
    { ...(key === 'position' ? {} : { ids }), table, experts, gates },
    { rows: ids.size, keys: rowsOf(table), seq_len: seqLen, first_topic: firstTopic },
    slots,
    { label: `experts by ${key}`, constants: { TOP_K: topK, KEY: KEYS.indexOf(key) } },
  );
  return { experts, gates, routes: route(b, experts, nExperts, tile) };
}
