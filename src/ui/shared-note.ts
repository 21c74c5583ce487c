/** Whose results are shown, the button that trains the same here, and whether that reproduced them. */
import { css, html, LitElement, nothing } from 'lit';
import { reproductionOf } from '../share/reproduction';
import { shareText } from '../text/share';
import { emphasised } from './emphasis';
import { CommandEvent } from './command-event';
import { sameRuns } from './same-runs';
import { INITIAL_STATE, canStart, showsElsewhere, type LabState } from './store';
import { base, button } from './styles';

const T = shareText.shared;

export class SharedNote extends LitElement {
  static override properties = { state: { attribute: false } };

  declare state: LabState;

  constructor() {
    super();
    this.state = INITIAL_STATE;
  }

  static override styles = [
    base,
    button,
    css`
      .shared {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 16px;
        margin: 12px 0 0;
        padding: 10px 18px;
        border: 1px solid var(--line);
        border-inline-start: 4px solid var(--good);
        border-radius: 10px;
        background: var(--card);
        font-size: var(--t-small);
      }
      .corrected {
        border-inline-start-color: var(--warn);
      }
      .words {
        flex: 1 1 24em;
      }
      p,
      ul {
        margin: 0;
      }
      ul {
        padding-inline-start: 1.1em;
      }
      p + p {
        margin-top: 2px;
      }
      .from {
        color: var(--soft);
      }
      @media (min-width: 1001px) {
        /* For the back row: what it is. Whose it is, and another button to run it, stand elsewhere. */
        :host([theme='projector']) .shared {
          margin-top: 6px;
          padding-block: 5px;
        }
        :host([theme='projector']) :is(.from, .again) {
          display: none;
        }
      }
    `,
  ];

  override render() {
    const { state } = this;
    return html`<div role="status">${this.#corrected()} ${state.shared ? this.#shared() : nothing}</div>`;
  }

  #corrected() {
    const { notes } = this.state;
    if (notes.length === 0) return nothing;
    return html`<section class="shared corrected" aria-label=${T.corrected}>
      <div class="words">
        ${
          notes.length === 1
            ? html`<p>${notes[0]}</p>`
            : html`<ul>
                ${notes.map((note) => html`<li>${note}</li>`)}
              </ul>`
        }
      </div>
      <button @click=${() => this.dispatchEvent(new Event('lab-notes-read', { bubbles: true, composed: true }))}>
        ${T.dismiss}
      </button>
    </section>`;
  }

  #shared() {
    const { shared, result, subject, phase, wanted, device: own } = this.state;
    if (!shared) return nothing;
    const { device, date, version, runs } = shared.result;
    const untouched = showsElsewhere(this.state);
    const same = sameRuns(shared.subject, subject);
    if (!untouched && !same) return nothing;
    // A file names a text and does not hold it.
    const elsewhere = shared.subject.setting?.text?.hash !== wanted.setting.text?.hash;
    const seeds = new Set(runs.map(({ arm, seed }) => `${arm}/${seed}`)).size;
    const reproduction = !untouched && result ? reproductionOf(shared.result, result) : undefined;
    return html`<section class="shared" aria-label=${T.label}>
      <div class="words">
        <p>
          ${untouched ? (shared.origin === 'recorded' ? T.recorded(seeds, own !== undefined) : T.lead(seeds)) : reproduction ? emphasised(T.reproduced(reproduction)) : T.underWay}
        </p>
        ${reproduction && T.outside(reproduction) ? html`<p>${T.outside(reproduction)}</p>` : nothing}
        ${elsewhere ? html`<p>${T.otherText}</p>` : nothing}
        <p class="from">${T.from(device.name, date, version)}</p>
      </div>
      ${
        untouched && shared.origin === 'shared' && canStart(phase) && !elsewhere
          ? html`<button class="again" @click=${() => this.dispatchEvent(new CommandEvent('start'))}>${T.here}</button>`
          : nothing
      }
    </section>`;
  }
}

customElements.define('shared-note', SharedNote);

declare global {
  interface HTMLElementTagNameMap {
    'shared-note': SharedNote;
  }
}
