/** Offers to go on with what was broken off, and says when nothing is being kept. */
import { css, html, LitElement } from 'lit';
import { experimentOf } from '../experiments/experiments';
import { keepingText as text } from '../text/keeping';
import { INITIAL_STATE, isActive, type LabState } from './store';
import { base, button } from './styles';

/** Asks to go on with a sweep, or to give it up. */
export class GoOnEvent extends Event {
  constructor(
    readonly id: string,
    readonly goOn: boolean,
  ) {
    super('lab-go-on', { bubbles: true, composed: true });
  }
}

export class KeepingNote extends LitElement {
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
      .offer,
      .problem {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 10px 16px;
        margin: 12px 0 0;
        padding: 12px 18px;
        border: 1px solid var(--line);
        border-inline-start: 4px solid var(--focus);
        border-radius: 10px;
        background: var(--card);
        font-size: var(--t-small);
      }
      .offer p {
        flex: 1 1 24em;
        margin: 0;
      }
      .buttons {
        display: flex;
        gap: 8px;
      }
    `,
  ];

  override render() {
    const { unfinished, notKept, phase } = this.state;
    return html`
      ${
        isActive(phase)
          ? null
          : unfinished.map(
              ({ id, experiment, budget, startedAt }) => html`
                <section class="offer" aria-label=${text.label}>
                  <p>${text.brokenOff(experimentOf(experiment)?.title ?? text.custom, budget, startedAt)}</p>
                  <div class="buttons">
                    <button @click=${() => this.dispatchEvent(new GoOnEvent(id, true))}>${text.goOn}</button>
                    <button @click=${() => this.dispatchEvent(new GoOnEvent(id, false))}>${text.discard}</button>
                  </div>
                </section>
              `,
            )
      }
      ${notKept === undefined ? null : html`<p class="problem" role="status">${notKept}</p>`}
    `;
  }
}

customElements.define('keeping-note', KeepingNote);

declare global {
  interface HTMLElementTagNameMap {
    'keeping-note': KeepingNote;
  }
}
