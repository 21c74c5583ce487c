/**
 * A sheet: a native dialog as large as the window, which is read and printed like a page. The browser keeps the focus
 * inside, closes it on Escape and gives the focus back.
 */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { sheetText } from '../text/sheet';
import { base, button } from './styles';

export const sheetStyles = [
  base,
  button,
  css`
    dialog {
      width: 100vw;
      max-width: none;
      height: 100dvh;
      max-height: none;
      margin: 0;
      padding: 0;
      border: 0;
      background: var(--ground);
      color: var(--ink);
      overflow: auto;
      overscroll-behavior: contain;
    }
    .page {
      max-width: 1480px;
      margin: 0 auto;
      padding: 22px clamp(16px, 3vw, 40px) 64px;
    }
    .bar {
      position: sticky;
      top: 0;
      z-index: 2;
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      justify-content: space-between;
      padding: 12px 0;
      background: var(--ground);
    }
    h1 {
      font: 500 var(--t-hero) / 1.16 var(--serif);
      letter-spacing: -0.012em;
      margin: 10px 0 8px;
      text-wrap: balance;
    }
    .lead {
      margin: 0;
      max-width: 46em;
      color: var(--soft);
      text-wrap: pretty;
    }
    @media print {
      dialog {
        position: absolute;
        width: 100%;
        height: auto;
        overflow: visible;
      }
      .page {
        max-width: none;
        padding: 0;
      }
      .bar,
      .screen {
        display: none !important;
      }
    }
  `,
];

export abstract class Sheet extends LitElement {
  /** The sheet itself; `heading` must be the id of its h1. */
  protected abstract content(): TemplateResult;

  /** Goes before the buttons that close and print. */
  protected back(): TemplateResult | undefined {
    return undefined;
  }

  async open(): Promise<void> {
    await this.updateComplete;
    if (this.#dialog?.open) return;
    this.#dialog?.showModal();
    // The page prints what is open, and only that.
    this.toggleAttribute('open', true);
    this.toTop();
  }

  close(): void {
    this.#dialog?.close();
  }

  /** The beginning is what is read first, by eye and by ear. */
  protected toTop(): void {
    this.#dialog?.scrollTo({ top: 0 });
    this.renderRoot.querySelector<HTMLElement>('h1')?.focus();
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  override render() {
    return html`<dialog aria-labelledby="heading" @close=${() => this.toggleAttribute('open', false)}>
      <div class="page">
        <div class="bar">
          ${
            this.back() ??
            html`<button
              @click=${() => {
                this.close();
              }}
            >
              ${sheetText.close}
            </button>`
          }
          <button
            @click=${() => {
              window.print();
            }}
          >
            ${sheetText.print}
          </button>
        </div>
        ${this.content()}
      </div>
    </dialog>`;
  }
}
