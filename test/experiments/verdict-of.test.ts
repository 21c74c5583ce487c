import { describe, expect, test } from 'vitest';
import { race } from '../../src/experiments/race';
import { verdictOf } from '../../src/experiments/verdict-of';
import type { RunResult } from '../../src/protocol';

interface End {
  arm: string;
  seed: number;
  budgetFlops: number;
  excess: number;
}

function result({ arm, seed, budgetFlops, excess }: End): RunResult {
  return {
    arm,
    seed,
    excess,
    diverged: false,
    seconds: budgetFlops,
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
    expect(verdict!.sentence).toMatch(/^The sparse model reached the dense model’s final loss with 2\.0 times/);
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
