/**
 * An experiment as data. The form, the runs, the charts and the verdict all derive from one of these values,
 * which is JSON-serialisable: it holds no functions.
 */
import type { BudgetName, Hyper, ModelConfig, RunSpec } from '../config/run-spec';
import { BUDGETS } from '../config/run-spec';
import { stepsForBudget, tokensPerStep } from '../config/flops';
import type { RunRequest } from '../protocol';

/** One of the things that are compared on purpose. */
export interface Arm {
  name: string;
  model: Partial<ModelConfig>;
}

/** The peak learning rate as a function of width: `coefficient · dModel^exponent`. */
export interface LearningRateRule {
  coefficient: number;
  exponent: number;
  /** Long runs want a smaller rate: it is multiplied by `factor` beyond `steps` steps. */
  long: { steps: number; factor: number };
}

export interface Experiment {
  id: string;
  /** A few words for headings and lists. */
  title: string;
  /** The question in one sentence. */
  question: string;
  /** What everything shares; arms and seeds replace parts of it. */
  base: RunSpec;
  /** What varies on purpose. */
  varies: { what: string; arms: Arm[] };
  /** What is tuned away, so that it cannot decide the comparison. */
  tuned: { what: string; lr: LearningRateRule };
  /** What is held fixed, as sentences. */
  fixed: string[];
  /** One run a seed and arm; a seed fixes the source's tables, the data order and the initial weights. */
  seeds: number[];
  /** Budgets that it may be run at, named by the FLOPs of the largest run. */
  budgets: BudgetName[];
  /** Warm-up steps at budgets whose runs are too short for the base's. */
  warmupSteps: Partial<Record<BudgetName, number>>;
  /** What is measured, in words. */
  measured: string;
  /** The claim that it tests, and what the literature says about it. */
  claim: string;
  literature: { says: string; sources: string[] };
}

function learningRate(rule: LearningRateRule, dModel: number, steps: number): number {
  const rate = rule.coefficient * dModel ** rule.exponent;
  return steps > rule.long.steps ? rate * rule.long.factor : rate;
}

/**
 * The runs of an experiment at one budget, arm by arm and seed by seed. Every arm trains on the same number
 * of tokens: as many as the budget buys for the arm that is dearest per token.
 */
export function expand(experiment: Experiment, budget: BudgetName): RunRequest[] {
  const { base } = experiment;
  const models = experiment.varies.arms.map((arm) => ({ ...base.model, ...arm.model }));
  const steps = Math.min(...models.map((model) => stepsForBudget({ ...base, model }, { flops: BUDGETS[budget] })));
  const tokens = steps * tokensPerStep(base);
  const schedule = { ...base.schedule, warmupSteps: experiment.warmupSteps[budget] ?? base.schedule.warmupSteps };

  return experiment.varies.arms.flatMap((arm, index) => {
    const model = models[index] ?? base.model;
    return experiment.seeds.map((seed) => {
      const hyper: Hyper = { ...base.hyper, seed, lr: learningRate(experiment.tuned.lr, model.dModel, steps) };
      return { arm: arm.name, spec: { ...base, model, schedule, budget: { tokens }, hyper } };
    });
  });
}
