/** Copies links, shares results, and leads to what a class needs. */
import { css, html, LitElement, nothing } from 'lit';
import { experimentOf } from '../experiments/experiments';
import { LONGEST_LINK } from '../share/link';
import { resultFileName, resultText } from '../share/result-file';
import { shareText } from '../text/share';
import { download } from './download';
import type { ExportKind } from './export-chart';
import { INITIAL_STATE, type LabState } from './store';
import { base, button } from './styles';
import { measuredState } from './measured-state';

const T = shareText.bar;

/** What there is only once there are results. */
const TABLES: readonly ExportKind[] = ['csv', 'curves', 'json'];

/** Who makes the links. */
export interface Addresses {
  configAddress(): Promise<string>;
  /** Undefined where the results are too many for a link. */
  resultAddress(): Promise<string | undefined>;
}

interface Outcome {
  words: string;
  /** Shown where it could not be copied. */
  link?: string;
  /** The file is offered. */
  file?: boolean;
}

export class ShareBar extends LitElement {
  static override properties = {
    sharing: { attribute: false },
    state: { attribute: false },
    chart: { type: String },
    _outcome: { state: true },
  };

  declare sharing: Addresses | undefined;
  declare state: LabState;
  /** Title of the chart that is shown. */
  declare chart: string;
  declare _outcome: Outcome | undefined;

  constructor() {
    super();
    this.sharing = undefined;
    this.state = INITIAL_STATE;
    this.chart = '';
    this._outcome = undefined;
  }

  static override styles = [
    base,
    button,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 2px 4px;
        /* Their words are in line with what is above and below them. */
        margin-block: -14px -10px;
        margin-inline-start: -9px;
      }
      /* Words, not boxes: what the page is about comes first. */
      select {
        font: inherit;
        font-size: var(--t-label);
        font-weight: 550;
        color: var(--soft);
        background: transparent;
        border: 1px solid transparent;
        border-radius: 9px;
        padding: 5px 5px;
        cursor: pointer;
      }
      @supports (field-sizing: content) {
        select {
          field-sizing: content;
        }
      }
      button {
        font-size: var(--t-label);
        color: var(--soft);
        padding: 5px 9px;
        border-color: transparent;
        border-radius: 9px;
      }
      :is(button, select):hover:not(:disabled) {
        color: var(--ink);
        border-color: var(--control);
      }
      button:disabled {
        border-color: transparent;
      }
      @media (forced-colors: active) {
        button,
        select {
          border-color: ButtonBorder;
        }
      }
      .outcome {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
        font-size: var(--t-label);
        color: var(--soft);
      }
      input {
        font: inherit;
        color: var(--ink);
        background: var(--card);
        border: 1px solid var(--control);
        border-radius: 8px;
        padding: 4px 8px;
        width: 22em;
        max-width: 100%;
      }
    `,
  ];

  override render() {
    const { state, _outcome: outcome } = this;
    const sharable = state.result !== undefined && measuredState(state) !== undefined;
    return html`
      <button ?disabled=${!this.sharing} @click=${() => void this.#copyLink()}>${T.copy}</button>
      <button ?disabled=${!this.sharing || !sharable} @click=${() => void this.#shareResults()}>${T.share}</button>
      <button ?disabled=${!this.sharing} @click=${() => void this.#showQr()}>${T.qr}</button>
      <button @click=${() => void this.collect()}>${T.collect}</button>
      <button @click=${() => void this.#fillScreen()}>${T.fullScreen}</button>
      <select
        aria-label=${T.save}
        @change=${(event: Event) => {
          const select = event.target as HTMLSelectElement;
          void this.#save(select.value as ExportKind);
          select.value = '';
        }}
      >
        <option value="" selected>${T.save}</option>
        ${this.#kinds().map(
          ([kind, words]) =>
            html`<option value=${kind} ?disabled=${TABLES.includes(kind) && !state.result}>${words}</option>`,
        )}
      </select>
      <div class="outcome" role="status">
        ${outcome ? html`<span>${outcome.words}</span>` : nothing}
        ${
          outcome?.link === undefined
            ? nothing
            : html`<input
                readonly
                aria-label=${T.link}
                .value=${outcome.link}
                @focus=${(event: Event) => {
                  (event.target as HTMLInputElement).select();
                }}
              />`
        }
        ${outcome?.file ? html`<button @click=${this.#download}>${T.file}</button>` : nothing}
      </div>
    `;
  }

  /** What can be saved of this exhibit: not every one has charts below the first. */
  #kinds(): [ExportKind, string][] {
    const law = experimentOf(this.state.exhibit)?.law;
    const absent: ExportKind[] = [
      ...(law ? [] : (['multiples'] as const)),
      ...(law?.fits.some((fit) => fit.law === 'chinchilla') ? [] : (['surface'] as const)),
    ];
    return (Object.entries(shareText.save.kinds) as [ExportKind, string][]).filter(([kind]) => !absent.includes(kind));
  }

  async #copyLink(): Promise<void> {
    const link = await this.sharing?.configAddress();
    if (link !== undefined) await this.#copy(link, T.copied(link.length));
  }

  async #shareResults(): Promise<void> {
    const { result } = this.state;
    if (!this.sharing || !result) return;
    const link = await this.sharing.resultAddress();
    const words = this.state.subject.setting?.text ? T.ownText : T.tooMuch(LONGEST_LINK);
    if (link === undefined) this._outcome = { words, file: true };
    else await this.#copy(link, T.shared(link.length));
  }

  async #copy(link: string, words: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(link);
      this._outcome = { words };
    } catch {
      // Forbidden, as in some frames: then it is there to be copied by hand.
      this._outcome = { words: T.byHand, link };
      await this.updateComplete;
      this.renderRoot.querySelector('input')?.focus();
    }
  }

  /** What a class measured: the dialog, with files that were dropped already. */
  async collect(files: readonly File[] = []): Promise<void> {
    await this.#load(async () => {
      await import('./collect-dialog');
      await this.#dialog('collect-dialog').open(files);
    });
  }

  async #showQr(): Promise<void> {
    const address = await this.sharing?.configAddress();
    if (address === undefined) return;
    await this.#load(async () => {
      await import('./qr-dialog');
      const dialog = this.#dialog('qr-dialog');
      dialog.address = address;
      await dialog.updateComplete;
      dialog.open();
    });
  }

  async #save(kind: ExportKind): Promise<void> {
    await this.#load(async () => {
      const { exportShown } = await import('./export-chart');
      this._outcome = { words: await exportShown(kind, this.state, this.chart) };
    });
  }

  async #fillScreen(): Promise<void> {
    try {
      if (document.fullscreenElement) await document.exitFullscreen();
      else await document.documentElement.requestFullscreen();
    } catch {
      this._outcome = { words: T.noFullScreen };
    }
  }

  /** A script that does not come, as without a connection, is said. */
  async #load(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this._outcome = { words: T.broken };
      throw error;
    }
  }

  /** Made when it is wanted first; it stays, with what it has collected. Beside the page, not in a part that may be hidden. */
  #dialog<K extends 'collect-dialog' | 'qr-dialog'>(tag: K): HTMLElementTagNameMap[K] {
    const found = document.body.querySelector(tag);
    if (found) return found;
    const made = document.createElement(tag);
    document.body.append(made);
    return made;
  }

  #download(): void {
    const { result } = this.state;
    if (result) download(resultFileName(result, new Date()), resultText(result));
  }
}

customElements.define('share-bar', ShareBar);

declare global {
  interface HTMLElementTagNameMap {
    'share-bar': ShareBar;
  }
}
