import { describe, expect, it } from 'vitest';
import { staticConfig, type MoeConfig, type StaticConfig } from '../../src/config/run-spec';
import { expertTable, tableKeys } from '../../src/nn/expert-tables';
import { smallSparseSpec, sparseSpec } from '../config/specs';

/** V 20, K 12, T 20. */
function small(moe: Partial<MoeConfig>): StaticConfig {
  return staticConfig(smallSparseSpec({}, moe));
}

/** The experts of each key. */
function rowsOf(config: StaticConfig, seed = 1, layer = 0): number[][] {
  const table = [...expertTable(config, seed, layer)];
  const { topK } = config.model.moe!;
  expect(table).toHaveLength(tableKeys(config) * topK);
  return Array.from({ length: tableKeys(config) }, (_, key) => table.slice(key * topK, (key + 1) * topK));
}

const TABLES = ['token-table', 'position-table', 'topic-table'] as const;

it('has a key for each input token, position or topic, and none where a matrix chooses', () => {
  expect(TABLES.map((router) => tableKeys(small({ router })))).toEqual([32, 20, 12]);
  expect(['learned', 'frozen', 'frozen-detached'].map((r) => tableKeys(small({ router: r as 'learned' })))).toEqual([
    0, 0, 0,
  ]);
  const { moe: _moe, ...dense } = small({}).model;
  expect(tableKeys({ ...small({}), model: dense })).toBe(0);
});

describe.each(TABLES)('a %s', (router) => {
  it.each([
    [1, 1],
    [5, 1],
    [5, 3],
    [4, 4],
    [16, 2],
    [64, 4],
  ])('of %i experts gives each key %i different ones', (nExperts, topK) => {
    for (const row of rowsOf(small({ router, nExperts, topK }))) {
      expect(row.every((e) => Number.isInteger(e) && e >= 0 && e < nExperts)).toBe(true);
      expect(new Set(row).size).toBe(topK);
    }
  });

  it.each([1, 5, 16, 64])('deals the first ones out evenly over %i experts', (nExperts) => {
    const first = rowsOf(small({ router, nExperts, topK: 1 })).map(([e]) => e!);
    const visits = Array.from({ length: nExperts }, (_, e) => first.filter((other) => other === e).length);
    expect(Math.max(...visits) - Math.min(...visits)).toBeLessThanOrEqual(1);
  });

  it('has the same first experts whatever k is', () => {
    const first = (topK: number) => rowsOf(small({ router, topK })).map(([e]) => e);
    expect(first(3)).toEqual(first(1));
  });

  it('repeats itself, and changes with the seed and the layer', () => {
    const config = small({ router });
    expect(rowsOf(config)).toEqual(rowsOf(config));
    expect(rowsOf(config, 2)).not.toEqual(rowsOf(config));
    expect(rowsOf(config, 1, 1)).not.toEqual(rowsOf(config));
  });
});

it('gives each topic of the race an expert of its own', () => {
  const race = staticConfig(sparseSpec());
  const moe = { nExperts: 16, topK: 1, router: 'topic-table' as const };
  const experts = rowsOf({ ...race, model: { ...race.model, moe } }).flat();
  expect([...experts].sort((a, b) => a - b)).toEqual([...experts.keys()]);
  expect(experts).not.toEqual([...experts.keys()]); // not in the topics' order
});

it('has second experts at every distance from the first, about equally often', () => {
  const counts = new Array<number>(5).fill(0);
  for (let seed = 0; seed < 100; seed++) {
    for (const [first, second] of rowsOf(small({ router: 'token-table', topK: 2 }), seed)) {
      counts[(second! - first! + 5) % 5]! += 1;
    }
  }
  // 3200 draws over four distances: 800 each, with a standard deviation of √(3200·¼·¾) = 24.5.
  expect(counts[0]).toBe(0);
  for (const count of counts.slice(1)) expect(Math.abs(count - 800)).toBeLessThan(4.5 * 24.5);
});
