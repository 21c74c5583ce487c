/** What comes next? Held-out texts in syllables, and under each how likely the models held it. */
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import type { Experiment } from '../experiments/experiment';
import { insideText, type Said } from '../text/inside';
import { concerns } from './state-change';
import { INITIAL_STATE, type LabState } from './store';
import { base, inlineStyle } from './styles';
import { walkSiblings } from './walk-siblings';
import { tokensModel, type DocumentView, type Opinion, type TokensModel, type TokenView as View } from './token-model';
import { dot, topicDot, topicName } from './topic-dot';

const text = insideText.tokens;
const { syllable } = insideText;

function said({ arm, probability, guess, guessProbability, hit }: Opinion): string {
  const view: Said = { arm, probability };
  if (!hit) view.instead = { syllable: syllable(guess), probability: guessProbability };
  return text.said(view);
}

/** All that is to be told of one token. */
export function tokenSentence(topic: number, { token, scored, before, opinions, odds }: View): string {
  if (!scored) return text.free(syllable(token));
  const [key = 0, ...between] = before;
  const start = text.after(syllable(key), between.map(syllable), topicName(topic), syllable(token));
  return text.sentence(start, opinions.map(said), text.odds(odds));
}

export class TokenView extends LitElement {
  static override properties = {
    state: { attribute: false },
    experiment: { attribute: false },
    _at: { state: true },
  };

  declare state: LabState;
  declare experiment: Experiment | undefined;
  /** The token that is pointed at. */
  declare _at: { document: number; token: number };

  constructor() {
    super();
    this.state = INITIAL_STATE;
    this.experiment = undefined;
    this._at = { document: 0, token: 2 };
  }

  static override styles = [
    base,
    topicDot,
    css`
      :host {
        /* Costs nothing while it is out of sight: the page is laid out anew with every look. */
        content-visibility: auto;
        contain-intrinsic-size: auto 560px;
        display: grid;
        gap: 12px;
        align-content: start;
        min-width: 0;
      }
      .says {
        margin: 0;
        font-size: var(--t-small);
        min-height: 3.2em;
        text-wrap: pretty;
      }
      h3 {
        font-size: var(--t-label);
        font-weight: 550;
        color: var(--soft);
        margin: 0 0 4px;
      }
      .texts {
        display: grid;
        gap: 12px;
        container-type: inline-size;
      }
      .text {
        display: grid;
        grid-template-columns: repeat(16, minmax(0, 1fr));
        gap: 4px;
      }
      @container (max-width: 32em) {
        .text {
          grid-template-columns: repeat(8, minmax(0, 1fr));
        }
      }
      button {
        all: unset;
        box-sizing: border-box;
        display: grid;
        grid-template-rows: auto 28px;
        justify-items: center;
        padding: 4px 0 3px;
        border-radius: 7px;
        background: var(--grid);
        font: 500 var(--t-label) / 1.2 var(--mono);
        cursor: default;
      }
      button[aria-pressed='true'] {
        outline: 2px solid var(--ink);
      }
      button:focus-visible {
        outline: 2px solid var(--focus);
        outline-offset: 2px;
      }
      .free {
        background: transparent;
        color: var(--faint);
      }
      .bars {
        position: relative;
        display: flex;
        gap: 3px;
        align-items: end;
        height: 25px;
        margin-top: 3px;
        border-bottom: 1px solid var(--control);
      }
      .bars i {
        width: 10px;
        min-height: 1px;
        border: 1.5px solid var(--color);
        border-bottom: 0;
        border-radius: 2px 2px 0 0;
      }
      .bars .hit {
        background: var(--color);
      }
      .bars b {
        position: absolute;
        left: -3px;
        right: -3px;
        height: 0;
        border-top: 1.5px solid var(--ink);
      }
      @media (forced-colors: active) {
        button {
          background: Canvas;
          border: 1px solid GrayText;
        }
        .bars i {
          forced-color-adjust: none;
          border-color: CanvasText;
        }
        .bars .hit {
          background: CanvasText;
        }
      }
    `,
  ];

  /** A frame later than what else shows a look: both at once, a hundred tokens and the map, would be one long task. */
  protected override async scheduleUpdate(): Promise<void> {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    await super.scheduleUpdate();
  }

  override shouldUpdate(changed: PropertyValues): boolean {
    return concerns(changed, this.state, ['series', 'cohorts', 'looks', 'subject']);
  }

  override render() {
    const model = tokensModel(this.state, this.experiment);
    if (!model) {
      return html`
        <h2>${text.title}</h2>
        <p class="note">${text.waiting}</p>
      `;
    }
    const [first, second] = model.arms;
    return html`
      <h2>${text.title}</h2>
      <p class="says">${this.#says(model)}</p>
      <div class="texts">${model.documents.map((document, d) => this.#document(document, d))}</div>
      <p class="note">
        ${text.scores([...model.scores].reverse().map(({ arm, hits, all }) => text.score(arm, hits, all)))}
      </p>
      <p class="note">${text.legend(first?.arm ?? '', second?.arm)} ${text.legendRest} ${text.keys}</p>
    `;
  }

  #says({ documents }: TokensModel): string {
    const document = documents[this._at.document];
    const token = document?.tokens[this._at.token];
    return document && token ? tokenSentence(document.topic, token) : '';
  }

  #document({ topic, tokens }: DocumentView, d: number): TemplateResult {
    const title = text.document(d, topicName(topic));
    return html`
      <div>
        <h3>${dot(topic)} ${title}</h3>
        <div class="text" role="group" aria-label=${title} @keydown=${walkSiblings}>
          ${tokens.map((token, t) => this.#token(topic, token, d, t))}
        </div>
      </div>
    `;
  }

  #token(topic: number, view: View, d: number, t: number): TemplateResult {
    const { document, token } = this._at;
    const here = document === d && token === t;
    // One stop for the tabulator in each text; within it the arrows walk.
    const stop = document === d ? here : t === 0;
    const take = (): void => {
      if (!here) this._at = { document: d, token: t };
    };
    return html`<button
      type="button"
      class=${view.scored ? '' : 'free'}
      tabindex=${stop ? 0 : -1}
      aria-pressed=${here ? 'true' : 'false'}
      aria-label=${tokenSentence(topic, view)}
      @pointerenter=${take}
      @focus=${take}
      @click=${take}
    >
      ${syllable(view.token)}
      ${
        view.scored
          ? html`<span class="bars" aria-hidden="true"
              >${view.opinions.map(
                ({ style, probability, hit }) =>
                  html`<i
                    class=${hit ? 'hit' : ''}
                    .style=${inlineStyle(`--color: var(--series-${style}); height: ${(100 * probability).toFixed(0)}%`)}
                  ></i>`,
              )}<b .style=${inlineStyle(`bottom: ${(100 * view.odds).toFixed(0)}%`)}></b
            ></span>`
          : null
      }
    </button>`;
  }
}

customElements.define('token-view', TokenView);

declare global {
  interface HTMLElementTagNameMap {
    'token-view': TokenView;
  }
}
