/** What a sweep consists of, as a list: done, under way and to come, with the seconds of each; and how to skip a size. */
import { css, html, LitElement, nothing } from 'lit';
import type { Experiment } from '../experiments/experiment';
import { lawChartsText } from '../text/law-charts';
import type { Curves } from './curves';
import { CommandEvent } from './command-event';
import { queueOf, type QueueEntry } from './queue-model';
import { SlowCurves } from './slow-curves';
import { INITIAL_STATE, isActive, type LabState } from './store';
import { base, button, inlineStyle } from './styles';

const T = lawChartsText.queue;

export class SweepQueue extends LitElement {
  static override properties = {
    experiment: { attribute: false },
    state: { attribute: false },
    curves: { attribute: false },
  };

  declare experiment: Experiment | undefined;
  declare state: LabState;
  declare curves: Curves | undefined;

  constructor() {
    super();
    this.experiment = undefined;
    this.state = INITIAL_STATE;
    this.curves = undefined;
    new SlowCurves(this);
  }

  static override styles = [
    base,
    button,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
        align-content: start;
        min-width: 0;
      }
      ol {
        list-style: none;
        margin: 0;
        padding: 0;
        display: grid;
        /* As wide as the words are; the bars take what is left. */
        grid-template-columns: auto auto minmax(24px, 1fr) auto;
        gap: 1px 8px;
        font-size: var(--t-label);
        font-variant-numeric: tabular-nums;
      }
      li {
        display: grid;
        grid-column: 1 / -1;
        grid-template-columns: subgrid;
        align-items: center;
        padding: 2px 0;
        color: var(--soft);
      }
      li.now {
        color: var(--ink);
        font-weight: 600;
      }
      li > :last-child {
        text-align: end;
        white-space: nowrap;
      }
      svg {
        width: 1em;
        height: 1em;
        display: block;
      }
      .track {
        height: 4px;
        border-radius: 2px;
        background: var(--grid);
        overflow: hidden;
      }
      .track i {
        display: block;
        height: 100%;
        background: var(--c);
      }
      .s0 {
        --c: var(--series-0);
      }
      .s1 {
        --c: var(--series-1);
      }
      .s2 {
        --c: var(--series-2);
      }
      .s3 {
        --c: var(--series-3);
      }
      .s4 {
        --c: var(--series-4);
      }
      .s5 {
        --c: var(--series-5);
      }
      .s6 {
        --c: var(--series-6);
      }
      .s7 {
        --c: var(--series-7);
      }
      button {
        justify-self: start;
        font-size: var(--t-label);
        padding: 4px 10px;
      }
      @media (forced-colors: active) {
        .track i {
          background: CanvasText;
        }
      }
    `,
  ];

  override render() {
    const { experiment, state, curves } = this;
    const entries = experiment && curves ? queueOf(experiment, state, curves) : [];
    if (entries.length === 0) return html`<h2>${T.title}</h2>`;
    const seeds = Math.max(...state.series.map(({ replicas }) => replicas.length));
    const canSkip = state.phase === 'running' || state.phase === 'paused';
    return html`
      <h2>${T.title}</h2>
      <p class="note">${T.lead(entries.length, seeds)}</p>
      <ol>
        ${entries.map((entry) => this.#entry(entry))}
      </ol>
      ${
        isActive(state.phase)
          ? html`<button
              ?disabled=${!canSkip}
              @click=${() => {
                this.dispatchEvent(new CommandEvent('skip'));
              }}
            >
              ${T.skip}
            </button>`
          : nothing
      }
    `;
  }

  #entry({ arm, style, state, fraction, seconds }: QueueEntry) {
    return html`<li
      class="s${style} ${state === 'under way' ? 'now' : ''}"
      aria-current=${state === 'under way' ? 'step' : nothing}
    >
      ${SIGNS[state]}
      <span>${arm}</span>
      <span class="track"><i .style=${inlineStyle(`width: ${(100 * fraction).toFixed(1)}%`)}></i></span>
      <span>${this.#words(state, fraction, seconds)}</span>
    </li>`;
  }

  #words(state: QueueEntry['state'], fraction: number, seconds: number | undefined): string {
    if (state === 'under way') return T.part(fraction);
    if (state === 'done') return seconds === undefined ? T.states.done : T.took(seconds);
    if (state === 'to come' && seconds !== undefined) return T.about(seconds);
    return T.states[state];
  }
}

/** A tick, an arrow, a ring, a dash: told apart without colour. */
const sign = (path: string, name: string) =>
  html`<svg viewBox="0 0 16 16" role="img" aria-label=${name}>
    <path d=${path} fill="none" stroke="var(--c)" stroke-width="2" />
  </svg>`;

const SIGNS: Record<QueueEntry['state'], ReturnType<typeof sign>> = {
  done: sign('M3 8.5l3.5 3.5L13 4.5', T.states.done),
  'under way': sign('M4 2.5l9 5.5-9 5.5z', T.states['under way']),
  'to come': sign('M8 3.5a4.5 4.5 0 1 0 0.01 0z', T.states['to come']),
  'not trained': sign('M3 8h10', T.states['not trained']),
};

customElements.define('sweep-queue', SweepQueue);

declare global {
  interface HTMLElementTagNameMap {
    'sweep-queue': SweepQueue;
  }
}
