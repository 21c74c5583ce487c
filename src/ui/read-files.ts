/** Files that a reader drops, as results; each that cannot be used with its sentence. */
import { LARGEST_FILES, readResults } from '../share/read-result';
import { openLink } from '../share/link';
import type { Entry } from '../share/pool';
import { shareText } from '../text/share';

const T = shareText.files;

export interface Refused {
  name: string;
  problem: string;
}

export interface ReadFiles {
  entries: (Entry & { notes: string[] })[];
  refused: Refused[];
}

/** @param before bytes that were taken already */
export async function readFiles(files: readonly File[], before = 0): Promise<ReadFiles & { bytes: number }> {
  const found: ReadFiles & { bytes: number } = { entries: [], refused: [], bytes: before };
  for (const file of files) {
    const { name } = file;
    if (found.bytes + file.size > LARGEST_FILES) {
      found.refused.push({ name, problem: T.tooLarge });
      continue;
    }
    found.bytes += file.size;
    let content: string;
    try {
      content = await file.text();
    } catch {
      found.refused.push({ name, problem: T.unreadable });
      continue;
    }
    const results = readResults(content);
    for (const [i, read] of results.entries()) {
      const own = results.length > 1 ? `${name} (${i + 1})` : name;
      if ('problem' in read) found.refused.push({ name: own, problem: read.problem });
      else found.entries.push({ name: own, ...read });
    }
  }
  return found;
}

/** Links in a text, one or many, between any white space. @param first number of the first */
export async function readLinks(text: string, first: number): Promise<ReadFiles> {
  const found: ReadFiles = { entries: [], refused: [] };
  const links = text.split(/\s+/).filter((word) => word !== '');
  for (const [i, link] of links.slice(0, 1000).entries()) {
    const name = T.link(first + i);
    const { state, result, notes } = await openLink(link);
    if (state && result) found.entries.push({ name, state, result, notes });
    else found.refused.push({ name, problem: notes[0] ?? T.linkWithoutResults });
  }
  return found;
}
