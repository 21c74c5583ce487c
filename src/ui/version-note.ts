/** Says that a newer version of the lab waits, and what a reload would mean now. */
import { css, html, LitElement, nothing } from 'lit';
import { offlineText as text } from '../text/offline';
import { INITIAL_STATE, isActive, type LabState } from './store';
import { base, button } from './styles';

export class VersionNote extends LitElement {
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
      section {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 16px;
        margin-top: 12px;
        padding: 8px 18px;
        border: 1px solid var(--line);
        border-radius: 10px;
        font-size: var(--t-small);
        color: var(--soft);
      }
      p {
        flex: 1 1 24em;
        margin: 0;
      }
    `,
  ];

  override render() {
    const { newVersion, notKept, phase, result, subject } = this.state;
    const active = isActive(phase);
    const underWay = subject.setting?.text ? `${text.underWay} ${text.ownText}` : text.underWay;
    const words = notKept !== undefined && (active || result) ? text.notKept : active ? underWay : text.waits;
    return newVersion
      ? html`<section aria-label=${text.label}>
          <p role="status">${words}</p>
          <button @click=${() => this.dispatchEvent(new Event('lab-new-version', { bubbles: true, composed: true }))}>
            ${text.reload}
          </button>
        </section>`
      : nothing;
  }
}

customElements.define('version-note', VersionNote);

declare global {
  interface HTMLElementTagNameMap {
    'version-note': VersionNote;
  }
}
