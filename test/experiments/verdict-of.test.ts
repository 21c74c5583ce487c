import { describe, expect, test } from 'vitest';
import { lossAgainstSize } from '../../src/experiments/loss-against-size';
import { race } from '../../src/experiments/race';
import { sentenceOf, verdictOf } from '../../src/experiments/verdict-of';
import type { RunResult } from '../../src/protocol';

interface End {
  arm: string;
  seed: number;
  budgetFlops: number;
  excess: number;
  size?: number;
}

function result({ arm, seed, budgetFlops, excess, size = 1 }: End): RunResult {
  return {
    arm,
    seed,
    excess,
    diverged: false,
    seconds: budgetFlops,
    paramsNonEmbedding: size,
    branch: { budgetFlops },
  } as RunResult;
}

/** Three seeds of each arm at three budgets; an arm is as good as another is at `factor` times the compute. */
function raced(factors: Record<string, number>): RunResult[] {
  return Object.entries(factors).flatMap(([arm, factor]) =>
    [1, 2, 3].flatMap((seed) =>
      [1, 2, 4].map((budgetFlops) =>
        result({ arm, seed, budgetFlops, excess: 1 / Math.sqrt(factor * budgetFlops) + seed / 1e4 }),
      ),
    ),
  );
}

describe('of the race', () => {
  test('compares the dense and the sparse arm, whatever ran beside them', () => {
    const verdict = verdictOf(race, raced({ 'table by token': 0.2, dense: 1, sparse: 2 }));
    expect(verdict).toMatchObject({ kind: 'race', dense: 'dense', sparse: 'sparse', outcome: 'sparse-wins', seeds: 3 });
    expect(sentenceOf(verdict!)).toMatch(/^The sparse model reached the dense model’s final loss with 2\.0 times/);
  });

  test('without the dense arm it is the one that the case names', () => {
    const verdict = verdictOf(race, raced({ sparse: 2, 'frozen router': 1, 'told the topic': 3 }));
    expect(verdict).toMatchObject({ kind: 'race', dense: 'frozen router', sparse: 'sparse' });
  });

  test('is none where no case compares the arms', () => {
    expect(verdictOf(race, raced({ sparse: 2, 'dense, equal memory': 3 }))).toBeNull();
    expect(verdictOf(race, raced({ dense: 1 }))).toBeNull();
    expect(verdictOf(race, [])).toBeNull();
  });
});

describe('of the ladder', () => {
  const excess = { 100: 1.2, 200: 1, 400: 0.6 };
  const runs = Object.entries(excess).flatMap(([size, value]) =>
    [1, 2, 3].flatMap((seed) =>
      // Earlier ends are worse, and must not be looked at.
      [1, 2].map((budgetFlops) => {
        const arm = `width ${size}`;
        return result({ arm, seed, budgetFlops, excess: (value + seed / 100) * (3 - budgetFlops), size: Number(size) });
      }),
    ),
  );

  test('compares the smallest and the largest at their last ends', () => {
    const verdict = verdictOf(lossAgainstSize, runs);
    expect(verdict).toMatchObject({
      kind: 'ladder',
      outcome: 'larger-better',
      pairs: 3,
      sizes: 3,
      smallest: 'width 100',
    });
    expect(sentenceOf(verdict!)).toMatch(
      /^Width 400 ended 2\.0× closer to the floor than width 100 \(95 % interval of their ratio .*, three seeds a size\)\.$/,
    );
  });

  test('one seed has no interval', () => {
    const verdict = verdictOf(
      lossAgainstSize,
      runs.filter(({ seed }) => seed === 1),
    );
    expect(sentenceOf(verdict!)).toBe(
      'One seed decides nothing: width 100 ended at 2.0× the distance of width 400 from the floor (one seed a size).',
    );
  });

  test('is none where there is nothing to compare', () => {
    expect(verdictOf(lossAgainstSize, [])).toBeNull();
  });
});
