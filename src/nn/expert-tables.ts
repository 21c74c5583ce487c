/**
 * Fixed tables in place of a router: the experts of a token id, of a position or of a topic, drawn once from the
 * seed, for each layer anew.
 */
import { inputVocabulary } from '../config/flops';
import type { StaticConfig } from '../config/run-spec';
import { STREAM, threefry, uniform } from '../math/rng';

/** Keys that the table of this config's router has; 0 where a matrix chooses. */
export function tableKeys(config: StaticConfig): number {
  switch (config.model.moe?.router) {
    case 'token-table':
      return inputVocabulary(config);
    case 'position-table':
      return config.seqLen;
    case 'topic-table':
      return config.source.topics;
    default:
      return 0;
  }
}

/** 0 … n − 1 in an order that seed, layer and stage fix (Fisher and Yates). */
function permutation(n: number, seed: number, layer: number, stage: number): number[] {
  const items = Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i + 1 < n; i++) {
    const j = i + uniform(threefry([seed, STREAM.routes], [layer * 0x10000 + stage, i])[0], n - i);
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
}

/**
 * `[keys, k]`: the k different experts of each key. The first ones are dealt out evenly over all experts, the others
 * lie at random distances behind.
 */
export function expertTable(config: StaticConfig, seed: number, layer: number): Uint32Array<ArrayBuffer> {
  const keys = tableKeys(config);
  const { nExperts, topK } = config.model.moe!;
  const first = permutation(keys, seed, layer, 0);
  return Uint32Array.from(
    first.flatMap((place, key) => {
      const distances = permutation(nExperts - 1, seed, layer, 1 + key);
      return Array.from({ length: topK }, (_, j) => (place + (j === 0 ? 0 : 1 + distances[j - 1]!)) % nExperts);
    }),
  );
}
