/**
 * A word with its meaning: shown while the pointer or the focus is on it, and by a tap. Escape takes it away, and then
 * does nothing else.
 */
import { css, html, LitElement } from 'lit';
import { base } from './styles';

/** Pixels between the word and its meaning, and from there to the window's edge. */
const GAP = 6;
const EDGE = 8;
/** Milliseconds in which the pointer may cross that gap. */
const GRACE = 160;

export class TermTip extends LitElement {
  static override properties = { meaning: { type: String }, _shown: { state: true } };

  declare meaning: string;
  declare _shown: boolean;

  #leaving: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.meaning = '';
    this._shown = false;
  }

  static override styles = [
    base,
    css`
      :host {
        display: inline;
      }
      button {
        all: unset;
        /* A block swallows the spaces around its word. */
        display: inline-block;
        cursor: help;
        text-decoration: underline dotted 1px color-mix(in srgb, currentcolor 55%, transparent);
        text-underline-offset: 0.2em;
      }
      button:focus-visible {
        outline: 2px solid var(--focus);
        outline-offset: 2px;
        border-radius: 2px;
      }
      [popover] {
        position: fixed;
        inset: auto;
        margin: 0;
        width: max-content;
        max-width: min(22em, calc(100vw - 16px));
        padding: 9px 12px;
        border: 1px solid var(--control);
        border-radius: 9px;
        background: var(--card);
        color: var(--ink);
        font: 400 var(--t-small) / 1.45 var(--sans);
        letter-spacing: normal;
        text-align: start;
        text-wrap: pretty;
        white-space: normal;
        box-shadow: 0 4px 18px #0002;
      }
      @media print {
        button {
          text-decoration: none;
        }
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#hide();
  }

  override render() {
    return html`<button
        type="button"
        aria-describedby="tip"
        @pointerenter=${(event: PointerEvent) => {
          if (event.pointerType === 'mouse') this.#show();
        }}
        @pointerleave=${this.#leave}
        @focus=${this.#show}
        @blur=${this.#hide}
        @click=${this.#show}
      >
        <slot></slot></button
      ><span id="tip" popover="manual" @pointerenter=${this.#stay} @pointerleave=${this.#leave}>${this.meaning}</span>`;
  }

  get #tip(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('#tip');
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    this.#hide();
  };

  readonly #onPress = (event: PointerEvent): void => {
    if (!event.composedPath().includes(this)) this.#hide();
  };

  readonly #show = (): void => {
    this.#stay();
    const tip = this.#tip;
    if (this._shown || !tip) return;
    this._shown = true;
    tip.showPopover();
    this.#place();
    // Before the page, whose Escape stops the runs, and before a dialog, which it would close.
    window.addEventListener('keydown', this.#onKey, true);
    window.addEventListener('pointerdown', this.#onPress, true);
    window.addEventListener('scroll', this.#place, true);
  };

  /** Follows its word: the focus may have brought it into view just now. */
  readonly #place = (): void => {
    const tip = this.#tip;
    const word = this.renderRoot.querySelector('button')?.getBoundingClientRect();
    if (!tip || !word) return;
    const { width, height } = tip.getBoundingClientRect();
    const below = word.bottom + GAP;
    const top = below + height > window.innerHeight - EDGE ? word.top - GAP - height : below;
    tip.style.left = `${Math.max(EDGE, Math.min(word.left, window.innerWidth - width - EDGE))}px`;
    tip.style.top = `${Math.max(EDGE, top)}px`;
  };

  readonly #hide = (): void => {
    this.#stay();
    if (!this._shown) return;
    this._shown = false;
    const tip = this.#tip;
    if (tip?.matches(':popover-open')) tip.hidePopover();
    window.removeEventListener('keydown', this.#onKey, true);
    window.removeEventListener('pointerdown', this.#onPress, true);
    window.removeEventListener('scroll', this.#place, true);
  };

  readonly #stay = (): void => {
    clearTimeout(this.#leaving);
  };

  readonly #leave = (): void => {
    this.#stay();
    this.#leaving = setTimeout(this.#hide, GRACE);
  };
}

customElements.define('term-tip', TermTip);

declare global {
  interface HTMLElementTagNameMap {
    'term-tip': TermTip;
  }
}
