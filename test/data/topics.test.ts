import { describe, expect, it } from 'vitest';
import type { Hyper, StaticConfig, TopicsSource } from '../../src/config/run-spec';
import {
  evaluationBatch,
  MASKED,
  noiseThreshold,
  openTopics,
  sampleDocument,
  successorNll,
  topicsEntropy,
  topicTables,
  trainingBatch,
  trainingDocument,
  type TopicsDocument,
  type TopicTables,
} from '../../src/data/topics';
import { raceConfig, raceHyper } from '../config/specs';

/** The race's source with another lag. */
function config(lag: 1 | 2): StaticConfig<TopicsSource> {
  const race = raceConfig();
  return { ...race, source: { ...race.source, lag } };
}

/**
 * Loss of the exact Bayes predictor on scored tokens, from the definition of the process alone: the tag in
 * the inputs names the topic; its row of the table and the noise give p(token). Returns every token's loss.
 */
function bayesLosses(
  documents: TopicsDocument[],
  source: StaticConfig<TopicsSource>['source'],
  tables: TopicTables,
  noise: number,
): number[] {
  const losses: number[] = [];
  for (const { inputs, targets } of documents) {
    const topic = inputs[0]! - source.vocabSize;
    for (let t = source.lag; t < targets.length; t++) {
      const given = inputs[t - source.lag + 1]!; // inputs[t] is s(t); the target at t is s(t + 1)
      const p = new Float64Array(source.vocabSize).fill(noise / source.vocabSize);
      for (const [rank, chance] of [0.7, 0.15, 0.1, 0.05].entries()) {
        const next = tables.successors[(topic * source.vocabSize + given) * 4 + rank]!;
        p[next] = p[next]! + (1 - noise) * chance;
      }
      losses.push(-Math.log(p[targets[t]!]!));
    }
  }
  return losses;
}

function meanAndError(values: number[]): { mean: number; error: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}

/** Enough documents for at least 32,768 scored tokens. */
const DOCUMENTS = 1200;

describe('the stated floor', () => {
  it('is .91429 nats without noise', () => {
    expect(topicsEntropy(raceConfig().source, { noise: 0 })).toBeCloseTo(0.91429, 5);
  });

  it('is log V when everything is noise', () => {
    expect(topicsEntropy(raceConfig().source, { noise: 1 })).toBeCloseTo(Math.log(32), 12);
  });

  const cases: [string, 1 | 2, Partial<Hyper>][] = [
    ['lag 1, zipf 0', 1, {}],
    ['lag 1, zipf 1', 1, { zipf: 1 }],
    ['lag 2, zipf 0', 2, {}],
    ['lag 2, zipf 1', 2, { zipf: 1 }],
    ['lag 1, share .9', 1, { share: 0.9 }],
    ['lag 1, noise .2', 1, { noise: 0.2 }],
    ['lag 2, noise .2, share .9, zipf 1', 2, { noise: 0.2, share: 0.9, zipf: 1 }],
  ];
  it.each(cases)('is what a Bayes predictor measures: %s', (_name, lag, changes) => {
    const static_ = config(lag);
    const hyper = { ...raceHyper, seed: 3, ...changes };
    const tables = topicTables(static_.source, hyper);
    const documents = Array.from({ length: DOCUMENTS }, (_, index) =>
      sampleDocument(static_, hyper, tables, 'train', index),
    );
    const losses = bayesLosses(documents, static_.source, tables, hyper.noise);
    expect(losses.length).toBe(DOCUMENTS * (32 - lag));
    expect(losses.length).toBeGreaterThanOrEqual(32_768);
    const { mean, error } = meanAndError(losses);
    expect(Math.abs(mean - topicsEntropy(static_.source, hyper))).toBeLessThan(3 * error);

    // The sampler's own −log p is that predictor's, token by token, in float32.
    const own = documents.flatMap((document) => [...document.nll.subarray(lag)]);
    const deviations = losses.map((loss, i) => Math.abs(own[i]! - loss));
    expect(Math.max(...deviations)).toBeLessThan(5 * 2 ** -23); // the largest −log p is below 8
  });

  it('would be missed by a predictor that mistakes the lag', () => {
    const hyper = { ...raceHyper, noise: 0.2 };
    const static_ = config(1);
    const tables = topicTables(static_.source, hyper);
    const documents = Array.from({ length: 100 }, (_, index) => sampleDocument(static_, hyper, tables, 'train', index));
    const { mean } = meanAndError(bayesLosses(documents, config(2).source, tables, 0.2));
    expect(mean).toBeGreaterThan(topicsEntropy(static_.source, hyper) + 1);
  });
});

describe('successorNll', () => {
  it('is a distribution', () => {
    const { successors, other } = successorNll({ noise: 0.3 }, 32);
    expect(successors.reduce((sum, nll) => sum + Math.exp(-nll), 28 * Math.exp(-other))).toBeCloseTo(1, 12);
  });

  it('calls other tokens impossible without noise', () => {
    expect(successorNll({ noise: 0 }, 32).other).toBe(Infinity);
  });
});

describe('topicTables', () => {
  const source = raceConfig().source;
  const row = (tables: TopicTables, topic: number, token: number) =>
    [...tables.successors.subarray((topic * 32 + token) * 4, (topic * 32 + token) * 4 + 4)].join();

  it('give every row four distinct tokens', () => {
    const { successors } = topicTables(source, raceHyper);
    for (let i = 0; i < successors.length; i += 4) {
      const tokens = successors.subarray(i, i + 4);
      expect(new Set(tokens).size).toBe(4);
      expect(Math.max(...tokens)).toBeLessThan(32);
    }
  });

  it('use all tokens evenly at every rank', () => {
    const { successors } = topicTables({ ...source, topics: 64 }, raceHyper);
    for (let rank = 0; rank < 4; rank++) {
      const counts = new Array<number>(32).fill(0);
      for (let i = rank; i < successors.length; i += 4) counts[successors[i]!]! += 1;
      const chiSquare = counts.reduce((sum, count) => sum + (count - 64) ** 2 / 64, 0);
      expect(chiSquare).toBeLessThan(71.4); // χ² with 31 degrees of freedom, upper 0.00005
    }
  });

  it('have the rows of round(share·V) tokens in common, and leave the others as they were', () => {
    const alone = topicTables(source, { ...raceHyper, share: 0 });
    const shared = topicTables(source, { ...raceHyper, share: 0.9 });
    for (let token = 0; token < 32; token++) {
      const rows = Array.from({ length: 16 }, (_, topic) => row(shared, topic, token));
      if (token < 29) expect(new Set(rows)).toEqual(new Set([row(alone, 0, token)]));
      else expect(rows).toEqual(Array.from({ length: 16 }, (_, topic) => row(alone, topic, token)));
    }
    expect(row(alone, 0, 0)).not.toBe(row(alone, 1, 0));
  });

  it('have Zipf thresholds', () => {
    const probabilities = (zipf: number) => {
      const { cdf } = topicTables(source, { ...raceHyper, zipf });
      expect(cdf[15]).toBe(0xffffffff);
      return [...cdf].map((threshold, z) => (threshold - (z === 0 ? 0 : cdf[z - 1]!)) / 2 ** 32);
    };
    for (const p of probabilities(0)) expect(p).toBeCloseTo(1 / 16, 7);
    const zipf1 = probabilities(1);
    for (const [z, p] of zipf1.entries()) expect(p * (z + 1)).toBeCloseTo(zipf1[0]!, 6);
    // Even where p underflows a u32 unit no topic is empty.
    expect(Math.min(...probabilities(40))).toBeGreaterThan(0);
  });

  it('differ by seed', () => {
    expect(topicTables(source, { ...raceHyper, seed: 2 }).successors).not.toEqual(
      topicTables(source, raceHyper).successors,
    );
  });
});

describe('sampleDocument', () => {
  const sample = (
    changes: Partial<Hyper>,
    lag: 1 | 2,
    count: number,
    open = 1,
    stream: 'train' | 'evaluation' = 'train',
  ) => {
    const hyper = { ...raceHyper, ...changes };
    const tables = topicTables(config(lag).source, hyper);
    return Array.from({ length: count }, (_, index) => sampleDocument(config(lag), hyper, tables, stream, index, open));
  };
  const topicsOf = (documents: TopicsDocument[]) => documents.map((document) => document.inputs[0]! - 32);

  it.each([1, 2] as const)('shifts inputs against targets and masks the first %i', (lag) => {
    for (const { inputs, targets, nll } of sample({}, lag, 50)) {
      expect([...targets.subarray(0, lag)]).toEqual(new Array(lag).fill(MASKED));
      expect([...nll.subarray(0, lag)]).toEqual(new Array(lag).fill(0));
      expect([...inputs.subarray(lag + 1)]).toEqual([...targets.subarray(lag, 31)]);
      expect(inputs[0]).toBeGreaterThanOrEqual(32);
      expect(Math.max(...inputs.subarray(1), targets[31]!)).toBeLessThan(32);
    }
  });

  it.each([0, 1])('draws topics by Zipf %d', (zipf) => {
    const n = 8000;
    const counts = new Array<number>(16).fill(0);
    for (const topic of topicsOf(sample({ zipf }, 1, n))) counts[topic]! += 1;
    const weights = counts.map((_, z) => (z + 1) ** -zipf);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const chiSquare = counts.reduce((sum, count, z) => {
      const expected = (n * weights[z]!) / total;
      return sum + (count - expected) ** 2 / expected;
    }, 0);
    expect(chiSquare).toBeLessThan(44.3); // χ² with 15 degrees of freedom, upper 0.0001
  });

  it('draws ranks by (.70, .15, .10, .05), first tokens and noise uniformly', () => {
    const noise = 0.25;
    const ranks = new Array<number>(4).fill(0);
    const firsts = new Array<number>(32).fill(0);
    let replaced = 0;
    let scored = 0;
    const hyper = { ...raceHyper, noise };
    const tables = topicTables(config(1).source, hyper);
    for (const { inputs, targets } of sample({ noise }, 1, 2000)) {
      firsts[inputs[1]!]! += 1;
      for (let t = 1; t < 32; t++) {
        const row = ((inputs[0]! - 32) * 32 + inputs[t]!) * 4;
        const rank = tables.successors.subarray(row, row + 4).indexOf(targets[t]!);
        scored += 1;
        if (rank < 0) replaced += 1;
        else ranks[rank]! += 1;
      }
    }
    // Binomial: five standard deviations.
    const close = (count: number, n: number, p: number) =>
      expect(Math.abs(count - n * p)).toBeLessThan(5 * Math.sqrt(n * p * (1 - p)));
    close(replaced, scored, noise * (28 / 32));
    for (const [rank, p] of [0.7, 0.15, 0.1, 0.05].entries()) close(ranks[rank]!, scored, (1 - noise) * p + noise / 32);
    for (const count of firsts) close(count, 2000, 1 / 32);
  });

  it('is clean in evaluation, and another stream than training', () => {
    const noisy = sample({ noise: 0.5, curriculum: 'easy-first' }, 1, 40, 1 / 8, 'evaluation');
    expect(noisy).toEqual(sample({}, 1, 40, 1, 'evaluation'));
    expect(noisy).not.toEqual(sample({}, 1, 40));
    const largest = Math.max(...noisy.flatMap(({ nll }) => [...nll]));
    expect(largest).toBeCloseTo(-Math.log(0.05), 6);
  });

  it('opens the most frequent topics first, or the rarest, in their own proportions', () => {
    const n = 3000;
    const easy = topicsOf(sample({ curriculum: 'easy-first', zipf: 1 }, 1, n, 1 / 8));
    expect(new Set(easy)).toEqual(new Set([0, 1]));
    const p = 2 / 3; // 1 : ½
    const first = easy.filter((topic) => topic === 0).length;
    expect(Math.abs(first - n * p)).toBeLessThan(5 * Math.sqrt(n * p * (1 - p)));
    const hard = topicsOf(sample({ curriculum: 'hard-first', zipf: 1 }, 1, n, 1 / 8));
    expect(new Set(hard)).toEqual(new Set([14, 15]));
    const all = topicsOf(sample({ curriculum: 'hard-first', zipf: 1 }, 1, n, 1));
    expect(all).toEqual(topicsOf(sample({ zipf: 1 }, 1, n)));
  });
});

describe('openTopics', () => {
  it('rounds, and keeps at least one', () => {
    expect(openTopics(16, 'shuffled', 0.125)).toEqual([0, 16]);
    expect(openTopics(16, 'easy-first', 0)).toEqual([0, 1]);
    expect(openTopics(16, 'easy-first', 0.5)).toEqual([0, 8]);
    expect(openTopics(16, 'hard-first', 0.53)).toEqual([8, 16]); // 8.48
    expect(openTopics(16, 'hard-first', 0.54)).toEqual([7, 16]); // 8.64
    expect(openTopics(16, 'hard-first', 1)).toEqual([0, 16]);
  });
});

describe('batches', () => {
  it('number documents through the steps and repeat them when they are limited', () => {
    const static_ = raceConfig();
    expect(trainingDocument(static_, raceHyper, 3, 5)).toBe(53);
    expect(trainingDocument(static_, { ...raceHyper, uniqueDocuments: 50 }, 3, 5)).toBe(3);
    const hyper = { ...raceHyper, uniqueDocuments: 32 };
    const tables = topicTables(static_.source, hyper);
    expect(trainingBatch(static_, hyper, tables, 2, 1)).toEqual(trainingBatch(static_, hyper, tables, 0, 1));
    expect(trainingBatch(static_, hyper, tables, 1, 1)).not.toEqual(trainingBatch(static_, hyper, tables, 0, 1));
    expect(evaluationBatch(static_, hyper, tables, 2)).not.toEqual(evaluationBatch(static_, hyper, tables, 0));
  });

  it('are what this version of the generator draws', () => {
    // Golden: a change of these numbers is a change of every recorded result.
    const tables = topicTables(raceConfig().source, raceHyper);
    const [document] = trainingBatch(raceConfig(), raceHyper, tables, 0, 1);
    expect([...document!.inputs].join(' ')).toBe(
      '43 26 27 5 12 21 19 19 4 4 11 16 10 29 5 23 21 11 23 29 11 31 4 13 11 22 10 0 5 20 25 18',
    );
    expect([...tables.successors.subarray(0, 8)].join(' ')).toBe('11 5 15 14 28 5 7 2');
  });
});

describe('noiseThreshold', () => {
  it('is a u32', () => {
    expect([0, 0.5, 1].map(noiseThreshold)).toEqual([0, 2 ** 31, 0xffffffff]);
  });
});
