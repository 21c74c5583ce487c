/** The list of keys, in a native dialog. */
import { css, html, LitElement } from 'lit';
import { belowText as text } from '../text/below';
import { base, button } from './styles';

export class KeysDialog extends LitElement {
  static override styles = [
    base,
    button,
    css`
      dialog {
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--card);
        color: var(--ink);
        padding: 22px 24px;
        max-width: 27em;
      }
      dialog::backdrop {
        background: #0008;
      }
      h2 {
        font-size: var(--t-body);
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 8px 18px;
        margin: 16px 0;
        font-size: var(--t-small);
      }
      dd {
        margin: 0;
      }
      kbd {
        font: 500 var(--t-label) var(--mono);
        border: 1px solid var(--control);
        border-radius: 5px;
        padding: 1px 7px;
      }
      form {
        margin-top: 16px;
      }
    `,
  ];

  open(): void {
    this.#dialog?.showModal();
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  override render() {
    return html`
      <dialog aria-labelledby="title">
        <h2 id="title">${text.keys.title}</h2>
        <dl>
          ${text.keys.list.map(
            ([key, what]) => html`
              <dt><kbd>${key}</kbd></dt>
              <dd>${what}</dd>
            `,
          )}
        </dl>
        <p class="note">${text.keys.note}</p>
        <form method="dialog"><button>${text.keys.close}</button></form>
      </dialog>
    `;
  }
}

customElements.define('keys-dialog', KeysDialog);

declare global {
  interface HTMLElementTagNameMap {
    'keys-dialog': KeysDialog;
  }
}
