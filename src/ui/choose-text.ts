/** Takes a text for the next start, and finds out what counting comes to on it. */
import { staticConfig, type RunSpec, type TextSource } from '../config/run-spec';
import type { ReadText } from '../text-protocol';
import { ownText } from '../text/own-text';
import type { Exhibit } from './exhibit';
import type { Library } from './library';
import { problemOf } from './problem';
import type { TextEvent } from './text-event';

function isOfText(spec: RunSpec): spec is RunSpec<TextSource> {
  return spec.source.kind === 'text';
}

/** Failures become sentences on the page. */
export async function chooseText(exhibit: Exhibit, library: Library, what: TextEvent['what']): Promise<void> {
  const { store } = exhibit.session;
  store.update({ reading: true, problem: undefined });
  try {
    const read =
      what === 'novel' ? await library.novel() : await library.read('file' in what ? what.file : what.pasted);
    const title = what === 'novel' ? ownText.novel : 'file' in what ? what.file.name : ownText.pasted;
    const { source, characters, folded } = read;
    store.update({ texts: { ...store.state.texts, [source.hash]: { title, characters, folded, references: [] } } });
    const { text: _text, ...setting } = store.state.wanted.setting;
    const { base } = exhibit.experiment;
    const own = isOfText(base) && base.source.hash === source.hash;
    await exhibit.set(own ? setting : { ...setting, text: source });
    await showReferences(exhibit, library, read);
  } catch (error) {
    store.update({ problem: problemOf(error) });
  } finally {
    store.update({ reading: false });
  }
}

/** At a start: the novel has not been read before, and nothing been counted on it. Failures are the start's to tell. */
export async function prepareText(exhibit: Exhibit, library: Library): Promise<void> {
  const { text } = exhibit.session.store.state.wanted.setting;
  const read = text ? library.get(text.hash) : await library.novel().catch(() => undefined);
  if (read) await showReferences(exhibit, library, read).catch(() => undefined);
}

/** Counts the n-grams of a text for the windows of this exhibit. */
async function showReferences(exhibit: Exhibit, library: Library, read: ReadText): Promise<void> {
  const { store } = exhibit.session;
  const { base } = exhibit.experiment;
  const { hash } = read.source;
  const known = store.state.texts[hash] ?? {
    ...{ title: ownText.novel, characters: read.characters, folded: read.folded, references: [] },
  };
  if (known.references.length > 0) return;
  const references = await library.references(read, { ...staticConfig(base), source: read.source });
  store.update({ texts: { ...store.state.texts, [hash]: { ...known, references } } });
}
