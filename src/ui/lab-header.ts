/** The page's head: its name, the choice of an exhibit, the theme, the keys. */
import { css, html, LitElement } from 'lit';
import { text } from '../text/text';
import './segmented-choice';
import type { Choice, SegmentedChoice } from './segmented-choice';
import type { Theme } from './store';
import { base, button } from './styles';
import { THEMES } from './theme';

export class ExhibitEvent extends Event {
  constructor(readonly id: string) {
    super('lab-exhibit', { bubbles: true, composed: true });
  }
}

export class ThemeEvent extends Event {
  constructor(readonly theme: Theme) {
    super('lab-choose-theme', { bubbles: true, composed: true });
  }
}

const THEME_CHOICES: Choice[] = THEMES.map((theme) => ({ value: theme, label: text.theme[theme] }));

export class LabHeader extends LitElement {
  static override properties = {
    exhibits: { attribute: false },
    exhibit: { type: String },
    locked: { type: Boolean },
    theme: { type: String },
  };

  declare exhibits: readonly Choice[];
  declare exhibit: string;
  /** While runs are under way the page stays with their exhibit. */
  declare locked: boolean;
  declare theme: Theme;

  constructor() {
    super();
    this.exhibits = [];
    this.exhibit = '';
    this.locked = false;
    this.theme = 'light';
  }

  static override styles = [
    base,
    button,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 10px 16px;
        flex-wrap: wrap;
      }
      .mark {
        display: flex;
        align-items: center;
        gap: 10px;
        font-weight: 650;
        letter-spacing: -0.01em;
      }
      .mark svg {
        width: 26px;
        height: 26px;
      }
      .tools {
        margin-inline-start: auto;
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
      }
      .tools button {
        font-size: var(--t-label);
        padding: 4px 10px;
        border-radius: 9px;
      }
    `,
  ];

  override render() {
    return html`
      <div class="mark">
        <svg viewBox="0 0 26 26" aria-hidden="true" fill="none" stroke-linecap="round">
          <path d="M3 5c4 12 10 15 20 16" stroke="var(--series-6)" stroke-width="2.4" stroke-dasharray="4 4" />
          <path d="M3 9c3 10 8 13 20 14" stroke="var(--series-7)" stroke-width="2.6" />
        </svg>
        ${text.title}
      </div>
      <segmented-choice
        class="exhibits"
        .label=${text.exhibit.label}
        .choices=${this.exhibits}
        .value=${this.exhibit}
        ?disabled=${this.locked}
        title=${this.locked ? text.exhibit.locked : ''}
        @change=${(event: Event) => {
          this.dispatchEvent(new ExhibitEvent((event.target as SegmentedChoice).value));
        }}
      ></segmented-choice>
      <div class="tools">
        <segmented-choice
          .label=${text.theme.label}
          .choices=${THEME_CHOICES}
          .value=${this.theme}
          @change=${(event: Event) => {
            this.dispatchEvent(new ThemeEvent((event.target as SegmentedChoice).value as Theme));
          }}
        ></segmented-choice>
        <button
          aria-keyshortcuts="?"
          @click=${() => this.dispatchEvent(new Event('lab-keys', { bubbles: true, composed: true }))}
        >
          ${text.keys}
        </button>
      </div>
    `;
  }
}

customElements.define('lab-header', LabHeader);

declare global {
  interface HTMLElementTagNameMap {
    'lab-header': LabHeader;
  }
}
