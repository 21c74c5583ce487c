/** What may be along the horizontal axis of each exhibit's live chart. */
import type { Experiment } from '../experiments/experiment';
import type { Horizontal } from './store';

const RACE: readonly Horizontal[] = ['flops', 'tokens', 'seconds', 'parameters'];
/** Experiments on laws have a chart of their own for everything else. */
const LADDER: readonly Horizontal[] = ['flops', 'tokens'];

export function horizontalsOf(experiment: Experiment | undefined): readonly Horizontal[] {
  return experiment?.law ? LADDER : RACE;
}
