/** The exhibit of sizes: the live chart, what runs it, and loss against size. */
import { css, html, LitElement } from 'lit';
import type { Curves } from './curves';
import type { Exhibit } from './exhibit';
import { horizontalsOf } from './horizontals';
import './loss-by-size';
import './loss-curves';
import { runCard } from './run-card';
import { INITIAL_STATE, type LabState } from './store';
import { base, card, stage } from './styles';

export class SizeStage extends LitElement {
  static override properties = {
    exhibit: { attribute: false },
    state: { attribute: false },
    curves: { attribute: false },
  };

  declare exhibit: Exhibit | undefined;
  declare state: LabState;
  declare curves: Curves | undefined;

  constructor() {
    super();
    this.exhibit = undefined;
    this.state = INITIAL_STATE;
    this.curves = undefined;
  }

  static override styles = [
    base,
    card,
    stage,
    css`
      @media (min-width: 1001px) {
        /* Two charts side by side as tall as the wall allows, and what runs them in one row below. */
        :host([theme='projector']) .stage {
          grid-template-columns: minmax(0, 1.75fr) minmax(0, 1fr);
        }
        :host([theme='projector']) .side {
          display: contents;
        }
        :host([theme='projector']) .run {
          order: 1;
          grid-column: 1 / -1;
          padding: 12px 20px;
        }
      }
    `,
  ];

  override render() {
    const { exhibit, state, curves } = this;
    if (!exhibit) return null;
    const { experiment } = exhibit;
    return html`
      <div class="stage">
        <loss-curves
          class="card chart"
          theme=${state.theme}
          .state=${state}
          .curves=${curves}
          .horizontals=${horizontalsOf(experiment)}
        ></loss-curves>
        <div class="side">
          ${runCard(exhibit, state)}
          <loss-by-size class="card" theme=${state.theme} .state=${state} .curves=${curves}></loss-by-size>
        </div>
      </div>
    `;
  }
}

customElements.define('size-stage', SizeStage);

declare global {
  interface HTMLElementTagNameMap {
    'size-stage': SizeStage;
  }
}
