/** The link that sets what is shown, as a QR code for a wall. Loaded when it is asked for. */
import { generate } from 'lean-qr';
import { toSvgPath } from 'lean-qr/extras/svg';
import { css, html, LitElement, nothing } from 'lit';
import { shareText } from '../text/share';
import { dialogStyles } from './dialog-styles';
import { base, button } from './styles';

const T = shareText.qr;

/** Modules of white that a reader's camera needs around the code. */
const QUIET_ZONE = 4;

export class QrDialog extends LitElement {
  static override properties = { address: { type: String } };

  declare address: string;

  constructor() {
    super();
    this.address = '';
  }

  static override styles = [
    base,
    button,
    dialogStyles,
    css`
      svg {
        display: block;
        /* As large as the wall allows; black on white in every theme, for cameras. */
        width: min(80vw, 66vh);
        height: min(80vw, 66vh);
        margin: 0 auto;
        background: #fff;
        border-radius: 8px;
      }
      p {
        margin: 12px 0 0;
        font-size: var(--t-small);
        max-width: min(80vw, 66vh);
        margin-inline: auto;
      }
      .address {
        overflow-wrap: anywhere;
        color: var(--soft);
        font: var(--t-label) var(--mono);
      }
    `,
  ];

  open(): void {
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  override render() {
    if (this.address === '') return nothing;
    const code = generate(this.address);
    const size = code.size + 2 * QUIET_ZONE;
    return html`<dialog aria-labelledby="title">
      <form class="head" method="dialog">
        <h2 id="title">${T.title}</h2>
        <button>${T.close}</button>
      </form>
      <svg
        role="img"
        aria-label=${T.image}
        viewBox="${-QUIET_ZONE} ${-QUIET_ZONE} ${size} ${size}"
        shape-rendering="crispEdges"
      >
        <path d=${toSvgPath(code)} fill="#000" />
      </svg>
      <p>${T.note}</p>
      <p class="address">${this.address}</p>
    </dialog>`;
  }
}

customElements.define('qr-dialog', QrDialog);

declare global {
  interface HTMLElementTagNameMap {
    'qr-dialog': QrDialog;
  }
}
