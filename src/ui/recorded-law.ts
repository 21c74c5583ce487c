/**
 * Results of the experiments on laws that come with the lab, for what is shown before anything was measured here. Each
 * lies in a file that `npm run lab -- record` wrote, in the form of a link's results, and is read as a link is.
 */
import { opened } from '../share/link';
import type { RecordedLaw } from '../share/record-law';
import { sharedResult } from './shared-result';
import type { Shared } from './store';

const FILES = import.meta.glob<RecordedLaw>('../experiments/recorded/*.json', { import: 'default' });

/** Undefined for an experiment that was not recorded. Rejects where its file cannot be fetched. */
export async function recordedLaw(id: string): Promise<Shared | undefined> {
  const file = await FILES[`../experiments/recorded/${id}.json`]?.();
  const { state, result } = file ? opened(file) : {};
  return state && result && sharedResult(state, result, 'recorded');
}
