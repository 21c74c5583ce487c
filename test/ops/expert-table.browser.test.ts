import { expect, test } from 'vitest';
import { expertTable, type TableKey } from '../../src/ops/expert-table';
import { randomIntegers } from '../reference/random';
import { asWords, runOp, words } from './harness';

const [DOCUMENTS, SEQ_LEN, VOCABULARY, TOPICS, EXPERTS, TOP_K] = [3, 7, 12, 5, 9, 3];
const ROWS = DOCUMENTS * SEQ_LEN;

/** Documents that begin with the tag of a topic. */
function documents(stream: number): Uint32Array {
  const topics = randomIntegers(DOCUMENTS, TOPICS, stream + 5);
  return randomIntegers(ROWS, VOCABULARY, stream).map((token, row) =>
    row % SEQ_LEN === 0 ? VOCABULARY + topics[row / SEQ_LEN]! : token,
  );
}

test.each<{ key: TableKey; keys: number; keyOf: (ids: Uint32Array, row: number) => number }>([
  { key: 'token', keys: VOCABULARY + TOPICS, keyOf: (ids, row) => ids[row]! },
  { key: 'position', keys: SEQ_LEN, keyOf: (_ids, row) => row % SEQ_LEN },
  { key: 'topic', keys: TOPICS, keyOf: (ids, row) => ids[row - (row % SEQ_LEN)]! - VOCABULARY },
])('experts by $key', async ({ key, keys, keyOf }) => {
  const ids = [documents(10), documents(11)];
  const tables = [0, 1].map((r) => randomIntegers(keys * TOP_K, EXPERTS, 20 + r));
  const run = await runOp({ ids: words([ROWS], ...ids), table: words([keys, TOP_K], ...tables) }, (b, t) => {
    const options = { key, nExperts: EXPERTS, tile: 16, seqLen: SEQ_LEN, firstTopic: VOCABULARY };
    const { experts, gates, routes } = expertTable(b, t.ids, t.table, options);
    return { experts, gates, offsets: routes.offsets };
  });
  const want = ids.map((drawn, r) =>
    Array.from({ length: ROWS * TOP_K }, (_, slot) => {
      const row = Math.floor(slot / TOP_K);
      return tables[r]![keyOf(drawn, row) * TOP_K + (slot % TOP_K)];
    }),
  );
  expect(asWords(run.outputs.experts)).toEqual(want);
  for (const gates of run.outputs.gates) expect([...gates]).toEqual(Array(ROWS * TOP_K).fill(Math.fround(1 / TOP_K)));
  for (const offsets of asWords(run.outputs.offsets)) expect(offsets.at(-1)).toBe(ROWS * TOP_K);
});
