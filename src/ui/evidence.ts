/** Where a card's numbers come from: measured in this visit, or else recorded with the lab. */
import { BUDGETS, type BudgetName } from '../config/run-spec';
import type { Case } from '../experiments/experiment';
import type { RaceEnd } from '../experiments/race-verdict';
import { recordedCase, type Recorded } from '../experiments/recorded';
import type { LabState } from './store';

export interface Evidence {
  ends: RaceEnd[];
  budget: BudgetName;
  /** Absent for what was measured here. */
  recorded?: { adapter: string; date: string };
}

const recorded = new Map<string, Recorded | undefined>();

/** What was recorded of a case; its verdict is worked out once. */
export function recordedOnce(shown: Case): Recorded | undefined {
  if (!recorded.has(shown.id)) recorded.set(shown.id, recordedCase(shown));
  return recorded.get(shown.id);
}

function isBudget(name: string): name is BudgetName {
  return name in BUDGETS;
}

/** The latest numbers of a case; undefined where there are none. */
export function evidenceOf({ measured }: LabState, shown: Case): Evidence | undefined {
  const own = measured[shown.id];
  if (own) return { budget: own.budget, ends: own.runs };
  const found = recordedOnce(shown);
  if (!found || !isBudget(found.budget)) return undefined;
  const { budget, ends, device, date } = found;
  return { budget, ends, recorded: { adapter: device, date } };
}
