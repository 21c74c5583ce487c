import { expect, test } from 'vitest';
import { groupedTile } from '../../src/gpu/profile';
import { groupedRows, groupedWeights } from '../../src/ops/grouped-matmul';
import { route } from '../../src/ops/route';
import { matmul } from '../reference/linear';
import { randomIntegers } from '../reference/random';
import { doubles, expectClose, normal, PROFILES, runOp, words } from './harness';

const [ROWS, TOP_K, GROUPS, K, N] = [29, 2, 6, 20, 28];
const SLOTS = ROWS * TOP_K;

/** Group 3 has no slot. */
const ids = [0, 1].map((r) => randomIntegers(SLOTS, GROUPS, 60 + r).map((id) => (id === 3 ? 1 : id)));

/** Slots in the order of their groups. */
function places(groups: Uint32Array): number[] {
  return [...groups.keys()].sort((a, b) => groups[a]! - groups[b]! || a - b);
}

const rowOf = (matrix: Float64Array, row: number, cols: number): Float64Array =>
  matrix.slice(row * cols, (row + 1) * cols);

test.each(PROFILES)(
  '%s: rows of tokens meet the matrix of their slot’s group, and go where they are wanted',
  async (profile) => {
    const inputs = {
      ids: words([SLOTS], ...ids),
      gates: normal([SLOTS], 1),
      a: normal([ROWS, K], 2),
      weight: normal([GROUPS, K, N], 3),
      transposed: normal([GROUPS, N, K], 4),
    };
    const run = await runOp(
      inputs,
      (b, t) => {
        const slots = {
          routes: route(b, t.ids, GROUPS, groupedTile(profile, SLOTS, GROUPS)),
          topK: TOP_K,
          gates: t.gates,
        };
        const [inPlaces, inSlots] = [b.tensor('in places', [SLOTS, N]), b.tensor('in slots', [SLOTS, N])];
        groupedRows(b, slots, t.a, t.weight, inPlaces, { label: 'places', gather: true });
        groupedRows(b, slots, t.a, t.transposed, inSlots, {
          ...{ label: 'slots', gather: true, scatter: true, scale: true, transposeB: true },
        });
        return { inPlaces, inSlots };
      },
      {},
      profile,
    );
    const product = (r: number, slot: number, transposeB: boolean): Float64Array => {
      const weight = doubles(transposeB ? inputs.transposed : inputs.weight)[r]!;
      const group = ids[r]![slot]!;
      const row = rowOf(doubles(inputs.a)[r]!, Math.floor(slot / TOP_K), K);
      return matmul(row, rowOf(weight, group, K * N), { m: 1, n: N, k: K, transposeB });
    };
    const joined = (rows: Float64Array[]): Float64Array => Float64Array.from(rows.flatMap((row) => [...row]));
    expectClose(
      run.outputs.inPlaces,
      ids.map((groups, r) => joined(places(groups).map((slot) => product(r, slot, false)))),
      K,
    );
    expectClose(
      run.outputs.inSlots,
      ids.map((groups, r) =>
        joined(
          [...groups.keys()].map((slot) => product(r, slot, true).map((x) => x * doubles(inputs.gates)[r]![slot]!)),
        ),
      ),
      K + 1,
    );
  },
);

test('a gradient that another op has written already is refused when the plan is built', async () => {
  const build = runOp(
    { ids: words([SLOTS], ...ids), a: normal([SLOTS, K], 2), weight: normal([GROUPS, K, K], 3) },
    (b, t) => {
      const slots = {
        routes: route(b, t.ids, GROUPS, groupedTile('register', SLOTS, GROUPS)),
        topK: TOP_K,
        gates: t.a,
      };
      const options = { label: 'dW', gather: 'a' } as const;
      groupedWeights(b, slots, t.a, t.a, b.grad(t.weight), options);
      groupedWeights(b, slots, t.a, t.a, b.grad(t.weight), options);
      return { y: t.a };
    },
  );
  await expect(build).rejects.toThrow('is written twice');
});
