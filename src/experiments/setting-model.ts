/** What the reader may set, between what the experiment has and what is possible. */
import { countParameters, totalSteps, trainFlopsPerStep } from '../config/flops';
import type { BudgetName, RunSpec } from '../config/run-spec';
import { expand, type Case, type Experiment, type Setting } from './experiment';

export const EXPERTS = [1, 2, 4, 8, 16, 32, 64] as const;
export const TOP_K = [1, 2, 3, 4] as const;
export const WIDTHS = [8, 16, 24, 32, 48] as const;
export const LAGS = [1, 2] as const;
/** In tenths. */
export const SHARES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;

/** Which text is read is chosen elsewhere, and is no change of the experiment. */
export type SettingField = Exclude<keyof Setting, 'text'>;

/** What the controls set: all that a link or a result file may say. */
export type ControlSetting = Pick<Setting, SettingField>;

export function controlsOf({ text: _text, ...controls }: Setting): ControlSetting {
  return controls;
}

const FIELDS: readonly SettingField[] = ['nExperts', 'topK', 'dModel', 'lag', 'share'];

/** One arm of what would be run. */
export interface ArmCount {
  arm: string;
  width: number;
  total: number;
  /** Numbers that one token uses. */
  active: number;
  steps: number;
  /** Training FLOPs of one run. */
  flops: number;
}

/** What the controls show. */
export interface Values {
  nExperts: number;
  topK: number;
  /** Width of the sparse arm; others may have one of their own as long as the reader sets none. */
  dModel: number;
  /** Undefined where a text is read. */
  lag: 1 | 2 | undefined;
  share: number;
}

export interface Plan {
  values: Values;
  arms: ArmCount[];
  /** Fields in which it differs from the experiment's case. */
  changed: SettingField[];
}

function specsOf(experiment: Experiment, chosen: Case, budget: BudgetName, setting: Setting) {
  return expand(experiment, budget, { case: chosen, setting, seeds: experiment.seeds.slice(0, 1) });
}

function valuesOf(specs: readonly RunSpec[]): Values | undefined {
  // A control that is told the topic sends each token to one expert by its nature.
  const sparse = specs.find(({ model }) => model.moe && model.moe.router !== 'topic-table');
  const spec = sparse ?? specs[0];
  if (!spec) return undefined;
  return {
    nExperts: spec.model.moe?.nExperts ?? 1,
    topK: spec.model.moe?.topK ?? 1,
    dModel: spec.model.dModel,
    lag: spec.source.kind === 'topics' ? spec.source.lag : undefined,
    share: spec.hyper.share,
  };
}

/** What a start would run now. */
export function planOf(experiment: Experiment, chosen: Case, budget: BudgetName, setting: Setting): Plan | undefined {
  const requests = specsOf(experiment, chosen, budget, setting);
  const values = valuesOf(requests.map(({ spec }) => spec));
  if (!values) return undefined;
  const arms = requests.map(({ arm, spec }): ArmCount => {
    const { total, active } = countParameters(spec);
    const steps = totalSteps(spec);
    return { arm, width: spec.model.dModel, total, active, steps, flops: steps * trainFlopsPerStep(spec) };
  });
  return { values, arms, changed: FIELDS.filter((field) => field in setting) };
}

export interface Changed {
  setting: Setting;
  /** True when fewer experts than a token visited were asked for, or more visits than there are experts. */
  clamped: boolean;
}

/** Takes a change by the reader. What is as the experiment has it is no change. */
export function change(
  experiment: Experiment,
  chosen: Case,
  budget: BudgetName,
  before: Setting,
  wish: Setting,
): Changed {
  const specs = specsOf(experiment, chosen, budget, {}).map(({ spec }) => spec);
  const tuned = valuesOf(specs);
  if (!tuned) return { setting: before, clamped: false };
  const setting: Setting = { ...before, ...wish };
  const experts = setting.nExperts ?? tuned.nExperts;
  const clamped = (setting.topK ?? tuned.topK) > experts;
  if (clamped) setting.topK = experts;
  const sameWidth = specs.every(({ model }) => model.dModel === tuned.dModel);
  for (const field of Object.keys(tuned) as (keyof Values)[]) {
    if (field in setting && setting[field] === tuned[field] && (field !== 'dModel' || sameWidth)) delete setting[field];
  }
  return { setting, clamped };
}
