/** What belongs to runs that were shown, put aside while the page shows others. */
import type { Curves, CurvesContent } from './curves';
import { INITIAL_STATE, type LabState, type Store } from './store';

const FIELDS = [
  'phase',
  'subject',
  'cohorts',
  'series',
  'compile',
  'progress',
  'ends',
  'changes',
  'looks',
  'closer',
  'result',
  'shared',
  'law',
  'bet',
  'sweep',
] as const;

type Shown = Pick<LabState, (typeof FIELDS)[number]>;

export interface Kept {
  state: Shown;
  curves: CurvesContent;
}

function pick(state: LabState): Shown {
  return Object.fromEntries(FIELDS.map((field) => [field, state[field]])) as unknown as Shown;
}

export function keep(store: Store, curves: Curves): Kept {
  return { state: pick(store.state), curves: curves.content };
}

export function bringBack(store: Store, curves: Curves, { state, curves: content }: Kept): void {
  curves.restore(content);
  store.update(state);
}

/** An empty chart. Without a device the phase says so, whatever is shown. */
export function clear(store: Store, curves: Curves): void {
  curves.reset([]);
  const { phase, device } = store.state;
  // Results that were shown without a device leave with their phase.
  const without = phase === 'opening' ? 'opening' : 'failed';
  store.update({ ...pick(INITIAL_STATE), phase: device ? 'idle' : without });
}
