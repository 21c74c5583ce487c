/**
 * The stage of an experiment on a law: the chart of the law and what runs it, then every run's curve, and where a law
 * of two variables is fitted, its surface.
 */
import { css, html, nothing } from 'lit';
import './bet-card';
import './curve-multiples';
import './law-chart';
import './loss-surface';
import { runCard } from './run-card';
import { StageElement } from './stage-element';
import { base, card, stage } from './styles';
import './sweep-queue';

export class LawStage extends StageElement {
  static override styles = [
    base,
    card,
    stage,
    css`
      .more {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr));
        gap: var(--gap);
      }
      .stage:has(.bet) {
        grid-template-rows: auto auto 1fr;
      }
      @media (max-width: 1000px) {
        .bet {
          order: -2;
        }
        .queue {
          order: 1;
        }
      }
      @media (min-width: 1001px) {
        /* For the back row: the law, one more picture, and what runs it in one row below. */
        :host([theme='projector']) {
          grid-template-columns: minmax(0, 1.9fr) minmax(0, 1fr);
          grid-template-rows: 1fr;
        }
        :host([theme='projector']) :is(.stage, .more) {
          display: contents;
        }
        :host([theme='projector']) .run {
          order: 2;
          grid-column: 1 / -1;
          padding: 12px 20px;
        }
        :host([theme='projector']) .more > * {
          order: 1;
        }
      }
      :host([theme='projector']) :is(.queue, .second) {
        display: none;
      }
      /* Where there is a bet, it is what stands beside the law. */
      :host([theme='projector']) .bet {
        order: 1;
      }
      :host([theme='projector']) .stage:has(.bet) + .more {
        display: none;
      }
    `,
  ];

  override render() {
    const { exhibit, state, curves } = this;
    if (!exhibit) return null;
    const { experiment } = exhibit;
    const { theme } = state;
    const surface = experiment.law?.fits.some(({ law }) => law === 'chinchilla') ?? false;
    return html`
      <div class="stage">
        <law-chart class="card" theme=${theme} .experiment=${experiment} .state=${state} .curves=${curves}></law-chart>
        ${
          experiment.law?.bet
            ? html`<bet-card
                class="card bet"
                data-part="bet"
                theme=${theme}
                .experiment=${experiment}
                .state=${state}
              ></bet-card>`
            : nothing
        }
        ${runCard(exhibit, state)}
        <sweep-queue
          class="card queue"
          data-part="queue"
          .experiment=${experiment}
          .state=${state}
          .curves=${curves}
        ></sweep-queue>
      </div>
      <div class="more" data-part="curves">
        ${
          surface
            ? html`<loss-surface class="card" theme=${theme} .experiment=${experiment} .state=${state}></loss-surface>`
            : nothing
        }
        <curve-multiples
          class="card ${surface ? 'second' : ''}"
          theme=${theme}
          .experiment=${experiment}
          .state=${state}
          .curves=${curves}
        ></curve-multiples>
      </div>
    `;
  }
}

customElements.define('law-stage', LawStage);

declare global {
  interface HTMLElementTagNameMap {
    'law-stage': LawStage;
  }
}
