/**
 * Links and result files on the page: what the address asks for is shown, what the reader then changes is written into
 * it, and results are turned into links. Loaded behind the first screen, unless the address asks for something.
 */
import { controlsOf } from '../experiments/setting-model';
import { experimentOf } from '../experiments/experiments';
import { configLink, openLink, resultLink } from '../share/link';
import { stateValue, type LinkState } from '../share/link-state';
import type { ResultFile } from '../protocol';
import { shareText } from '../text/share';
import type { Gallery } from './gallery';
import { horizontalsOf } from './horizontals';
import { measuredState } from './measured-state';
import { readFiles } from './read-files';
import { sharedResult } from './shared-result';
import './share-bar';
import './shared-note';
import { INITIAL_STATE, isActive, type LabState, type Store } from './store';
import { keepAwake } from './wake-lock';

/** Milliseconds of quiet before the address follows. */
const QUIET = 300;

/** What a start would run now, and how it is shown. */
function wantedState({ exhibit, wanted, budget, view }: LabState): LinkState {
  const { case: chosen, setting, seeds } = wanted;
  return {
    experiment: exhibit,
    case: chosen,
    budget,
    setting: controlsOf(setting),
    ...(seeds && { seeds: [...seeds] }),
    view,
  };
}

export class Sharing {
  /** What the address says; nothing of the view while it holds results, which a new one would lose. */
  #said = '';
  #holdsResults = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly gallery: Gallery,
    private readonly store: Store,
    /** Shows several files at once. */
    private readonly collect: (files: readonly File[]) => void,
  ) {}

  /** Shows what the address asks for, and from then on follows the reader. */
  async begin(): Promise<void> {
    if (location.hash.length > 1) await this.open(location.href);
    this.#said = this.#key();
    this.store.subscribe(() => {
      this.#mirror();
    });
    keepAwake(this.store);
    addEventListener('dragover', (event) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    });
    addEventListener('drop', (event) => {
      // A part of the page that takes files of its own has taken it.
      if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      void this.#drop([...event.dataTransfer.files]);
    });
    addEventListener('hashchange', () => void this.open(location.href));
  }

  /** Shows what a link asks for; one that asks for nothing leaves the page as it is, with a sentence. */
  async open(address: string): Promise<void> {
    const { state, result, notes } = await openLink(address);
    if (state) this.show(state, result, notes);
    else {
      this.store.update({ notes });
      if (this.store.state.exhibit === '') void this.gallery.begin();
    }
  }

  /** Shows settings, and results if there are any. */
  show(state: LinkState, result: ResultFile | undefined, notes: readonly string[]): void {
    if (isActive(this.store.state.phase)) {
      this.store.update({ notes: [shareText.notes.busy] });
      return;
    }
    const horizontals = horizontalsOf(experimentOf(state.experiment));
    const { horizontal = horizontals[0] ?? 'flops' } = state.view;
    const view = {
      ...INITIAL_STATE.view,
      ...state.view,
      horizontal: horizontals.includes(horizontal) ? horizontal : (horizontals[0] ?? 'flops'),
    };
    this.store.update({ view, notes });
    // It shows at once, and looks for a device afterwards.
    void this.gallery.show(state, result && sharedResult(state, result));
    this.#holdsResults = result !== undefined;
    this.#said = this.#key();
  }

  /** One file is shown like a shared link; several are collected. */
  async #drop(files: readonly File[]): Promise<void> {
    const [file] = files;
    if (!file) this.store.update({ notes: [shareText.files.none] });
    else if (files.length > 1) this.collect(files);
    else {
      const { entries, refused } = await readFiles(files);
      const [entry] = entries;
      if (!entry)
        this.store.update({ notes: refused.map(({ name, problem }) => shareText.collect.why(name, problem)) });
      else if (entries.length > 1) this.collect(files);
      else this.show(entry.state, entry.result, entry.notes);
    }
  }

  /** The address that sets what a start would run now. */
  async configAddress(): Promise<string> {
    return new URL(await configLink(wantedState(this.store.state)), location.href).href;
  }

  /** The address that shows what was measured; undefined where it is too much for one. */
  async resultAddress(): Promise<string | undefined> {
    const state = measuredState(this.store.state);
    const { result } = this.store.state;
    const fragment = state && result && (await resultLink(state, result));
    return fragment === undefined ? undefined : new URL(fragment, location.href).href;
  }

  #key(): string {
    const { state } = this.store;
    const { budget, view, ...rest } = wantedState(state);
    return JSON.stringify(
      stateValue({
        ...rest,
        // A budget that the page proposed is no choice.
        ...(budget && this.gallery.current?.chosen && { budget }),
        view: this.#holdsResults ? {} : view,
      }),
    );
  }

  #mirror(): void {
    if (this.store.state.exhibit === '') return;
    const key = this.#key();
    if (key === this.#said) return;
    this.#said = key;
    if (this.#holdsResults) {
      this.#holdsResults = false;
      this.#said = this.#key();
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#write(this.#said), QUIET);
  }

  async #write(key: string): Promise<void> {
    const first = this.gallery.exhibits[0]?.experiment.id;
    const plain = key === JSON.stringify({ experiment: first });
    const { budget, ...rest } = wantedState(this.store.state);
    const chosen = this.gallery.current?.chosen && budget ? { ...rest, budget } : rest;
    const fragment = plain ? '' : await configLink(chosen);
    // Something else may have been chosen meanwhile, and is then written.
    if (key !== this.#said) return;
    history.replaceState(null, '', fragment === '' ? `${location.pathname}${location.search}` : fragment);
  }
}
