/** The state changes several times a second while training; most elements care about a few of its fields. */
import type { PropertyValues } from 'lit';
import type { LabState } from './store';

/** True unless the state is all that has changed, and of it none of these fields. For an element's `shouldUpdate`. */
export function concerns(changed: PropertyValues, state: LabState, fields: readonly (keyof LabState)[]): boolean {
  const before = changed.get('state') as LabState | undefined;
  return changed.size !== 1 || !before || fields.some((field) => before[field] !== state[field]);
}
