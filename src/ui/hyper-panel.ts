/** Hyper-parameters that may be changed while runs are under way. */
import { css, html, LitElement } from 'lit';
import type { HyperPatch } from '../config/run-spec';
import { significant } from '../text/numbers';
import { belowText as text } from '../text/below';
import { fields } from './fields';
import { INITIAL_STATE, type LabState } from './store';
import { base } from './styles';

/** A change for one series, or for all of them; the rate is relative to each run's own. */
export interface HyperChange {
  series: number | undefined;
  rateFactor?: number;
  patch?: HyperPatch;
}

export class HyperEvent extends Event {
  constructor(readonly change: HyperChange) {
    super('lab-hyper', { bubbles: true, composed: true });
  }
}

/** Steps of the rate's slider: factors of two, from a quarter to four times. */
const RATE_STEPS = 2;

export class HyperPanel extends LitElement {
  static override properties = {
    state: { attribute: false },
    _target: { state: true },
    _rate: { state: true },
    _decay: { state: true },
    _clip: { state: true },
  };

  declare state: LabState;
  declare _target: number | undefined;
  declare _rate: number;
  declare _decay: number;
  declare _clip: number;

  constructor() {
    super();
    this.state = INITIAL_STATE;
    this._target = undefined;
    this._rate = 0;
    this._decay = 0;
    this._clip = 1;
  }

  static override styles = [
    base,
    fields,
    css`
      :host {
        display: grid;
        gap: 12px;
        align-content: start;
      }
      fieldset {
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 230px), 1fr));
        gap: 14px 24px;
      }
      label {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 2px 12px;
        font-size: var(--t-small);
        align-items: baseline;
      }
      input[type='range'] {
        margin: 4px 0 0;
      }
      select {
        font: inherit;
        color: var(--ink);
        background: var(--card);
        border: 1px solid var(--control);
        border-radius: 8px;
        padding: 4px 6px;
      }
    `,
  ];

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get('state') as LabState | undefined;
    // A new set of runs begins with its own settings.
    if (before && before.series !== this.state.series) {
      this._rate = 0;
      this._target = undefined;
      this._decay = this.state.cohorts[0]?.specs[0]?.hyper.weightDecay ?? 0;
      this._clip = this.state.cohorts[0]?.specs[0]?.hyper.clipNorm ?? 1;
    }
  }

  override render() {
    const { phase, series } = this.state;
    const live = phase === 'running' || phase === 'paused';
    return html`
      <h2>${text.hyper.title}</h2>
      <fieldset ?disabled=${!live} aria-label=${text.hyper.title}>
        <label>
          ${text.hyper.target}
          <select
            @change=${(event: Event) => {
              const { value } = event.target as HTMLSelectElement;
              this._target = value === '' ? undefined : Number(value);
            }}
          >
            <option value="" .selected=${this._target === undefined}>${text.hyper.all}</option>
            ${series.map((each, i) => html`<option value=${i} .selected=${this._target === i}>${each.arm}</option>`)}
          </select>
        </label>
        ${this.#slider({
          label: text.hyper.rate,
          help: text.hyper.rateHelp,
          shown: text.hyper.rateValue(2 ** this._rate),
          value: this._rate,
          min: -RATE_STEPS,
          max: RATE_STEPS,
          step: 1,
          onInput: (value) => (this._rate = value),
          onChange: (value) => {
            this.#send({ rateFactor: 2 ** value });
          },
        })}
        ${this.#slider({
          label: text.hyper.decay,
          help: text.hyper.decayHelp,
          shown: significant(this._decay),
          value: this._decay,
          min: 0,
          max: 0.5,
          step: 0.05,
          onInput: (value) => (this._decay = value),
          onChange: (value) => {
            this.#send({ patch: { weightDecay: value } });
          },
        })}
        ${this.#slider({
          label: text.hyper.clip,
          help: text.hyper.clipHelp,
          shown: significant(this._clip),
          value: this._clip,
          min: 0,
          max: 4,
          step: 0.25,
          onInput: (value) => (this._clip = value),
          onChange: (value) => {
            this.#send({ patch: { clipNorm: value } });
          },
        })}
      </fieldset>
      <p class="note">${live ? text.hyper.note : text.hyper.idle}</p>
    `;
  }

  #slider(field: {
    label: string;
    help: string;
    shown: string;
    value: number;
    min: number;
    max: number;
    step: number;
    onInput: (value: number) => void;
    onChange: (value: number) => void;
  }) {
    const valueOf = (event: Event): number => Number((event.target as HTMLInputElement).value);
    return html`
      <label>
        ${field.label} <span class="value" aria-hidden="true">${field.shown}</span>
        <input
          type="range"
          min=${field.min}
          max=${field.max}
          step=${field.step}
          .value=${String(field.value)}
          aria-valuetext=${field.shown}
          aria-description=${field.help}
          @input=${(event: Event) => {
            field.onInput(valueOf(event));
          }}
          @change=${(event: Event) => {
            field.onChange(valueOf(event));
          }}
        />
        <small aria-hidden="true">${field.help}</small>
      </label>
    `;
  }

  #send(change: Omit<HyperChange, 'series'>): void {
    this.dispatchEvent(new HyperEvent({ series: this._target, ...change }));
  }
}

customElements.define('hyper-panel', HyperPanel);

declare global {
  interface HTMLElementTagNameMap {
    'hyper-panel': HyperPanel;
  }
}
