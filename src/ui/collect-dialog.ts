/**
 * What a class measured, in one chart: result files are dropped, links are pasted. Every student's runs are dots, the
 * law is fitted to all of them, and who is far from the others is named. Loaded when it is asked for.
 */
import { css, html, LitElement, nothing } from 'lit';
import { experimentOf } from '../experiments/experiments';
import { isSound } from '../experiments/observations';
import { verdictOf } from '../experiments/verdict-of';
import { poolOf, type Entry, type Pool } from '../share/pool';
import { nats } from '../text/numbers';
import { raceText } from '../text/race';
import { shareText } from '../text/share';
import { connectFit } from './connect';
import { dialogStyles } from './dialog-styles';
import { emphasised } from './emphasis';
import './law-chart';
import { Laws } from './laws';
import './law-plot';
import type { PointEvent } from './point-event';
import { poolModel, poolPoints } from './pool-model';
import { readFiles, readLinks, type ReadFiles, type Refused } from './read-files';
import { INITIAL_STATE, Store, type LabState } from './store';
import { base, button, card } from './styles';
import type { ViewEvent } from './view-event';

const T = shareText.collect;

export class CollectDialog extends LitElement {
  static override properties = {
    _entries: { state: true },
    _refused: { state: true },
    _state: { state: true },
    _over: { state: true },
  };

  declare _entries: (Entry & { notes: string[] })[];
  declare _refused: Refused[];
  /** Holds the pooled runs and their laws, as the page's own store does for its own. */
  declare _state: LabState;
  declare _over: boolean;

  readonly #store = new Store();
  readonly #laws = new Laws(this.#store, connectFit);
  #pool: Pool | undefined;
  #bytes = 0;
  #adding: Promise<void> = Promise.resolve();
  #links = 0;

  constructor() {
    super();
    this._entries = [];
    this._refused = [];
    this._state = INITIAL_STATE;
    this._over = false;
    this.#store.subscribe(() => {
      this._state = this.#store.state;
    });
  }

  static override styles = [
    base,
    button,
    card,
    dialogStyles,
    css`
      dialog {
        width: min(96vw, 1180px);
      }
      .add {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr));
        gap: 12px;
      }
      .zone {
        border: 2px dashed var(--control);
        border-radius: 10px;
        padding: 16px;
        display: grid;
        gap: 8px;
        align-content: center;
        font-size: var(--t-small);
      }
      .over {
        border-color: var(--focus);
        background: var(--grid);
      }
      label {
        display: grid;
        gap: 6px;
        font-size: var(--t-small);
      }
      textarea,
      input {
        font: inherit;
        color: var(--ink);
        max-width: 100%;
      }
      ::file-selector-button {
        font: inherit;
        font-weight: 550;
        color: var(--ink);
        background: transparent;
        border: 1px solid var(--control);
        border-radius: 10px;
        padding: 6px 12px;
        margin-inline-end: 10px;
        cursor: pointer;
      }
      textarea {
        background: var(--card);
        border: 1px solid var(--control);
        border-radius: 9px;
        padding: 7px 9px;
        min-height: 4.5em;
        resize: vertical;
      }
      form.links {
        display: grid;
        gap: 8px;
        justify-items: start;
      }
      form.links label {
        width: 100%;
      }
      .answer {
        font: 500 clamp(1.2rem, 1rem + 1vw, 1.9rem) / 1.2 var(--serif);
        margin: 18px 0 10px;
        max-width: 34em;
      }
      .answer b {
        color: var(--accent);
      }
      .answer b.dense {
        color: var(--series-6);
      }
      law-plot {
        display: block;
        height: clamp(280px, 44vh, 560px);
      }
      ul {
        margin: 6px 0 0;
        padding-inline-start: 1.2em;
        font-size: var(--t-small);
      }
      h3 {
        font-size: var(--t-small);
        margin: 14px 0 0;
      }
      .lists {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr));
        gap: 0 24px;
        overflow-wrap: anywhere;
      }
    `,
  ];

  /** Opens it, and takes files that were dropped on the page. */
  async open(files: readonly File[] = []): Promise<void> {
    await this.updateComplete;
    const dialog = this.renderRoot.querySelector('dialog');
    if (dialog && !dialog.open) dialog.showModal();
    if (files.length > 0) await this.#addFiles(files);
  }

  override render() {
    const pool = this.#pool;
    return html`<dialog
      aria-labelledby="title"
      @lab-view=${(event: ViewEvent) => {
        this.#store.update({ view: { ...this.#store.state.view, ...event.change } });
      }}
      @lab-point=${(event: PointEvent) => {
        this.#store.update({ pointed: event.key });
      }}
      @dragover=${(event: DragEvent) => {
        event.preventDefault();
        event.stopPropagation();
        this._over = true;
      }}
      @dragleave=${() => {
        this._over = false;
      }}
      @drop=${(event: DragEvent) => {
        event.preventDefault();
        event.stopPropagation();
        this._over = false;
        void this.#addFiles([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <div class="head">
        <div>
          <h2 id="title">${T.title}</h2>
          <p class="note">${T.lead}</p>
        </div>
        <form method="dialog"><button>${T.close}</button></form>
      </div>
      <div class="add">
        <div class="zone ${this._over ? 'over' : ''}">
          <label>
            ${T.files}
            <input
              type="file"
              multiple
              accept=".json,application/json"
              @change=${(event: Event) => {
                const input = event.target as HTMLInputElement;
                void this.#addFiles([...(input.files ?? [])]).then(() => {
                  input.value = '';
                });
              }}
            />
          </label>
        </div>
        <form
          class="links"
          @submit=${(event: Event) => {
            event.preventDefault();
            void this.#addLinks();
          }}
        >
          <label>${T.links}<textarea spellcheck="false"></textarea></label>
          <button>${T.add}</button>
        </form>
      </div>
      <div role="status">${pool ? html`<p class="answer">${emphasised(this.#answer(pool))}</p>` : nothing}</div>
      ${pool ? this.#chart(pool) : nothing} ${this.#lists(pool)}
    </dialog>`;
  }

  #answer({ state, runs, members }: Pool): string {
    const experiment = experimentOf(state.experiment);
    if (!experiment) return '';
    const verdict = experiment.law ? this._state.law.verdict : verdictOf(experiment, runs);
    const said = !verdict ? undefined : verdict.kind === 'law' ? verdict.headline : raceText.headline(verdict);
    return [T.pooled(members.length, new Set(runs.map(({ arm, seed }) => `${arm}/${seed}`)).size), said ?? '']
      .filter((part) => part !== '')
      .join(' ');
  }

  #chart({ state, runs }: Pool) {
    const experiment = experimentOf(state.experiment);
    if (!experiment) return nothing;
    if (experiment.law) {
      return html`<law-chart .experiment=${experiment} .state=${this._state} .curves=${undefined}></law-chart>`;
    }
    const points = poolPoints(experiment, runs);
    if (points.length === 0) return nothing;
    return html`<h3>${T.ends}</h3>
      <law-plot
        label=${T.ends}
        summary=${T.summary(points.length)}
        .build=${(_width: number, height: number) => poolModel(points, height)}
        .words=${(index: number) => {
          const run = points[index]?.run;
          return run && { title: T.dot(run.arm, run.seed), value: nats(run.excess), detail: this.#nameOf(run.seed) };
        }}
      ></law-plot>`;
  }

  #nameOf(number: number): string {
    return this.#pool?.members.find(({ numbers }) => numbers.includes(number))?.name ?? '';
  }

  #lists(pool: Pool | undefined) {
    const list = (title: string, items: readonly string[]) =>
      items.length === 0
        ? nothing
        : html`<section>
            <h3>${title}</h3>
            <ul>
              ${items.map((item) => html`<li>${item}</li>`)}
            </ul>
          </section>`;
    return html`<div class="lists">
      ${list(
        T.odd,
        (pool?.odd ?? []).map(({ name, arm, times }) => T.oddOne(name, arm, times)),
      )}
      ${list(T.refused, [
        ...this._refused.map(({ name, problem }) => T.why(name, problem)),
        ...(pool?.others ?? []).map((name) => T.why(name, T.other)),
      ])}
      ${list(T.members, [...(pool?.members ?? []).map(({ name, numbers, again }) => T.member(name, numbers, again))])}
    </div>`;
  }

  /** In the order in which they were handed in: the first of two alike counts, and sizes add up. */
  #addFiles(files: readonly File[]): Promise<void> {
    this.#adding = this.#adding.then(async () => {
      const read = await readFiles(files, this.#bytes);
      this.#bytes = read.bytes;
      this.#take(read);
    });
    return this.#adding;
  }

  async #addLinks(): Promise<void> {
    const area = this.renderRoot.querySelector('textarea');
    if (!area || area.value.trim() === '') return;
    const read = await readLinks(area.value, this.#links + 1);
    this.#links += read.entries.length + read.refused.length;
    area.value = '';
    this.#take(read);
  }

  #take({ entries, refused }: ReadFiles): void {
    this._entries = [...this._entries, ...entries];
    this._refused = [...this._refused, ...refused];
    const pool = poolOf(this._entries);
    this.#pool = pool;
    const experiment = pool && experimentOf(pool.state.experiment);
    if (!pool || !experiment?.law) return;
    this.#laws.begin(experiment);
    this.#laws.add(pool.runs.filter((run) => isSound(run)));
  }
}

customElements.define('collect-dialog', CollectDialog);

declare global {
  interface HTMLElementTagNameMap {
    'collect-dialog': CollectDialog;
  }
}
