/** The page's head: its name, the choice of an exhibit, the theme, the keys. */
import { css, html, LitElement, nothing } from 'lit';
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

/** What is read beside the lab: sheets over the page. */
export const SHEETS = ['claims', 'lessons'] as const;
export type SheetName = (typeof SHEETS)[number];

/** Asks for a sheet. */
export class SheetEvent extends Event {
  constructor(readonly sheet: SheetName) {
    super('lab-sheet', { bubbles: true, composed: true });
  }
}

/** An exhibit: those with a short name are one press away, the others are in a list. */
export interface ExhibitChoice extends Choice {
  short: string | undefined;
}

const THEME_CHOICES: Choice[] = THEMES.map((theme) => ({ value: theme, label: text.theme[theme] }));

export class LabHeader extends LitElement {
  static override properties = {
    exhibits: { attribute: false },
    exhibit: { type: String },
    locked: { type: Boolean },
    theme: { type: String },
  };

  declare exhibits: readonly ExhibitChoice[];
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
        white-space: nowrap;
        font-weight: 650;
        letter-spacing: -0.01em;
      }
      .mark svg {
        width: 26px;
        height: 26px;
      }
      nav {
        display: flex;
        align-items: center;
        gap: 8px;
        min-width: 0;
      }
      select {
        font: inherit;
        font-size: var(--t-label);
        line-height: 1.35;
        color: var(--soft);
        background: var(--ground);
        border: 1px solid var(--control);
        border-radius: 9px;
        padding: 5px 7px;
        min-width: 0;
        max-width: 100%;
      }
      select:hover:not(:disabled) {
        color: var(--ink);
      }
      select.more.shown {
        background: var(--ink);
        color: var(--card);
      }
      select:disabled {
        color: var(--faint);
      }
      .all {
        display: none;
      }
      @media (min-width: 1240px) {
        /* One row; what gives way is the name in the list, which the question below says in full. */
        :host {
          flex-wrap: nowrap;
          gap: 12px;
        }
      }
      @media (max-width: 1239px) {
        :host {
          reading-flow: flex-visual;
        }
        nav {
          flex: 1 1 100%;
          order: 1;
        }
        .sheets {
          margin-inline-start: auto;
        }
        .tools {
          margin-inline-start: 0;
        }
      }
      @media (max-width: 820px) {
        /* The system's own list is the best there is for a thumb. */
        .exhibits,
        .more {
          display: none;
        }
        .all {
          display: block;
          flex: 1;
          font-size: var(--t-small);
          color: var(--ink);
          padding: 8px 9px;
        }
      }
      /* One row: what is chosen stays, what could be chosen is in a list. */
      :host([theme='projector']) :is(.exhibits, .more) {
        display: none;
      }
      :host([theme='projector']) .all {
        display: block;
        color: var(--ink);
      }
      @media (min-width: 1001px) {
        :host([theme='projector']) {
          flex-wrap: nowrap;
        }
        :host([theme='projector']) nav {
          flex: 0 1 auto;
          order: 0;
        }
        :host([theme='projector']) .sheets {
          margin-inline-start: 0;
        }
        :host([theme='projector']) .tools {
          flex-wrap: nowrap;
          margin-inline-start: auto;
        }
      }
      .tools {
        margin-inline-start: auto;
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
      }
      /* As wide as what it shows, where the browser can; never as its longest entry. */
      .more {
        width: 6em;
        text-overflow: ellipsis;
      }
      @supports (field-sizing: content) {
        .more {
          field-sizing: content;
          width: auto;
          min-width: 5em;
          max-width: 5em;
        }
      }
      @media (min-width: 1240px) {
        .tools {
          flex-wrap: nowrap;
        }
      }
      @media (min-width: 1400px) {
        .more {
          max-width: 12em;
        }
      }
      .sheets {
        display: flex;
        gap: 2px;
      }
      .sheets button {
        padding-inline: 7px;
        border-color: transparent;
      }
      @media (max-width: 820px) {
        .tools {
          flex: 1 1 100%;
          justify-content: space-between;
        }
      }
      :is(.tools, .sheets) button {
        font-size: var(--t-label);
        padding-block: 4px;
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
      <nav data-part="exhibits" aria-label=${text.exhibit.label} title=${this.locked ? text.exhibit.locked : ''}>
        <segmented-choice
          class="exhibits"
          .label=${text.exhibit.label}
          .choices=${this.exhibits.flatMap(({ value, short }) => (short === undefined ? [] : [{ value, label: short }]))}
          .value=${this.exhibit}
          ?disabled=${this.locked}
          @change=${(event: Event) => {
            this.#choose((event.target as SegmentedChoice).value);
          }}
        ></segmented-choice>
        ${this.#list('more', text.exhibit.more, text.exhibit.moreShort, ({ short }) => short === undefined)}
        ${this.#list('all', text.exhibit.label, text.exhibit.label, () => true)}
      </nav>
      <div class="sheets">
        ${SHEETS.map(
          (sheet) =>
            html`<button aria-haspopup="dialog" @click=${() => this.dispatchEvent(new SheetEvent(sheet))}>
              ${text.sheets[sheet]}
            </button>`,
        )}
      </div>
      <div class="tools">
        <segmented-choice
          data-part="theme"
          .label=${text.theme.label}
          .choices=${THEME_CHOICES}
          .value=${this.theme}
          @change=${(event: Event) => {
            this.dispatchEvent(new ThemeEvent((event.target as SegmentedChoice).value as Theme));
          }}
        ></segmented-choice>
        <button
          data-part="keys"
          aria-keyshortcuts="?"
          @click=${() => this.dispatchEvent(new Event('lab-keys', { bubbles: true, composed: true }))}
        >
          ${text.keys}
        </button>
      </div>
    `;
  }

  #choose(id: string): void {
    this.dispatchEvent(new ExhibitEvent(id));
  }

  /** A native list of exhibits; where the shown one is not among them, its name stands in its place. */
  #list(kind: 'more' | 'all', label: string, name: string, belongs: (exhibit: ExhibitChoice) => boolean) {
    const listed = this.exhibits.filter(belongs);
    const shown = listed.some(({ value }) => value === this.exhibit);
    return html`<select
      class="${kind} ${shown ? 'shown' : ''}"
      aria-label=${label}
      ?disabled=${this.locked}
      @change=${(event: Event) => {
        this.#choose((event.target as HTMLSelectElement).value);
      }}
    >
      ${shown ? nothing : html`<option value="" disabled hidden .selected=${true}>${name}</option>`}
      ${listed.map(
        ({ value, label: words }) => html`<option value=${value} .selected=${value === this.exhibit}>${words}</option>`,
      )}
    </select>`;
  }
}

customElements.define('lab-header', LabHeader);

declare global {
  interface HTMLElementTagNameMap {
    'lab-header': LabHeader;
  }
}
