/**
 * Cases that keep the race honest, as evidence: what each asks, what was measured, what follows, and a press to
 * measure it here. Numbers are those of this visit, or else recorded ones.
 */
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { BUDGETS } from '../config/run-spec';
import type { Case } from '../experiments/experiment';
import { insideText } from '../text/inside';
import { caseBars, caseFinding, type ArmBar } from './case-model';
import { CaseEvent } from './case-event';
import { evidenceOf, type Evidence } from './evidence';
import type { Exhibit } from './exhibit';
import { concerns } from './state-change';
import { INITIAL_STATE, isActive, type LabState } from './store';
import { styleOf } from './arm-style';
import { base, button, hidden, inlineStyle } from './styles';

const text = insideText.cases;

/** Which cases a card holds. */
const CASES = {
  less: ['shared', 'lag-1', 'memory'],
  router: ['controls', 'frozen'],
} as const;

export class CaseCard extends LitElement {
  static override properties = {
    about: { type: String },
    exhibit: { attribute: false },
    state: { attribute: false },
  };

  declare about: keyof typeof CASES;
  declare exhibit: Pick<Exhibit, 'experiment' | 'secondsOf'> | undefined;
  declare state: LabState;

  constructor() {
    super();
    this.about = 'less';
    this.exhibit = undefined;
    this.state = INITIAL_STATE;
  }

  static override styles = [
    base,
    button,
    hidden,
    css`
      :host {
        display: grid;
        gap: 16px;
        align-content: start;
        min-width: 0;
      }
      section {
        display: grid;
        gap: 8px;
        container-type: inline-size;
      }
      section + section {
        border-top: 1px solid var(--line);
        padding-top: 16px;
      }
      h3 {
        font-size: var(--t-small);
        font-weight: 650;
        margin: 0;
      }
      .finding {
        margin: 0;
        font-size: var(--t-small);
        text-wrap: pretty;
      }
      ul {
        list-style: none;
        margin: 2px 0;
        padding: 0;
        display: grid;
        grid-template-columns: max-content minmax(60px, 1fr) max-content;
        gap: 5px 12px;
        align-items: center;
        font-size: var(--t-label);
      }
      li {
        display: contents;
      }
      .value {
        font-variant-numeric: tabular-nums;
        color: var(--soft);
        white-space: nowrap;
      }
      .track {
        position: relative;
        height: 18px;
        border-inline-start: 1px solid var(--control);
      }
      .bar,
      .whisker,
      .dot {
        position: absolute;
        background: var(--color);
      }
      .bar {
        top: 5px;
        bottom: 5px;
        left: 0;
        opacity: 0.32;
        border-radius: 0 3px 3px 0;
      }
      .whisker {
        top: 8px;
        height: 2px;
      }
      .dot {
        top: 4px;
        width: 10px;
        height: 10px;
        margin-left: -5px;
        border-radius: 50%;
      }
      .foot {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 14px;
        align-items: center;
        justify-content: space-between;
      }
      .foot button {
        font-size: var(--t-label);
        padding: 5px 11px;
      }
      .foot .note {
        flex: 1 1 14em;
      }
      @container (max-width: 25em) {
        ul {
          grid-template-columns: minmax(0, 1fr);
        }
        li {
          display: grid;
          grid-template: 'name value' 'track track' / minmax(0, 1fr) max-content;
          gap: 0 12px;
        }
        .foot button {
          white-space: normal;
        }
        .track {
          grid-area: track;
        }
      }
      /* For the back row: a case or, where it is high, two, their bars and what follows. */
      :host([theme='projector']) :is(.lead, .known .note, .foot, section:nth-of-type(n + 3)) {
        display: none;
      }
      @media (max-height: 1150px) {
        :host([theme='projector']) section:nth-of-type(n + 2) {
          display: none;
        }
      }
      @media (forced-colors: active) {
        .bar,
        .whisker,
        .dot {
          forced-color-adjust: none;
          background: CanvasText;
        }
      }
    `,
  ];

  override shouldUpdate(changed: PropertyValues): boolean {
    return concerns(changed, this.state, ['phase', 'device', 'wanted', 'budget', 'estimates', 'measured']);
  }

  override render() {
    const { experiment } = this.exhibit ?? {};
    if (!experiment) return null;
    const { title, lead } = text[this.about];
    const cases = CASES[this.about].flatMap((id) => experiment.cases.find((each) => each.id === id) ?? []);
    return html`
      <div>
        <h2>${title}</h2>
        <p class="note lead">${lead}</p>
      </div>
      ${cases.map((each) => this.#case(each))}
    `;
  }

  #case(shown: Case): TemplateResult {
    const evidence = evidenceOf(this.state, shown);
    const { phase, wanted } = this.state;
    const busy = isActive(phase);
    const here = busy && wanted.case === shown.id;
    const seconds = this.exhibit?.secondsOf(shown.id);
    return html`
      <section aria-label=${shown.title} class=${evidence ? 'known' : ''}>
        <div>
          <h3>${shown.title}</h3>
          <p class="note">${shown.question}</p>
        </div>
        ${evidence ? this.#evidence(shown, evidence) : null}
        <div class="foot">
          <p class="note">${here ? text.underWay : evidence ? this.#origin(evidence) : text.notRecorded}</p>
          <button
            ?disabled=${busy || !this.state.device}
            @click=${() => this.dispatchEvent(new CaseEvent(shown.id, true))}
          >
            ${[text.run, seconds === undefined ? '' : text.takes(seconds)].filter((part) => part !== '').join(' · ')}<span
              class="hidden"
              >${text.runOf(shown.title)}</span
            >
          </button>
        </div>
      </section>
    `;
  }

  #origin({ recorded, budget, ends }: Evidence): string {
    const seeds = new Set(ends.map(({ seed }) => seed)).size;
    const where = recorded ? text.recorded(recorded.adapter, recorded.date) : text.measured;
    return [where, text.each(BUDGETS[budget]), text.seeds(seeds)].join(' · ');
  }

  #evidence(shown: Case, { ends, budget }: Evidence): TemplateResult {
    const bars = caseBars(shown, ends, budget);
    const finding = caseFinding(shown, ends, budget);
    const most = Math.max(0.05, ...bars.map(({ mean = 0, half = 0 }) => mean + half));
    return html`
      <ul aria-label=${text.table(shown.title)}>
        ${bars.map((bar) => this.#bar(bar, most))}
      </ul>
      ${finding === '' ? null : html`<p class="finding">${finding}</p>`}
    `;
  }

  #bar({ arm, mean, half, diverged, seeds }: ArmBar, most: number): TemplateResult {
    const at = (value: number): string => `${((100 * Math.min(Math.max(value, 0), most)) / most).toFixed(1)}%`;
    const value = mean === undefined ? '' : text.value(mean, half);
    const lost = diverged > 0 ? text.diverged(diverged, seeds) : '';
    const color = `--color: var(--series-${styleOf(arm, 0)})`;
    return html`
      <li>
        <span class="name">${arm}</span>
        <span class="track" aria-hidden="true" .style=${inlineStyle(color)}>
          ${
            mean === undefined
              ? null
              : html`<span class="bar" .style=${inlineStyle(`width: ${at(mean)}`)}></span>
                  ${
                    half === undefined
                      ? null
                      : html`<span
                          class="whisker"
                          .style=${inlineStyle(`left: ${at(mean - half)}; right: calc(100% - ${at(mean + half)})`)}
                        ></span>`
                  }
                  <span class="dot" .style=${inlineStyle(`left: ${at(mean)}`)}></span>`
          }
        </span>
        <span class="value">${[value, lost].filter((part) => part !== '').join(', ')}</span>
      </li>
    `;
  }
}

customElements.define('case-card', CaseCard);

declare global {
  interface HTMLElementTagNameMap {
    'case-card': CaseCard;
  }
}
