/**
 * An experiment as data. The form, the runs, the charts and the verdict all derive from one of these values,
 * which is JSON-serialisable: it holds no functions.
 */
import type { BudgetName, ModelConfig, RunSpec, SourceConfig } from '../config/run-spec';
import { BUDGETS } from '../config/run-spec';
import { stepsForBudget, tokensPerStep } from '../config/flops';
import type { RunRequest } from '../protocol';

/** One of the things that are compared on purpose. */
export interface Arm {
  name: string;
  model: Partial<ModelConfig>;
  /** What another budget wants instead: its best width, for one. */
  at?: Partial<Record<BudgetName, Partial<ModelConfig>>>;
  /** Tuned peak learning rates; where there is none the experiment's rule decides. */
  lr?: Partial<Record<BudgetName, number>>;
  /** Only at these budgets; at all of them if absent. */
  budgets?: BudgetName[];
  /** Trains on as many tokens as this arm, whatever that costs. */
  tokensOf?: string;
}

/** What a reader may set. Absent: as the experiment has it. */
export interface Setting {
  /** Experts of each layer, and how many a token visits, in every sparse arm. */
  nExperts?: number;
  topK?: number;
  /** Width of every arm. */
  dModel?: number;
  lag?: SourceConfig['lag'];
  share?: number;
}

/** Arms that are run together: the race itself, its controls, or a counter-example. */
export interface Case {
  id: string;
  /** A few words for a card. */
  title: string;
  /** What it asks, in a sentence. */
  question: string;
  /** Names of arms. */
  arms: string[];
  setting: Setting;
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
  /** What every run is given the same amount of. */
  match: 'tokens' | 'compute';
  /** What can be run, the experiment itself first. */
  cases: [Case, ...Case[]];
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

function learningRate({ tuned }: Experiment, arm: Arm, budget: BudgetName, dModel: number, steps: number): number {
  const { coefficient, exponent, long } = tuned.lr;
  const rate = coefficient * dModel ** exponent;
  return arm.lr?.[budget] ?? (steps > long.steps ? rate * long.factor : rate);
}

/** Width of the heads that a width set by the reader is cut into. */
const HEAD_WIDTH = 8;

/** A model with what the reader set. The active hidden width stays four times the width. */
function withSetting(model: ModelConfig, { dModel, nExperts, topK }: Setting): ModelConfig {
  const width = dModel ?? model.dModel;
  const resized =
    dModel === undefined ? model : { ...model, dModel, nHeads: Math.max(1, Math.floor(dModel / HEAD_WIDTH)) };
  if (!model.moe) return { ...resized, dFf: dModel === undefined ? model.dFf : 4 * width };
  const moe = { ...model.moe, nExperts: nExperts ?? model.moe.nExperts, topK: topK ?? model.moe.topK };
  const unchanged = dModel === undefined && moe.topK === model.moe.topK;
  return { ...resized, moe, dFf: unchanged ? model.dFf : 4 * Math.round(width / moe.topK) };
}

/** What is to be run of an experiment. */
export interface Selection {
  case?: Case;
  /** Goes before the case's own setting. */
  setting?: Setting;
  seeds?: readonly number[];
}

/**
 * The runs of an experiment at one budget, arm by arm and seed by seed. With `match: 'compute'` every run spends the
 * budget; with `match: 'tokens'` all read as many tokens as the budget buys for the arm that is dearest per token.
 */
export function expand(experiment: Experiment, budget: BudgetName, selection: Selection = {}): RunRequest[] {
  const { case: chosen = experiment.cases[0], seeds = experiment.seeds } = selection;
  const setting = { ...chosen.setting, ...selection.setting };
  const { lag = experiment.base.source.lag, share = experiment.base.hyper.share } = setting;
  const base: RunSpec = {
    ...experiment.base,
    source: { ...experiment.base.source, lag },
    schedule: {
      ...experiment.base.schedule,
      warmupSteps: experiment.warmupSteps[budget] ?? experiment.base.schedule.warmupSteps,
    },
    hyper: { ...experiment.base.hyper, share },
  };
  const arms = experiment.varies.arms.map((arm) => {
    const model = withSetting({ ...base.model, ...arm.model, ...arm.at?.[budget] }, setting);
    return { arm, model, steps: stepsForBudget({ ...base, model }, { flops: BUDGETS[budget] }) };
  });
  const running = arms.filter(({ arm }) => chosen.arms.includes(arm.name) && (arm.budgets?.includes(budget) ?? true));
  const fewest = Math.min(...running.map(({ steps }) => steps));
  return running.flatMap(({ arm, model, steps: affordable }) => {
    const paced = arms.find((other) => other.arm.name === arm.tokensOf)?.steps ?? affordable;
    const steps = experiment.match === 'tokens' ? fewest : paced;
    const lr = learningRate(experiment, arm, budget, model.dModel, steps);
    return seeds.map((seed) => ({
      arm: arm.name,
      spec: { ...base, model, budget: { tokens: steps * tokensPerStep(base) }, hyper: { ...base.hyper, seed, lr } },
    }));
  });
}
