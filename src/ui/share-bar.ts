/** Copies links, shares results, and leads to what a class needs. */
import { css, html, LitElement, nothing } from 'lit';
import { LONGEST_LINK } from '../share/link';
import { resultFileName, resultText } from '../share/result-file';
import { shareText } from '../text/share';
import { download } from './download';
import type { Sharing } from './sharing';
import { INITIAL_STATE, type LabState } from './store';
import { base, button } from './styles';
import { measuredState } from './measured-state';

const T = shareText.bar;

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
    _outcome: { state: true },
  };

  declare sharing: Sharing | undefined;
  declare state: LabState;
  declare _outcome: Outcome | undefined;

  constructor() {
    super();
    this.sharing = undefined;
    this.state = INITIAL_STATE;
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
        gap: 8px;
      }
      button {
        font-size: var(--t-label);
        padding: 5px 11px;
        background: var(--card);
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

  async #copyLink(): Promise<void> {
    const link = await this.sharing?.configAddress();
    if (link !== undefined) await this.#copy(link, T.copied(link.length));
  }

  async #shareResults(): Promise<void> {
    const { result } = this.state;
    if (!this.sharing || !result) return;
    const link = await this.sharing.resultAddress();
    if (link === undefined) this._outcome = { words: T.tooMuch(LONGEST_LINK), file: true };
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
