/** The tokens of a text, and under each the experts that it visits, layer by layer. Fires `change`; read `at`. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { CloserDocument } from '../protocol';
import { closerText } from '../text/closer';
import { expertsOf, sameWay } from './closer-model';
import { expertChip, expertStyles } from './expert-style';
import { base, details, hidden, table } from './styles';
import { walkSiblings } from './walk-siblings';

const T = closerText.experts;

export class ExpertStrips extends LitElement {
  static override properties = {
    document: { attribute: false },
    labels: { attribute: false },
    at: { attribute: false },
    _active: { state: true },
    _open: { state: true },
  };

  declare document: CloserDocument | undefined;
  /** Its tokens in words. */
  declare labels: readonly string[];
  /** The token that is pointed at. */
  declare at: number;
  /** Somebody points: those who go another way step back. */
  declare _active: boolean;
  declare _open: boolean;

  constructor() {
    super();
    this.document = undefined;
    this.labels = [];
    this.at = 0;
    this._active = false;
    this._open = false;
  }

  static override styles = [
    hidden,
    base,
    details,
    table,
    expertStyles,
    css`
      :host {
        display: grid;
        gap: 10px;
        min-width: 0;
        container-type: inline-size;
      }
      .tokens {
        display: grid;
        grid-template-columns: repeat(32, minmax(0, 1fr));
        gap: 10px 3px;
      }
      @container (max-width: 62em) {
        .tokens {
          grid-template-columns: repeat(16, minmax(0, 1fr));
        }
      }
      @container (max-width: 32em) {
        .tokens {
          grid-template-columns: repeat(8, minmax(0, 1fr));
        }
      }
      button {
        all: unset;
        box-sizing: border-box;
        display: grid;
        gap: 4px;
        align-content: start;
        padding: 2px;
        border-radius: 6px;
        cursor: default;
        min-width: 0;
      }
      button[aria-pressed='true'] {
        outline: 2px solid var(--ink);
      }
      button:focus-visible {
        outline: 2px solid var(--focus);
        outline-offset: 2px;
      }
      .token {
        text-align: center;
        font: 500 var(--t-label) / 1.3 var(--mono);
        white-space: nowrap;
        overflow: hidden;
      }
      .tag {
        color: var(--soft);
        font-family: var(--sans);
        font-size: 0.7rem;
        line-height: 1.55;
      }
      .layer {
        display: grid;
        gap: 1px;
        border-radius: 4px;
        overflow: hidden;
      }
      .other {
        opacity: 0.28;
      }
      .says {
        margin: 0;
        font-size: var(--t-small);
        min-height: 3em;
        text-wrap: pretty;
      }
    `,
  ];

  override render() {
    const { document, labels } = this;
    if (!document) return nothing;
    const at = Math.min(this.at, document.tokens.length - 1);
    const own = expertsOf(document, at);
    const topK = own[0]?.length ?? 0;
    return html`
      <p class="says">${this.#sentence(document, at)} ${T.shared(sameWay(document, at), document.tokens.length)}</p>
      <div
        class="tokens"
        role="group"
        aria-label=${T.title}
        @keydown=${walkSiblings}
        @pointerenter=${this.#activate}
        @focusin=${this.#activate}
        @pointerleave=${this.#rest}
        @focusout=${this.#rest}
      >
        ${labels.map((label, t) => this.#token(document, own, label, t, at))}
      </div>
      <p class="note">${T.legend(own.length, topK)} ${T.keys}</p>
      <details
        @toggle=${(event: Event) => {
          this._open = event.target instanceof HTMLDetailsElement && event.target.open;
        }}
      >
        <summary>${closerText.asTable}</summary>
        ${this._open ? this.#table(document) : nothing}
      </details>
    `;
  }

  #sentence(document: CloserDocument, t: number): string {
    return T.sent(this.labels[t] ?? '', closerText.place(t), expertsOf(document, t));
  }

  #token(document: CloserDocument, own: number[][], label: string, t: number, at: number): TemplateResult {
    const take = (): void => {
      if (this.at === t) return;
      this.at = t;
      this.dispatchEvent(new Event('change'));
    };
    return html`<button
      type="button"
      tabindex=${t === at ? 0 : -1}
      aria-pressed=${t === at ? 'true' : 'false'}
      @pointerenter=${take}
      @focus=${take}
      @click=${take}
    >
      <span class="hidden">${this.#sentence(document, t)}</span>
      <span class=${t === 0 && !document.characters ? 'token tag' : 'token'} aria-hidden="true">${label}</span>
      ${expertsOf(document, t).map(
        (experts, layer) =>
          html`<span class="layer" aria-hidden="true"
            >${experts.map((expert) =>
              expertChip(expert, this._active && !own[layer]?.includes(expert) ? 'other' : ''),
            )}</span
          >`,
      )}
    </button>`;
  }

  #table(document: CloserDocument): TemplateResult {
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${T.caption}>
        <table>
          <caption>
            ${T.caption}
          </caption>
          <thead>
            <tr>
              <th scope="col">${T.tokenColumn}</th>
              ${document.experts.map((_layer, layer) => html`<th scope="col">${T.layerColumn(layer)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${this.labels.map(
              (label, t) => html`
                <tr>
                  <th scope="row">${t + 1} ${label}</th>
                  ${expertsOf(document, t).map(
                    (experts) => html`<td>${experts.map((expert) => expert + 1).join(', ')}</td>`,
                  )}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  readonly #activate = (): void => {
    this._active = true;
  };

  readonly #rest = (): void => {
    this._active = false;
  };
}

customElements.define('expert-strips', ExpertStrips);

declare global {
  interface HTMLElementTagNameMap {
    'expert-strips': ExpertStrips;
  }
}
