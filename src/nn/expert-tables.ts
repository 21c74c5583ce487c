/**
 * Fixed tables in place of a router: the experts of a token id, of a position or of a topic, drawn once from the
 * seed, for each layer anew.
 */
import { inputVocabulary, topicsOf } from '../config/flops';
import type { StaticConfig } from '../config/run-spec';
import { firstOfPermutation } from '../math/permutation';
import { STREAM, threefry } from '../math/rng';

/** Keys that the table of this config's router has; 0 where a matrix chooses. */
export function tableKeys(config: StaticConfig): number {
  switch (config.model.moe?.router) {
    case 'token-table':
      return inputVocabulary(config);
    case 'position-table':
      return config.seqLen;
    case 'topic-table':
      return topicsOf(config);
    default:
      return 0;
  }
}

/**
 * `[keys, k]`: the k different experts of each key. The first ones are dealt out evenly over all experts, the others
 * lie at random distances behind.
 */
export function expertTable(config: StaticConfig, seed: number, layer: number): Uint32Array<ArrayBuffer> {
  const keys = tableKeys(config);
  const { nExperts, topK } = config.model.moe!;
  const words =
    (stage: number) =>
    (i: number): number =>
      threefry([seed, STREAM.routes], [layer * 0x10000 + stage, i])[0];
  const first = firstOfPermutation(keys, keys, words(0));
  return Uint32Array.from(
    first.flatMap((place, key) => {
      const distances = firstOfPermutation(nExperts - 1, topK - 1, words(1 + key));
      return [place, ...distances.map((distance) => place + 1 + distance)].map((expert) => expert % nExperts);
    }),
  );
}
