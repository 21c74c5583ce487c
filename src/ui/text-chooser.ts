/** Which text is read: the novel, a file that is opened or dropped, or what was pasted. */
import { css, html, LitElement } from 'lit';
import type { TextSource } from '../config/run-spec';
import { ownText as text } from '../text/own-text';
import type { ChosenText } from './store';
import { base, button } from './styles';
import { TextEvent } from './text-event';

export class TextChooser extends LitElement {
  static override properties = {
    source: { attribute: false },
    chosen: { attribute: false },
    reading: { type: Boolean },
    disabled: { type: Boolean },
    _over: { state: true },
  };

  /** What the next start reads. */
  declare source: TextSource | undefined;
  /** What is known of it; undefined before it was read. */
  declare chosen: ChosenText | undefined;
  declare reading: boolean;
  declare disabled: boolean;
  /** A file is held over the card. */
  declare _over: boolean;

  constructor() {
    super();
    this.source = undefined;
    this.chosen = undefined;
    this.reading = false;
    this.disabled = false;
    this._over = false;
  }

  static override styles = [
    base,
    button,
    css`
      :host {
        display: grid;
        gap: 10px;
        align-content: start;
      }
      form {
        display: grid;
        gap: 8px;
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 12px;
      }
      textarea {
        font: inherit;
        font-size: var(--t-label);
        width: 100%;
        min-height: 5.5em;
        resize: vertical;
        color: var(--ink);
        background: var(--ground);
        border: 1px solid var(--control);
        border-radius: 8px;
        padding: 7px 10px;
      }
      .over {
        outline: 2px dashed var(--focus);
        outline-offset: 6px;
        border-radius: 4px;
      }
      input[type='file'] {
        display: none;
      }
    `,
  ];

  override render() {
    const { source, chosen, reading } = this;
    const disabled = this.disabled || reading;
    const now = chosen
      ? text.chosen(chosen.title, source?.length ?? 0, chosen.characters, chosen.folded)
      : text.notRead(text.novel, source?.length ?? 0);
    return html`
      <h2>${text.title}</h2>
      <p role="status">${reading ? text.reading : now}</p>
      <p class="note">${chosen ? '' : text.novelNote} ${text.lead}</p>
      <form
        class=${this._over ? 'over' : ''}
        @submit=${(event: Event) => {
          event.preventDefault();
          this.#take({ pasted: this.renderRoot.querySelector('textarea')?.value ?? '' });
        }}
        @dragover=${(event: DragEvent) => {
          event.preventDefault();
          this._over = true;
        }}
        @dragleave=${() => {
          this._over = false;
        }}
        @drop=${(event: DragEvent) => {
          event.preventDefault();
          this._over = false;
          this.#file(event.dataTransfer?.files[0]);
        }}
      >
        <div class="ways">
          <button type="button" ?disabled=${disabled} @click=${() => this.#take('novel')}>${text.takeNovel}</button>
          <button
            type="button"
            ?disabled=${disabled}
            @click=${() => this.renderRoot.querySelector<HTMLInputElement>('input[type=file]')?.click()}
          >
            ${text.open}
          </button>
          <input
            type="file"
            tabindex="-1"
            aria-label=${text.open}
            @change=${(event: Event) => {
              const input = event.target as HTMLInputElement;
              this.#file(input.files?.[0]);
              input.value = '';
            }}
          />
          <span class="note">${text.drop}</span>
        </div>
        <label class="note" for="pasted">${text.paste}</label>
        <textarea id="pasted" ?disabled=${disabled} spellcheck="false"></textarea>
        <div><button ?disabled=${disabled}>${text.take}</button></div>
      </form>
    `;
  }

  #file(file: File | undefined): void {
    if (file) this.#take({ file });
  }

  #take(what: TextEvent['what']): void {
    if (!this.disabled && !this.reading) this.dispatchEvent(new TextEvent(what));
  }
}

customElements.define('text-chooser', TextChooser);

declare global {
  interface HTMLElementTagNameMap {
    'text-chooser': TextChooser;
  }
}
