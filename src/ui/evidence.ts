/** Where a card's numbers come from: measured in this visit, or else recorded. */
import type { BudgetName } from '../config/run-spec';
import type { Experiment } from '../experiments/experiment';
import type { CaseEnd } from './case-model';
import type { LabState } from './store';

export interface Evidence {
  ends: CaseEnd[];
  budget: BudgetName;
  /** Absent for what was measured here. */
  recorded?: { adapter: string; date: string };
}

/** The latest numbers of a case; undefined where there are none. */
export function evidenceOf({ measured }: LabState, _experiment: Experiment, id: string): Evidence | undefined {
  const own = measured[id];
  return own && { budget: own.budget, ends: own.runs };
}
