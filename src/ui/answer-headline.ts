/** The question and the answer as it stands, as the page's headline. */
import { css, html, LitElement } from 'lit';
import type { Answer } from './answer-shape';
import type { Term } from '../text/glossary';
import { emphasised } from './emphasis';
import { later } from './later';
import { base } from './styles';

export class AnswerHeadline extends LitElement {
  static override properties = {
    question: { type: String },
    answer: { attribute: false },
  };

  declare question: string;
  declare answer: Answer;

  constructor() {
    super();
    this.question = '';
    this.answer = { headline: '', sure: [] };
  }

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: 8px;
        align-content: start;
        padding: 4px 0 2px;
        /* Room for a headline of so many lines, so that the chart stays put when the answer changes. */
        min-height: calc(3.4 * var(--t-small) + var(--answer-lines) * 1.16 * var(--t-hero) + 22px);
      }
      h1 {
        margin: 0;
        font-size: var(--t-small);
        font-weight: 400;
        letter-spacing: 0.02em;
        color: var(--soft);
      }
      .answer {
        font: 500 var(--t-hero) / 1.16 var(--serif);
        letter-spacing: -0.012em;
        max-width: var(--answer-width);
        margin: 0;
        text-wrap: balance;
      }
      b {
        font-weight: 600;
        color: var(--accent);
      }
      .dense {
        color: var(--series-6);
      }
      .sure {
        color: var(--soft);
        font-size: var(--t-small);
        margin: 0;
        text-wrap: pretty;
      }
      .sure span:not(:last-child)::after {
        content: ' · ';
      }
    `,
  ];

  override render() {
    const gloss = later()?.glossed ?? ((sentence: string) => sentence);
    const met = new Set<Term>();
    return html`
      <h1>${this.question}</h1>
      <p class="answer">${emphasised(this.answer.headline, (part) => gloss(part, met))}</p>
      <p class="sure">${this.answer.sure.map((part) => html`<span>${gloss(part, met)}</span>`)}</p>
    `;
  }
}

customElements.define('answer-headline', AnswerHeadline);

declare global {
  interface HTMLElementTagNameMap {
    'answer-headline': AnswerHeadline;
  }
}
