/** Questions about kept runs, in native dialogs: what to call one, and whether some may really go. */
import { css, html, LitElement, nothing } from 'lit';
import { archiveText } from '../text/archive';
import { base, button } from './styles';

const dialogStyles = css`
  dialog {
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--card);
    color: var(--ink);
    padding: 22px 24px;
    width: min(27em, calc(100vw - 32px));
  }
  dialog::backdrop {
    background: #0008;
  }
  h2 {
    font-size: var(--t-body);
    margin-bottom: 12px;
  }
  ul {
    margin: 0 0 12px;
    padding-inline-start: 1.2em;
    font-size: var(--t-small);
  }
  .row {
    display: flex;
    gap: 10px;
    margin-top: 18px;
  }
  label {
    display: grid;
    gap: 4px;
    font-size: var(--t-label);
    color: var(--soft);
  }
  input {
    font: inherit;
    font-size: var(--t-small);
    color: var(--ink);
    background: var(--card);
    border: 1px solid var(--control);
    border-radius: 10px;
    padding: 7px 11px;
  }
`;

/** A dialog that is asked and answers when it is closed; Escape is a no. */
abstract class Asking<T> extends LitElement {
  #asked: Promise<unknown> | undefined;
  #answer: ((answer: T | undefined) => void) | undefined;

  static override styles = [base, button, dialogStyles];

  protected get dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!;
  }

  protected async open(): Promise<T | undefined> {
    // The answer before may still be on its way.
    await this.#asked;
    await this.updateComplete;
    this.dialog.returnValue = '';
    this.dialog.showModal();
    const asked = new Promise<T | undefined>((resolve) => {
      this.#answer = resolve;
    });
    this.#asked = asked;
    return asked;
  }

  protected closed(answer: T): void {
    this.#answer?.(this.dialog.returnValue === 'yes' ? answer : undefined);
    this.#answer = undefined;
  }
}

/** How many runs are listed before the rest is only counted. */
const LISTED = 5;

export class DeleteDialog extends Asking<true> {
  static override properties = { _runs: { state: true } };

  declare _runs: readonly string[];

  constructor() {
    super();
    this._runs = [];
  }

  /** True if they are to be deleted. */
  ask(runs: readonly string[]): Promise<true | undefined> {
    this._runs = runs;
    return this.open();
  }

  override render() {
    const text = archiveText.remove;
    const { _runs: runs } = this;
    return html`
      <dialog
        aria-labelledby="title"
        @close=${() => {
          this.closed(true);
        }}
      >
        <h2 id="title">${text.title(runs.length)}</h2>
        <ul>
          ${runs.slice(0, LISTED).map((run) => html`<li>${run}</li>`)}
          ${runs.length > LISTED ? html`<li>${text.more(runs.length - LISTED)}</li>` : nothing}
        </ul>
        <p class="note">${text.about}</p>
        <form class="row" method="dialog">
          <button value="no">${text.cancel}</button>
          <button value="yes">${text.confirm}</button>
        </form>
      </dialog>
    `;
  }
}

export class NameDialog extends Asking<string> {
  static override properties = { _run: { state: true } };

  declare _run: string;

  constructor() {
    super();
    this._run = '';
  }

  get #input(): HTMLInputElement {
    return this.renderRoot.querySelector('input')!;
  }

  /** The new name; empty to take it away, undefined to leave it. */
  ask(run: string, name: string): Promise<string | undefined> {
    this._run = run;
    const asked = this.open();
    this.#input.value = name;
    return asked;
  }

  override render() {
    const text = archiveText.name;
    return html`
      <dialog
        aria-labelledby="title"
        @close=${() => {
          this.closed(this.#input.value);
        }}
      >
        <h2 id="title">${text.title(this._run)}</h2>
        <form method="dialog">
          <label>
            ${text.label}
            <input maxlength="80" autocomplete="off" />
          </label>
          <div class="row">
            <button value="yes">${text.confirm}</button>
            <button value="no">${text.cancel}</button>
          </div>
        </form>
      </dialog>
    `;
  }
}

customElements.define('delete-dialog', DeleteDialog);
customElements.define('name-dialog', NameDialog);

declare global {
  interface HTMLElementTagNameMap {
    'delete-dialog': DeleteDialog;
    'name-dialog': NameDialog;
  }
}
