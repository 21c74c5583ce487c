/** The few things about the race that a reader may set, and what a start would then train. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import type { BudgetName } from '../config/run-spec';
import type { Experiment, Setting } from '../experiments/experiment';
import { count, percent } from '../text/numbers';
import { insideText } from '../text/inside';
import { fields } from './fields';
import { CaseEvent } from './case-event';
import './segmented-choice';
import type { SegmentedChoice } from './segmented-choice';
import { change, EXPERTS, LAGS, planOf, SHARES, TOP_K, WIDTHS, type Plan } from '../experiments/setting-model';
import type { Wanted } from './store';
import { base, button, table } from './styles';

const text = insideText.controls;

/** Asks for another setting of the next start. */
export class SettingEvent extends Event {
  constructor(readonly setting: Setting) {
    super('lab-setting', { bubbles: true, composed: true });
  }
}

/** A value out of a list, as a slider over the list. */
interface Slider {
  field: 'nExperts' | 'topK' | 'dModel' | 'share';
  label: string;
  help: string;
  list: readonly number[];
  value: number;
  shown: (value: number) => string;
}

/** Index of the entry that is nearest to `value`. */
function nearest(list: readonly number[], value: number): number {
  return list.reduce((best, entry, i) => (Math.abs(entry - value) < Math.abs((list[best] ?? 0) - value) ? i : best), 0);
}

export class RaceControls extends LitElement {
  static override properties = {
    experiment: { attribute: false },
    wanted: { attribute: false },
    budget: { type: String },
    disabled: { type: Boolean },
    _moving: { state: true },
    _clamped: { state: true },
  };

  declare experiment: Experiment | undefined;
  declare wanted: Wanted;
  declare budget: BudgetName;
  declare disabled: boolean;
  /** A slider that is being moved, and where it is. */
  declare _moving: { field: Slider['field']; index: number } | undefined;
  declare _clamped: number | undefined;

  constructor() {
    super();
    this.experiment = undefined;
    this.wanted = { case: '', setting: {} };
    this.budget = 'quick';
    this.disabled = false;
    this._moving = undefined;
    this._clamped = undefined;
  }

  static override styles = [
    base,
    button,
    table,
    fields,
    css`
      :host {
        display: grid;
        gap: 12px;
        align-content: start;
      }
      fieldset {
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 215px), 1fr));
        gap: 10px 22px;
        min-width: 0;
      }
      .field {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 0 12px;
        font-size: var(--t-small);
        align-items: baseline;
        align-content: start;
      }
      small {
        line-height: 1.35;
      }
      input[type='range'] {
        margin: 3px 0 1px;
      }
      table {
        width: 100%;
      }
      th,
      td {
        padding-inline-end: 10px;
      }
      tr > :last-child {
        padding-inline-end: 0;
      }
      thead th {
        white-space: normal;
        vertical-align: bottom;
        line-height: 1.25;
      }
      .changed {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 14px;
        align-items: center;
      }
      .changed .note {
        flex: 1 1 14em;
      }
      .clamped {
        color: var(--warn);
      }
    `,
  ];

  get #case() {
    const cases = this.experiment?.cases;
    return cases?.find(({ id }) => id === this.wanted.case) ?? cases?.[0];
  }

  override render() {
    const { experiment, wanted, budget } = this;
    const chosen = this.#case;
    const plan = experiment && chosen && planOf(experiment, chosen, budget, wanted.setting);
    if (!plan) return null;
    const { nExperts, topK, dModel, lag, share } = plan.values;
    const widths = [...new Set(plan.arms.map(({ width }) => width))].filter((width) => width !== dModel);
    return html`
      <h2>${text.title}</h2>
      <fieldset ?disabled=${this.disabled} aria-label=${text.title}>
        ${this.#slider({
          field: 'nExperts',
          label: text.experts,
          help: text.expertsHelp,
          list: EXPERTS,
          value: nExperts,
          shown: count,
        })}
        ${this.#slider({
          field: 'topK',
          label: text.topK,
          help: text.topKHelp,
          list: TOP_K,
          value: topK,
          shown: text.topKValue,
        })}
        ${this.#slider({
          field: 'dModel',
          label: text.width,
          help: text.widthHelp,
          list: WIDTHS,
          value: dModel,
          shown: (width) => text.widths(width, wanted.setting.dModel === undefined && width === dModel ? widths : []),
        })}
        ${lag === undefined ? null : this.#ofTopics(lag, share)}
      </fieldset>
      <div role="status">
        ${this._clamped === undefined ? null : html`<p class="note clamped">${text.clamped(this._clamped)}</p>`}
      </div>
      ${this.#changed(plan)} ${this.#counts(plan)}
    `;
  }

  /** What only a source of topics has. */
  #ofTopics(lag: 1 | 2, share: number) {
    return html`
      <div class="field">
        <span aria-hidden="true">${text.lag}</span>
        <segmented-choice
          .label=${text.lag}
          .choices=${LAGS.map((each) => ({ value: String(each), label: text.lagValue(each) }))}
          .value=${String(lag)}
          ?disabled=${this.disabled}
          @change=${(event: Event) => {
            this.#set({ lag: Number((event.target as SegmentedChoice).value) as 1 | 2 });
          }}
        ></segmented-choice>
        <small>${text.lagHelp}</small>
      </div>
      ${this.#slider({
        field: 'share',
        label: text.share,
        help: text.shareHelp,
        list: SHARES,
        value: share,
        shown: percent,
      })}
    `;
  }

  #slider({ field, label, help, list, value, shown }: Slider): TemplateResult {
    const index = this._moving?.field === field ? this._moving.index : nearest(list, value);
    const now = this._moving?.field === field ? (list[index] ?? value) : value;
    const indexOf = (event: Event): number => Number((event.target as HTMLInputElement).value);
    return html`
      <div class="field">
        <label for=${field}>${label}</label> <span class="value" aria-hidden="true">${shown(now)}</span>
        <input
          id=${field}
          type="range"
          min="0"
          max=${list.length - 1}
          step="1"
          .value=${String(index)}
          aria-valuetext=${shown(now)}
          aria-describedby=${`${field}-help`}
          @input=${(event: Event) => {
            this._moving = { field, index: indexOf(event) };
          }}
          @change=${(event: Event) => {
            this._moving = undefined;
            this.#set({ [field]: list[indexOf(event)] ?? value });
          }}
        />
        <small id=${`${field}-help`}>${help}</small>
      </div>
    `;
  }

  /** Says what differs from the experiment, and offers the way back. */
  #changed({ changed }: Plan) {
    const { experiment, wanted } = this;
    const [first] = experiment?.cases ?? [];
    const other = wanted.case !== first?.id ? this.#case : undefined;
    if (!first || (changed.length === 0 && !other)) return null;
    return html`
      <div class="changed">
        <p class="note">${other ? text.otherCase(other.title) : ''} ${changed.length > 0 ? text.changed : ''}</p>
        <button ?disabled=${this.disabled} @click=${() => this.dispatchEvent(new CaseEvent(first.id, false))}>
          ${text.back}
        </button>
      </div>
    `;
  }

  #counts({ arms }: Plan) {
    const { counts } = text;
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${counts.caption}>
        <table>
          <caption>
            ${counts.caption}
          </caption>
          <thead>
            <tr>
              <th scope="col">${counts.model}</th>
              <th scope="col" class="num">${counts.total}</th>
              <th scope="col" class="num">${counts.active}</th>
              <th scope="col" class="num">${counts.steps}</th>
            </tr>
          </thead>
          <tbody>
            ${arms.map(
              ({ arm, total, active, steps }) => html`
                <tr>
                  <th scope="row">${arm}</th>
                  <td class="num">${count(total)}</td>
                  <td class="num">${count(active)}</td>
                  <td class="num">${count(steps)}</td>
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  #set(wish: Setting): void {
    const { experiment, wanted, budget } = this;
    const chosen = this.#case;
    if (!experiment || !chosen) return;
    const { setting, clamped } = change(experiment, chosen, budget, wanted.setting, wish);
    const experts = setting.nExperts ?? planOf(experiment, chosen, budget, setting)?.values.nExperts ?? 1;
    this._clamped = clamped ? experts : undefined;
    this.dispatchEvent(new SettingEvent(setting));
  }
}

customElements.define('race-controls', RaceControls);

declare global {
  interface HTMLElementTagNameMap {
    'race-controls': RaceControls;
  }
}
