/** What the page's results are of, as a link says it. */
import { BUDGETS, type BudgetName } from '../config/run-spec';
import { controlsOf } from '../experiments/setting-model';
import { experimentOf } from '../experiments/experiments';
import type { LinkState } from '../share/link-state';
import type { LabState } from './store';

function isBudget(name: string): name is BudgetName {
  return Object.hasOwn(BUDGETS, name);
}

/** What was run; undefined for runs that belong to no experiment, or read a text that whoever opens a link would not have. */
export function measuredState({ subject, view }: Pick<LabState, 'subject' | 'view'>): LinkState | undefined {
  const { experiment: id, case: chosen, setting = {}, seeds, budget } = subject;
  const experiment = experimentOf(id);
  if (!experiment || !isBudget(budget) || setting.text) return undefined;
  return {
    ...{ experiment: id, case: chosen ?? experiment.cases[0].id, budget, setting: controlsOf(setting) },
    ...(seeds && { seeds: [...seeds] }),
    view,
  };
}
