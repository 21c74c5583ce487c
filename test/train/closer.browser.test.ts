/** What a closer look shows is what the float64 model does with the same weights. */
import { expect, it } from 'vitest';
import { staticConfig, type MoeConfig, type RunSpec } from '../../src/config/run-spec';
import { tinySpec } from '../config/specs';
import { textSpec, wordsTokens } from '../config/texts';
import { OWN_PROFILE } from '../ops/harness';
import { attentionWeights } from '../reference/attention';
import { forwardBackward } from '../reference/decoder';
import { sparseInputs } from '../reference/sparse-layer';
import { readTensors, runSteps, withCohort } from './cohorts';

const STEPS = 12;
/** Two layers of two heads, small enough to be compiled soon; with three experts, of which a token visits two. */
function small(seed: number, moe?: MoeConfig): RunSpec {
  const tiny = tinySpec({ seed, lr: 0.02 });
  return { ...tiny, model: { ...tiny.model, dModel: 8, nHeads: 2, nLayers: 2, dFf: 8, ...(moe && { moe }) } };
}

const MOE: MoeConfig = { nExperts: 3, topK: 2, router: 'learned' };
const dense = [small(1), small(2)];
const sparse = [small(1, MOE), small(2, MOE)];
const CASES = [
  { model: 'dense', specs: dense, bundled: false },
  { model: 'two of three experts', specs: sparse, bundled: false },
  { model: 'two of three experts', specs: sparse, bundled: true },
];

it.each(CASES)('$model, bundled $bundled', async ({ specs, bundled }) => {
  const [spec] = specs as [RunSpec];
  const config = staticConfig(spec);
  const { nHeads: heads, dModel, nLayers } = config.model;
  const { seqLen } = config;
  await withCohort(
    specs,
    async (cohort) => {
      await runSteps(cohort, STEPS);
      const { step, documents } = await cohort.lookCloser();
      expect([step, documents.length]).toEqual([STEPS, 3]);
      const weights = new Map(
        [...(await readTensors(cohort, 'params', 0))].map(([name, values]) => [name, Float64Array.from(values)]),
      );
      const inputs = Uint32Array.from(documents.flatMap(({ tokens }) => tokens));
      const targets = new Uint32Array(inputs.length);
      const { projections, routings } = forwardBackward(
        config,
        weights,
        { inputs, targets },
        sparseInputs(config, spec.hyper),
      );
      const shape = { batch: documents.length, seqLen, heads, headWidth: dModel / heads };
      let differ = 0;
      let visits = 0;
      for (let layer = 0; layer < nLayers; layer++) {
        const want = attentionWeights(projections[layer]!, shape);
        documents.forEach(({ attention, experts }, d) => {
          const own = want.subarray(d * heads * seqLen * seqLen, (d + 1) * heads * seqLen * seqLen);
          expect(attention[layer]).toHaveLength(own.length);
          attention[layer]!.forEach((p, i) => expect(Math.abs(p - own[i]!)).toBeLessThan(2e-4));
          const chosen = routings[layer]?.experts.subarray(
            d * seqLen * config.model.moe!.topK,
            (d + 1) * seqLen * config.model.moe!.topK,
          );
          expect(experts).toHaveLength(chosen ? nLayers : 0);
          experts[layer]?.forEach((expert, i) => (differ += expert === chosen![i] ? 0 : 1));
          visits += chosen?.length ?? 0;
        });
      }
      // Two experts may be so close that rounding decides.
      expect(differ).toBeLessThanOrEqual(visits / 100);
    },
    OWN_PROFILE,
    bundled,
  );
});

it('of a text shows its characters, and a look and an evaluation beside it see what they did', async () => {
  const text = await wordsTokens();
  const spec = textSpec(text);
  await withCohort(
    [spec],
    async (cohort) => {
      const before = await cohort.evaluate();
      const [seen, closer, again] = await Promise.all([cohort.look(), cohort.lookCloser(), cohort.evaluate()]);
      expect(seen.written).toHaveLength(2);
      expect(again).toEqual(before);
      for (const { tokens, characters, experts } of closer.documents) {
        expect(characters).toEqual(tokens.map((token) => text.alphabet[token]));
        expect(experts).toEqual([]);
      }
    },
    OWN_PROFILE,
    false,
    new Map([[text.source.hash, text]]),
  );
});
