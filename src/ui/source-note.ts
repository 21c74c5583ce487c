/** What the models read: two topics that continue the same syllable differently, and why there is a floor. */
import { css, html, LitElement } from 'lit';
import type { RunSpec } from '../config/run-spec';
import { percent } from '../text/numbers';
import { belowText as text } from '../text/below';
import { FLOOR, ODDS } from './odds';
import { base, inlineStyle } from './styles';

export class SourceNote extends LitElement {
  static override properties = {
    spec: { attribute: false },
    chosen: { type: Boolean },
  };

  declare spec: RunSpec | undefined;
  /** The source was chosen with an answer in mind, which then has to be said. */
  declare chosen: boolean;

  constructor() {
    super();
    this.spec = undefined;
    this.chosen = false;
  }

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: 12px;
        align-content: start;
      }
      .topics {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(140px, 1fr));
        gap: 14px 22px;
      }
      .given {
        margin: 0 0 6px;
        font-size: var(--t-label);
        color: var(--soft);
      }
      b {
        font: 600 var(--t-label) var(--mono);
        padding: 1px 6px;
        border-radius: 6px;
        background: var(--grid);
        color: var(--ink);
        white-space: nowrap;
      }
      .blue {
        --colour: var(--series-2);
      }
      .red {
        --colour: var(--series-1);
      }
      i {
        font-style: normal;
        color: var(--colour);
      }
      dl {
        margin: 0;
        display: grid;
        grid-template-columns: 2.6em 1fr 3.2em;
        gap: 4px 8px;
        align-items: center;
        font-size: var(--t-label);
      }
      dt {
        font-family: var(--mono);
      }
      dd {
        margin: 0;
        font-variant-numeric: tabular-nums;
        text-align: end;
        color: var(--soft);
      }
      dd.bar {
        height: 10px;
        border-radius: 3px;
        background: var(--grid);
      }
      dd.bar div {
        height: 100%;
        border-radius: 3px;
        background: var(--colour);
      }
      @media (forced-colors: active) {
        b,
        dd.bar {
          background: Canvas;
          border: 1px solid GrayText;
        }
        dd.bar div {
          forced-color-adjust: none;
          background: CanvasText;
        }
      }
    `,
  ];

  override render() {
    if (this.spec?.source.kind !== 'topics') return null;
    const { source, hyper } = this.spec;
    return html`
      <h2>${text.source.title}</h2>
      <p class="note">${text.source.lead}</p>
      <div class="topics">
        ${text.source.topics.map((name, topic) => {
          return html`
            <div class=${topic === 0 ? 'blue' : 'red'}>
              <p class="given"><i>●</i> ${text.source.topic(name)} <b>${text.source.after(source.lag)}</b></p>
              <dl>
                ${ODDS.map(
                  (p, i) => html`
                    <dt>${text.source.next[topic]?.[i]}</dt>
                    <dd class="bar" aria-hidden="true"><div .style=${inlineStyle(`width: ${p * 100}%`)}></div></dd>
                    <dd>${percent(p)}</dd>
                  `,
                )}
              </dl>
            </div>
          `;
        })}
      </div>
      <p class="note">
        ${text.source.note(source.topics, source.vocabSize, source.lag, hyper.share)} ${text.source.floor(FLOOR)}
        ${this.chosen ? text.source.chosen : ''}
      </p>
    `;
  }
}

customElements.define('source-note', SourceNote);

declare global {
  interface HTMLElementTagNameMap {
    'source-note': SourceNote;
  }
}
