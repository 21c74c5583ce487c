/** A bet before the runs: the article's range, the reader's guess and what is measured, row by row on one scale. */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Bet, Experiment } from '../experiments/experiment';
import { lawChartsText } from '../text/law-charts';
import { BetEvent } from './bet-event';
import { measuredShare, type MeasuredShare } from './bet-model';
import { concerns } from './state-change';
import { INITIAL_STATE, isActive, type LabState } from './store';
import { base, inlineStyle } from './styles';

const T = lawChartsText.bet;

export class BetCard extends LitElement {
  static override properties = { experiment: { attribute: false }, state: { attribute: false } };

  declare experiment: Experiment | undefined;
  declare state: LabState;

  constructor() {
    super();
    this.experiment = undefined;
    this.state = INITIAL_STATE;
  }

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 10px;
        align-content: start;
        min-width: 0;
      }
      .question {
        margin: 0;
        font-size: var(--t-small);
        text-wrap: pretty;
      }
      .strip {
        --thumb: 16px;
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        gap: 2px 12px;
        align-items: center;
        font-size: var(--t-label);
        font-variant-numeric: tabular-nums;
      }
      .name {
        color: var(--soft);
      }
      .value {
        font-weight: 650;
        min-width: 4.2em;
        text-align: end;
      }
      .track {
        position: relative;
        height: 26px;
        /* As far from either end as the middle of a slider's thumb stays. */
        margin-inline: calc(var(--thumb) / 2);
        background: linear-gradient(var(--line), var(--line)) center / 100% 1px no-repeat;
      }
      .track > * {
        position: absolute;
        top: 50%;
      }
      .range {
        height: 12px;
        margin-top: -6px;
        min-width: 3px;
        border-radius: 3px;
        background: var(--series-4);
      }
      .bar {
        height: 3px;
        margin-top: -1.5px;
        background: var(--ink);
      }
      .dot {
        width: 12px;
        height: 12px;
        margin: -6px;
        border-radius: 50%;
        background: var(--ink);
      }
      input {
        width: 100%;
        height: 26px;
        margin: 0;
        accent-color: var(--good);
      }
      input.unplaced {
        opacity: 0.55;
      }
      .ticks {
        position: relative;
        height: 1.4em;
        margin-inline: calc(var(--thumb) / 2);
        color: var(--soft);
      }
      .ticks span {
        position: absolute;
        transform: translateX(-50%);
      }
      @media (forced-colors: active) {
        .range {
          background: Highlight;
        }
        .dot,
        .bar {
          background: CanvasText;
        }
      }
    `,
  ];

  override shouldUpdate(changed: PropertyValues): boolean {
    return concerns(changed, this.state, ['phase', 'law', 'bet', 'theme']);
  }

  override render() {
    const { experiment, state } = this;
    const bet = experiment?.law?.bet;
    if (!experiment || !bet) return null;
    const measured = measuredShare(experiment, state.law);
    const open = !isActive(state.phase) && state.law.runs.length === 0;
    return html`
      <h2>${T.title}</h2>
      <p class="question">${bet.question}</p>
      <div class="strip">
        <span class="name">${T.article}</span>
        <div class="track" role="img" aria-label=${T.range(T.article, ...bet.article)}>
          <div class="range" .style=${inlineStyle(this.#between(bet, ...bet.article))}></div>
        </div>
        <span class="value">${T.between(...bet.article)}</span>
        <span class="name">${T.you}</span>
        ${this.#slider(bet, open)}
        <span class="value">${state.bet === undefined ? '?' : T.percent(state.bet)}</span>
        <span class="name">${T.measured}</span>
        ${this.#measured(bet, measured)}
        <span class="value">${measured ? T.percent(measured.value) : '?'}</span>
        <span></span>
        <div class="ticks" aria-hidden="true">
          ${[0, 0.5, 1].map(
            (part) =>
              html`<span .style=${inlineStyle(`left: ${100 * part}%`)}
                >${T.percent(bet.from + part * (bet.to - bet.from))}</span
              >`,
          )}
        </div>
        <span></span>
      </div>
      <p class="note" role="status">
        ${measured ? T.interval(measured.holds) : state.bet === undefined && open ? T.place : T.waits}
      </p>
    `;
  }

  #slider(bet: Bet, open: boolean) {
    const value = this.state.bet ?? (bet.from + bet.to) / 2;
    return html`<input
      class=${this.state.bet === undefined ? 'unplaced' : ''}
      type="range"
      min=${bet.from}
      max=${bet.to}
      step="1"
      .value=${String(value)}
      ?disabled=${!open}
      aria-label=${T.slider}
      aria-valuetext=${this.state.bet === undefined ? T.place : T.percent(value)}
      @input=${(event: Event) => {
        if (event.target instanceof HTMLInputElement) this.dispatchEvent(new BetEvent(Number(event.target.value)));
      }}
    />`;
  }

  #measured(bet: Bet, measured: MeasuredShare | undefined) {
    if (!measured) return html`<div class="track"></div>`;
    const { value, low, high } = measured;
    const interval = low !== undefined && high !== undefined;
    return html`<div
      class="track"
      role="img"
      aria-label=${interval ? T.range(T.measured, low, high) : T.part(T.measured, value)}
    >
      ${interval ? html`<div class="bar" .style=${inlineStyle(this.#between(bet, low, high))}></div>` : nothing}
      <div class="dot" .style=${inlineStyle(`left: ${this.#at(bet, value)}%`)}></div>
    </div>`;
  }

  /** Per cent of the track; what lies beyond an end is drawn at it. */
  #at({ from, to }: Bet, value: number): number {
    return Math.min(100, Math.max(0, (100 * (value - from)) / (to - from)));
  }

  #between(bet: Bet, low: number, high: number): string {
    const [left, right] = [this.#at(bet, low), this.#at(bet, high)];
    return `left: ${left}%; width: ${right - left}%`;
  }
}

customElements.define('bet-card', BetCard);

declare global {
  interface HTMLElementTagNameMap {
    'bet-card': BetCard;
  }
}
