/**
 * An experiment as data. The form, the runs, the charts and the verdict all derive from one of these values,
 * which is JSON-serialisable: it holds no functions.
 */
import { branchesOf, countParameters, stepsForBudget, tokensPerStep, trainFlopsPerStep } from '../config/flops';
import {
  BUDGETS,
  type BudgetName,
  type Hyper,
  type ModelConfig,
  type RunSpec,
  type SourceConfig,
  type TextSource,
  type TopicsSource,
} from '../config/run-spec';
import type { RunRequest } from '../protocol';

/** One of the things that are compared on purpose. */
export interface Arm {
  name: string;
  /** Arms of one kind are drawn alike, and one law is fitted to them. Absent: it is the only one of its kind. */
  kind?: string;
  model: Partial<ModelConfig>;
  /** What is different about its training documents. */
  data?: Partial<Pick<Hyper, 'noise' | 'curriculum'>>;
  /** Runs with only so many of the experiment's seeds. */
  seeds?: number;
  /** Times that it reads each of its documents; absent where none is read twice. */
  epochs?: number;
  /** What another budget wants instead: its best width, for one. */
  at?: Partial<Record<BudgetName, Partial<ModelConfig>>>;
  /** Tuned peak learning rates; where there is none, or the width is another, the experiment's rule decides. */
  lr?: Partial<Record<BudgetName, number>>;
  /** Trains on as many tokens as this arm, whatever that costs. */
  tokensOf?: string;
  /** Trains for as much compute as this arm, however many tokens that is. */
  computeOf?: string;
  /** Is as wide as it takes to have about as many parameters as this arm has in all. */
  memoryOf?: string;
}

/** What a reader may set. Absent: as the experiment has it. */
export interface Setting {
  /** Experts of each layer, and how many a token visits, in every sparse arm. */
  nExperts?: number;
  topK?: number;
  /** Width of every arm. */
  dModel?: number;
  lag?: TopicsSource['lag'];
  share?: number;
  /** Another text, where texts are read. */
  text?: TextSource;
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
  /** Which two of them a race's verdict is about: what is challenged, and what challenges it. */
  compared?: { dense: string; sparse: string };
  setting: Setting;
}

/** The peak learning rate as a function of width: `coefficient · dModel^exponent`. */
export interface LearningRateRule {
  coefficient: number;
  exponent: number;
  /** Long runs want a smaller rate: it is multiplied by `factor` beyond `steps` steps. */
  long: { steps: number; factor: number };
}

/** What is tried when an experiment is tuned: every learning rate at every width, with every arm alike. */
export interface TuningGrid {
  /** Multiples of the rate that the rule gives for the width. */
  factors: number[];
  /** Widths of arms that are given their best one; the other arms keep theirs. */
  widths?: Partial<Record<string, Partial<Record<BudgetName, number[]>>>>;
  /** Never those of the experiment: a tuned number must not have seen what it is judged on. */
  seeds: number[];
}

/** What a budget's name stands for where it is not the FLOPs of each run that count. */
export interface Amount {
  /** What every run is given. */
  tokens?: number;
  flops?: number;
  /** Sequences in a batch, where longer runs take larger ones. */
  batchSize?: number;
  /** Arms that this budget adds to those of the case: sizes that a shorter run is not worth. */
  more?: string[];
}

/** What the chart of a law has along its axis. */
export type LawAxis = 'active' | 'tokens' | 'compute' | 'noise' | 'epochs' | 'curriculum';

/** A law to be fitted to each kind of arm. `n`: active parameters, `d`: tokens, `c`: training FLOPs. */
export interface WantedFit {
  law: 'power' | 'chinchilla' | 'frontier' | 'isoflop';
  x: 'n' | 'd' | 'c' | 'n,d';
  /** The floor is known where the excess over it is fitted; else it is one of the law's parameters. */
  floor: 'known' | 'free';
}

/** A guess that the reader makes before the runs, beside the article's. */
export interface Bet {
  /** What is to be guessed, as a question; its answer is a percentage. */
  question: string;
  /** What the article has it be, in per cent. */
  article: [number, number];
  /** The slider's ends, in per cent. */
  from: number;
  to: number;
}

/** How the ends of an experiment become a law, and the law an answer. */
export interface LawPlan {
  x: LawAxis;
  /** Empty where what varies is no quantity. */
  fits: WantedFit[];
  /** Which question is answered; see law-verdict.ts. */
  answer: 'size' | 'lead' | 'data' | 'compute' | 'returns' | 'balance' | 'prediction' | 'comparison';
  /** Every end of a run is a point of its own, not only the last. */
  everyEnd: boolean;
  /** Trained last, and predicted from the other arms before that. */
  predicted?: string;
  /** What the other arms are compared with. */
  baseline?: string;
  bet?: Bet;
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
  tuned: { what: string; lr: LearningRateRule; grid: TuningGrid };
  /** What is held fixed, as sentences. */
  fixed: string[];
  /** One run a seed and arm; a seed fixes the source's tables, the data order and the initial weights. */
  seeds: number[];
  /** Budgets that it may be run at, named by the FLOPs of a run, or of the largest where runs differ. */
  budgets: BudgetName[];
  /** What they stand for here; absent: every run spends the FLOPs that the name says. */
  amounts?: Partial<Record<BudgetName, Amount>>;
  /** What is measured, in words. */
  measured: string;
  /** How the ends become an answer; absent for a race. */
  law?: LawPlan;
  /** The claim that it tests, and what the literature says about it. */
  claim: string;
  literature: { says: string; sources: string[] };
}

/** The rule's peak learning rate for a run of so many steps. */
export function ruleRate({ tuned }: Experiment, dModel: number, steps: number): number {
  const { coefficient, exponent, long } = tuned.lr;
  const rate = coefficient * dModel ** exponent;
  return steps > long.steps ? rate * long.factor : rate;
}

/** Heads 8 wide, or 12 wide where 8 does not divide the width; else one. */
function headsFor(width: number): number {
  if (width % 8 === 0) return width / 8;
  return width % 12 === 0 ? width / 12 : 1;
}

/** A model of another width, number of experts or top-k. Its active hidden numbers stay in proportion to its width. */
export function resized(model: ModelConfig, { dModel = model.dModel, nExperts, topK }: Setting): ModelConfig {
  const { moe } = model;
  const active = (model.dFf * (moe?.topK ?? 1) * dModel) / model.dModel;
  const experts = nExperts ?? moe?.nExperts ?? 1;
  // A token cannot visit more experts than there are.
  const visited = moe ? Math.min(topK ?? moe.topK, experts) : 1;
  return {
    ...model,
    dModel,
    nHeads: dModel === model.dModel ? model.nHeads : headsFor(dModel),
    dFf: 4 * Math.max(1, Math.round(active / visited / 4)),
    ...(moe && { moe: { ...moe, nExperts: experts, topK: visited } }),
  };
}

/** Widths that are cut into heads 8 or 12 wide, and all multiples of 4 among the small ones. */
const WIDTHS = Array.from({ length: 128 }, (_, i) => 4 * (i + 2)).filter((width) => width < 24 || headsFor(width) > 1);

/** `model`, as wide as brings its parameters nearest to `total`, counted in ratios. */
function ofMemory(base: RunSpec, model: ModelConfig, total: number): ModelConfig {
  const off = (candidate: ModelConfig): number =>
    Math.abs(Math.log(countParameters({ ...base, model: candidate }).total / total));
  return WIDTHS.map((dModel) => resized(model, { dModel })).reduce((best, next) =>
    off(next) < off(best) ? next : best,
  );
}

/** What the runs read. */
function sourceOf({ source }: RunSpec, { lag, text }: Setting): SourceConfig {
  if (source.kind === 'text') return text ?? source;
  return { ...source, lag: lag ?? source.lag };
}

/** What is to be run of an experiment. */
export interface Selection {
  case?: Case;
  /** Goes before the case's own setting. */
  setting?: Setting;
  seeds?: readonly number[];
}

/** Whether readers say what they expect before they see it: then nothing that was recorded is shown to them. */
export function betsFirst({ law }: Experiment): boolean {
  return law?.bet !== undefined || law?.predicted !== undefined;
}

/** Names of the arms that a case runs at a budget. */
export function armsOf(experiment: Experiment, budget: BudgetName, chosen: Case): string[] {
  return [...chosen.arms, ...(experiment.amounts?.[budget]?.more ?? []).filter((name) => !chosen.arms.includes(name))];
}

/** What every run of an experiment is given at a budget. */
export function amountOf(experiment: Experiment, budget: BudgetName): Amount {
  return experiment.amounts?.[budget] ?? { flops: BUDGETS[budget] };
}

/**
 * The runs of an experiment at one budget, arm by arm and seed by seed. Each is given the budget's tokens or FLOPs, but
 * for arms that are matched to another.
 */
export function expand(experiment: Experiment, budget: BudgetName, selection: Selection = {}): RunRequest[] {
  const { case: chosen = experiment.cases[0], seeds = experiment.seeds } = selection;
  const setting = { ...chosen.setting, ...selection.setting };
  const { share = experiment.base.hyper.share } = setting;
  const { flops = 0, tokens, batchSize = experiment.base.batchSize } = amountOf(experiment, budget);
  const base: RunSpec = {
    ...experiment.base,
    batchSize,
    source: sourceOf(experiment.base, setting),
    hyper: { ...experiment.base.hyper, share },
  };
  const amount = tokens === undefined ? { flops } : { tokens };

  /** Model of an arm, and the steps that it trains. */
  const planned = (name: string): { arm: Arm; own: ModelConfig; model: ModelConfig; steps: number } => {
    const arm = experiment.varies.arms.find((other) => other.name === name);
    if (!arm) throw new Error(`The experiment ${experiment.id} has no arm called ${name}.`);
    const own = { ...base.model, ...arm.model, ...arm.at?.[budget] };
    const twin = arm.memoryOf === undefined ? undefined : { ...base, model: planned(arm.memoryOf).model };
    const model = twin ? ofMemory(base, own, countParameters(twin).total) : resized(own, setting);
    return { arm, own, model, steps: stepsOf(arm, model) };
  };

  const stepsOf = (arm: Arm, model: ModelConfig): number => {
    if (arm.tokensOf !== undefined) return planned(arm.tokensOf).steps;
    if (arm.computeOf === undefined) return stepsForBudget({ ...base, model }, amount);
    const twin = planned(arm.computeOf);
    const flops = twin.steps * trainFlopsPerStep({ ...base, model: twin.model });
    return stepsForBudget({ ...base, model }, { flops });
  };

  const paced = armsOf(experiment, budget, chosen)
    .map(planned)
    .map(({ arm, own, model, steps }) => {
      const tuned = model.dModel === own.dModel ? arm.lr?.[budget] : undefined;
      const lr = tuned ?? ruleRate(experiment, model.dModel, steps);
      const documents = steps * batchSize;
      const uniqueDocuments = arm.epochs === undefined ? 0 : Math.max(1, Math.round(documents / arm.epochs));
      const hyper = { ...base.hyper, ...arm.data, uniqueDocuments, lr };
      return { arm, hyper, spec: { ...base, model, budget: { tokens: steps * tokensPerStep(base) } } };
    });
  const shortest = Math.min(...paced.map(({ spec }) => branchesOf(spec)[0]?.steps ?? 0));
  // The same for all, and over before half of the shortest branch: a few steps where a run has only a few dozen.
  const schedule = {
    ...base.schedule,
    warmupSteps: Math.min(base.schedule.warmupSteps, Math.floor(shortest / 2)),
  };
  return paced.flatMap(({ arm, hyper, spec }) =>
    seeds
      .slice(0, arm.seeds)
      .map((seed) => ({ arm: arm.name, spec: { ...spec, schedule, hyper: { ...hyper, seed } } })),
  );
}
