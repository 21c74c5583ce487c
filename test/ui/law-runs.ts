/** Results of an experiment as a known law would have them, and fits that say so. */
import { countParameters, tokensPerStep, totalSteps, branchesOf, trainFlopsPerStep } from '../../src/config/flops';
import type { BudgetName } from '../../src/config/run-spec';
import { expand, type Experiment } from '../../src/experiments/experiment';
import type { Fit } from '../../src/fit-protocol';
import type { RunResult } from '../../src/protocol';
import { INITIAL_STATE, type LabState } from '../../src/ui/store';

export const FLOOR = 0.9;

/** Excess by active parameters and tokens. */
export type Law = (n: number, d: number) => number;

/** What a seed multiplies the excess by: seed 2 is the law itself. */
export function luck(seed: number): number {
  return 1 + 0.02 * (seed - 2);
}

/** Every end of every run. */
export function runsOf(experiment: Experiment, budget: BudgetName, law: Law): RunResult[] {
  return expand(experiment, budget).flatMap(({ arm, spec }) =>
    branchesOf(spec).map(({ steps, fraction }): RunResult => {
      const { total, nonEmbedding, active } = countParameters(spec);
      const tokens = steps * tokensPerStep(spec);
      const excess = law(active, tokens) * luck(spec.hyper.seed);
      const flops = totalSteps(spec) * trainFlopsPerStep(spec);
      const step = [1, Math.ceil(steps / 4), Math.ceil(steps / 2), steps];
      return {
        ...{ arm, seed: spec.hyper.seed, spec, identity: `${arm}/${spec.hyper.seed}`, lr: spec.hyper.lr },
        ...{ kernelProfile: 'register', trainFlops: steps * trainFlopsPerStep(spec), executedFlops: 1, tokens },
        ...{ paramsTotal: total, paramsNonEmbedding: nonEmbedding, paramsActive: active },
        ...{ loss: FLOOR + excess, floor: FLOOR, excess, evalTokens: 32_768, diverged: false, seconds: 2 },
        branch: { budgetFlops: fraction * flops },
        changes: [],
        curve: {
          step,
          flops: step.map((each) => each * trainFlopsPerStep(spec)),
          loss: [3, 2.4, 1.8, 1 + FLOOR],
          excess: [3 - FLOOR, 1.5, 0.9, excess],
        },
      };
    }),
  );
}

export function power(A: number, alpha: number): Law {
  return (n) => A * n ** -alpha;
}

/** A power law in N as a fit would report it, drawn from 1,000 to 200,000. */
export function fitted(kind: string, A: number, alpha: number, change: Partial<Fit> = {}): Fit {
  const x = Array.from({ length: 40 }, (_, i) => 1e3 * 200 ** (i / 39));
  const y = x.map((n) => A * n ** -alpha);
  return {
    ...{
      law: 'power',
      kind,
      x: 'n',
      parameters: { A, alpha, E: 0 },
      intervals: { alpha: [alpha - 0.03, alpha + 0.03] },
    },
    ...{ objective: 0, delta: 0.01, r2: 0.99, runs: 15, sizes: 5, enough: true, notes: [] },
    curve: { x, y, low: y.map((value) => 0.95 * value), high: y.map((value) => 1.05 * value) },
    ...change,
  };
}

export function stateOf(law: Partial<LabState['law']>, change: Partial<LabState> = {}): LabState {
  return { ...INITIAL_STATE, ...change, law: { ...INITIAL_STATE.law, ...law } };
}
