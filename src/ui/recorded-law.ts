/**
 * Results of the experiments on laws that come with the lab, for what is shown before anything was measured here. Each
 * lies in a file that `npm run lab -- record` wrote, in the form of a link's results, and is read as a link is.
 */
import type { LawVerdict } from '../experiments/law-verdict';
import { opened, type OpenedLink } from '../share/link';
import type { RecordedLaw } from '../share/record-law';
import { lawOf, sharedResult } from './shared-result';
import type { Shared } from './store';

const FILES = import.meta.glob<RecordedLaw>('../experiments/recorded/*.json', { import: 'default' });

async function open(id: string): Promise<OpenedLink | undefined> {
  const file = await FILES[`../experiments/recorded/${id}.json`]?.();
  return file && opened(file);
}

/** Undefined for an experiment that was not recorded. Rejects where its file cannot be fetched. */
export async function recordedLaw(id: string): Promise<Shared | undefined> {
  const { state, result } = (await open(id)) ?? {};
  return state && result && sharedResult(state, result, 'recorded');
}

/** In words what came out, and on which adapter. */
export interface RecordedWords {
  device: string;
  said: Pick<LawVerdict, 'headline' | 'sure'>;
}

/** The same without curves and charts. Undefined also where nothing came out. */
export async function recordedWords(id: string): Promise<RecordedWords | undefined> {
  const { result } = (await open(id)) ?? {};
  const said = result && lawOf(result).verdict;
  return result && said && { device: result.device.name, said };
}
