import { describe, expect, test } from 'vitest';
import { staticConfig, type StaticConfig } from '../../src/config/run-spec';
import { closerDocuments, layerRouting, LOOK_DOCUMENTS, readDocuments } from '../../src/train/look';
import { sparseSpec } from '../config/specs';

const sparse = staticConfig(sparseSpec());

/** Documents of three tokens, four topics, eight syllables; three experts, of which two are visited. */
const config: StaticConfig = {
  ...sparse,
  model: { ...sparse.model, moe: { nExperts: 3, topK: 2, router: 'learned' } },
  source: { kind: 'topics', vocabSize: 8, topics: 4, lag: 1 },
  seqLen: 3,
};

const TAG = 8;

describe('use of the experts', () => {
  const inputs = Uint32Array.of(TAG + 1, 0, 1, TAG + 3, 2, 3);
  const experts = Uint32Array.of(...[0, 1, 0, 1, 0, 1], ...[0, 1, 1, 0, 1, 0]);

  test('in all, and topic by topic', () => {
    const routing = layerRouting(config, inputs, experts, Float32Array.of(0.5, 0.5, 0.5, 1, 1, 1));
    expect(routing.load).toEqual([0.5, 0.5, 0]);
    expect(routing.byTopic).toEqual([
      [0, 0, 0],
      [0.5, 0.5, 0],
      [0, 0, 0],
      [0.5, 0.5, 0],
    ]);
    expect(routing.entropy).toBe(0.75);
    expect(routing.dead).toBe(1);
  });

  test('a table has no entropy', () => {
    expect(layerRouting(config, inputs, experts).entropy).toBe(0);
  });

  test('one expert that gets all', () => {
    const { load, dead } = layerRouting(config, inputs, new Uint32Array(12).fill(2));
    expect(load).toEqual([0, 0, 1]);
    expect(dead).toBe(2);
  });
});

describe('documents', () => {
  const inputs = Uint32Array.of(TAG, 0, 1, TAG, 2, 3, TAG + 2, 4, 5, TAG + 3, 6, 7);
  const targets = Uint32Array.of(0, 1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 0);
  const logits = new Float32Array(12 * 8);
  // At the first place of the third document, token 4 is held 3 times as likely as each other one, 6 twice.
  logits[6 * 8 + 4] = Math.log(3);
  logits[6 * 8 + 6] = Math.log(2);

  const documents = readDocuments(config, inputs, targets, logits);

  test('are of different topics while there are some', () => {
    expect(documents).toHaveLength(LOOK_DOCUMENTS);
    expect(documents.map(({ topic }) => topic)).toEqual([0, 2, 3]);
  });

  test('have all their tokens, the last one too', () => {
    expect(documents.map(({ tokens }) => tokens)).toEqual([
      [0, 1, 2],
      [4, 5, 6],
      [6, 7, 0],
    ]);
  });

  test('have what the model held likely', () => {
    const { guess, guessProbability, probability } = documents[1]!;
    expect(guess[0]).toBe(4);
    expect(guessProbability[0]).toBeCloseTo(3 / 11, 6);
    expect(probability[0]).toBeCloseTo(3 / 11, 6);
    expect(probability[1]).toBeCloseTo(1 / 8, 6);
  });
});

describe('a closer look', () => {
  const inputs = Uint32Array.of(TAG + 1, 0, 1, TAG + 3, 2, 3, TAG + 1, 4, 5);
  const experts = Uint32Array.from({ length: 18 }, (_, i) => i);
  const heads = config.model.nHeads;
  const weights = Float32Array.from({ length: 2 * heads * 9 }, (_, i) => i);

  test('has of the first documents their tokens, their experts and their weights, and of no others', () => {
    const documents = closerDocuments(config, 2, inputs, [experts], [weights]);
    expect(documents.map(({ tokens }) => tokens)).toEqual([
      [TAG + 1, 0, 1],
      [TAG + 3, 2, 3],
    ]);
    expect(documents.map((each) => each.experts)).toEqual([[[0, 1, 2, 3, 4, 5]], [[6, 7, 8, 9, 10, 11]]]);
    expect(documents.map(({ attention }) => attention[0]![0])).toEqual([0, 9 * heads]);
    expect(documents[1]!.attention[0]).toHaveLength(9 * heads);
  });

  test('of a dense model has no experts', () => {
    const { moe: _none, ...model } = config.model;
    const [document] = closerDocuments({ ...config, model }, 1, inputs, [], [weights]);
    expect(document!.experts).toEqual([]);
  });
});
