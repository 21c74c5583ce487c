/** One of a few short words: a native radio group that looks like one control. Fires `change`; read `value`. */
import { css, html, LitElement } from 'lit';
import { base, hidden } from './styles';

export interface Choice {
  value: string;
  label: string;
}

export class SegmentedChoice extends LitElement {
  static override properties = {
    label: { type: String },
    value: { type: String },
    choices: { attribute: false },
    disabled: { type: Boolean },
  };

  /** Name of the group. */
  declare label: string;
  declare value: string;
  declare choices: readonly Choice[];
  declare disabled: boolean;

  constructor() {
    super();
    this.label = '';
    this.value = '';
    this.choices = [];
    this.disabled = false;
  }

  static override styles = [
    base,
    hidden,
    css`
      :host {
        display: inline-block;
        max-width: 100%;
      }
      fieldset {
        display: flex;
        flex-wrap: wrap;
        border: 1px solid var(--control);
        border-radius: 9px;
        margin: 0;
        padding: 0;
        overflow: hidden;
      }
      label {
        position: relative;
        cursor: pointer;
        font-size: var(--t-label);
        line-height: 1.35;
        color: var(--soft);
        padding: 5px 9px;
        white-space: nowrap;
      }
      label + label {
        border-inline-start: 1px solid var(--line);
      }
      label:hover {
        color: var(--ink);
      }
      fieldset:disabled label {
        cursor: default;
      }
      fieldset:disabled label:not(:has(:checked)) {
        color: var(--faint);
      }
      label:has(:checked) {
        background: var(--ink);
        color: var(--card);
      }
      fieldset:has(:focus-visible) {
        outline: 2px solid var(--focus);
        outline-offset: 2px;
      }
      @media (forced-colors: active) {
        label:has(:checked) {
          forced-color-adjust: none;
          background: Highlight;
          color: HighlightText;
        }
      }
      @media (max-width: 420px) {
        label {
          padding: 5px 8px;
        }
      }
    `,
  ];

  override render() {
    return html`
      <fieldset ?disabled=${this.disabled}>
        <legend class="hidden">${this.label}</legend>
        ${this.choices.map(
          (choice) => html`
            <label>
              <input
                class="hidden"
                type="radio"
                name="choice"
                value=${choice.value}
                .checked=${choice.value === this.value}
                @change=${this.#onChange}
              />${choice.label}
            </label>
          `,
        )}
      </fieldset>
    `;
  }

  #onChange(event: Event): void {
    if (!(event.target instanceof HTMLInputElement)) return;
    this.value = event.target.value;
    this.dispatchEvent(new Event('change', { bubbles: true }));
  }
}

customElements.define('segmented-choice', SegmentedChoice);

declare global {
  interface HTMLElementTagNameMap {
    'segmented-choice': SegmentedChoice;
  }
}
