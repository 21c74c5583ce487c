/**
 * What a link sets: read from any JSON value, with everything that is not possible corrected and said. It never throws,
 * and nothing that it returns is outside what the page's own controls can set.
 */
import type { BudgetName, ModelConfig } from '../config/run-spec';
import { armsOf, type Case, type Experiment } from '../experiments/experiment';
import { caseOf, experimentOf } from '../experiments/experiments';
import {
  change,
  controlsOf,
  EXPERTS,
  LAGS,
  SHARES,
  TOP_K,
  WIDTHS,
  type ControlSetting,
  type SettingField,
} from '../experiments/setting-model';
import { shareText } from '../text/share';

const T = shareText.notes;

/** How the curves are drawn; each in its default where it is absent. */
export interface LinkView {
  vertical?: 'excess' | 'loss';
  horizontal?: 'flops' | 'tokens' | 'steps' | 'seconds' | 'parameters';
  scale?: 'log' | 'linear';
  band?: 'range' | 'interval';
}

/** What is to be run, and how it is to be shown. */
export interface LinkState {
  experiment: string;
  case: string;
  /** Absent: what fits this machine. */
  budget?: BudgetName;
  setting: ControlSetting;
  /** Absent: the experiment's own. */
  seeds?: number[];
  view: LinkView;
}

/** Every choice of the view; the first is the default. */
const VIEW: { [K in keyof Required<LinkView>]: readonly NonNullable<LinkView[K]>[] } = {
  vertical: ['excess', 'loss'],
  horizontal: ['flops', 'tokens', 'steps', 'seconds', 'parameters'],
  scale: ['log', 'linear'],
  band: ['range', 'interval'],
};

const ALLOWED: Record<SettingField, readonly number[]> = {
  nExperts: EXPERTS,
  topK: TOP_K,
  dModel: WIDTHS,
  lag: LAGS,
  share: SHARES,
};

/** Replicas of one cohort; a phone's memory holds so many. */
export const MOST_SEEDS = 8;
const LARGEST_SEED = 0xffffffff;

/** A field of a JSON object that is its own, whatever the object's prototype has. */
export function own(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function nearest(list: readonly number[], wanted: number): number {
  return list.reduce((best, next) => (Math.abs(next - wanted) < Math.abs(best - wanted) ? next : best));
}

/** Models of the arms that a case runs, as the experiment has them. */
function modelsOf(experiment: Experiment, chosen: Case, budget: BudgetName): Partial<ModelConfig>[] {
  const names = armsOf(experiment, budget, chosen);
  return experiment.varies.arms
    .filter(({ name }) => names.includes(name))
    .map(({ model, at }) => ({ ...experiment.base.model, ...model, ...at?.[budget] }));
}

/** What of the experiment's setting is changed, in values that its controls have. */
export function settingOf(
  value: unknown,
  experiment: Experiment,
  chosen: Case,
  budget: BudgetName,
  notes: string[],
): ControlSetting {
  const wish: ControlSetting = {};
  const models = modelsOf(experiment, chosen, budget);
  for (const key of Object.keys(ALLOWED) as SettingField[]) {
    const wanted = own(value, key);
    if (wanted === undefined) continue;
    if (typeof wanted !== 'number' || !Number.isFinite(wanted)) {
      notes.push(T.noNumber(shareText.fields[key]));
      continue;
    }
    if ((key === 'nExperts' || key === 'topK') && !models.some(({ moe }) => moe)) {
      notes.push(T.noExperts);
      continue;
    }
    if (key === 'dModel' && experiment.law && new Set(models.map(({ dModel }) => dModel)).size > 1) {
      notes.push(T.widthVaries);
      continue;
    }
    if ((key === 'lag' || key === 'share') && experiment.base.source.kind === 'text') {
      notes.push(T.asWritten);
      continue;
    }
    const taken = nearest(ALLOWED[key], wanted);
    if (taken !== wanted) notes.push(T.clamped(shareText.fields[key], taken));
    Object.assign(wish, { [key]: taken });
  }
  if (Object.keys(wish).length === 0) return {};
  // More visits than experts, and what is no change, are settled as the controls settle them.
  const { setting, clamped } = change(experiment, chosen, budget, {}, wish);
  if (clamped) notes.push(T.fewerExperts);
  return controlsOf(setting);
}

function seedsOf(value: unknown, experiment: Experiment, notes: string[]): number[] | undefined {
  if (value === undefined) return undefined;
  const list: unknown[] = Array.isArray(value) ? value : [];
  const sound = list.filter(
    (seed): seed is number => typeof seed === 'number' && Number.isInteger(seed) && seed >= 0 && seed <= LARGEST_SEED,
  );
  const seeds = [...new Set(sound)].slice(0, MOST_SEEDS);
  if (seeds.length < list.length || seeds.length === 0) notes.push(T.seeds(MOST_SEEDS));
  const same = seeds.length === experiment.seeds.length && seeds.every((seed, i) => seed === experiment.seeds[i]);
  return seeds.length === 0 || same ? undefined : seeds;
}

function viewOf(value: unknown, notes: string[]): LinkView {
  const view: LinkView = {};
  for (const key of Object.keys(VIEW) as (keyof LinkView)[]) {
    const wanted = own(value, key);
    if (wanted === undefined) continue;
    const found = (VIEW[key] as readonly unknown[]).indexOf(wanted);
    if (found < 0) notes.push(T.view);
    if (found > 0) Object.assign(view, { [key]: wanted });
  }
  return view;
}

/** Undefined where the experiment is unknown; `notes` says what was corrected, a sentence each. */
export function stateOf(value: unknown): { state: LinkState | undefined; notes: string[] } {
  const notes: string[] = [];
  const id = own(value, 'experiment');
  const experiment = typeof id === 'string' ? experimentOf(id) : undefined;
  if (!experiment) return { state: undefined, notes: [id === undefined ? T.nothing : T.experiment] };

  const wantedCase = own(value, 'case');
  const found = typeof wantedCase === 'string' ? caseOf(experiment, wantedCase) : undefined;
  if (wantedCase !== undefined && !found) notes.push(T.case);
  const chosen = found ?? experiment.cases[0];

  const wantedBudget = own(value, 'budget');
  const budget = experiment.budgets.find((name) => name === wantedBudget);
  if (wantedBudget !== undefined && !budget) notes.push(T.budget);

  const seeds = seedsOf(own(value, 'seeds'), experiment, notes);
  const setting = settingOf(own(value, 'setting'), experiment, chosen, budget ?? 'quick', notes);
  const view = viewOf(own(value, 'view'), notes);
  return {
    state: {
      experiment: experiment.id,
      case: chosen.id,
      ...(budget && { budget }),
      setting,
      ...(seeds && { seeds }),
      view,
    },
    notes: [...new Set(notes)],
  };
}

/** What differs from the experiment's defaults, for a link. */
export function stateValue({ experiment: id, case: chosen, budget, setting, seeds, view }: LinkState): object {
  const experiment = experimentOf(id);
  const differs = Object.entries(view).filter(([key, value]) => VIEW[key as keyof LinkView][0] !== value);
  return {
    experiment: id,
    ...(chosen !== experiment?.cases[0].id && { case: chosen }),
    ...(budget && { budget }),
    ...(Object.keys(setting).length > 0 && { setting }),
    ...(seeds && { seeds }),
    ...(differs.length > 0 && { view: Object.fromEntries(differs) }),
  };
}
