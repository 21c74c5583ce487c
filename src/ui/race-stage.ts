/**
 * The exhibit of the race: the live chart, what runs it and what can be set, and beside them what keeps it honest and
 * what goes on inside. The cards arrive with the second script and are upgraded in place.
 */
import { css, html } from 'lit';
import { horizontalsOf } from './horizontals';
import { later } from './later';
import './loss-curves';
import { runCard } from './run-card';
import { StageElement } from './stage-element';
import { isActive } from './store';
import { base, card, stage } from './styles';

export class RaceStage extends StageElement {
  static override styles = [
    base,
    card,
    stage,
    css`
      .inside {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: var(--gap);
      }
      .column {
        display: flex;
        flex-direction: column;
        gap: var(--gap);
        min-width: 0;
      }
      .column > :last-child {
        flex: 1;
      }
      @media (max-width: 1000px) {
        .inside {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      @media (min-width: 1001px) {
        /* For the back row: the chart, beside it a case in which there is less to gain, and one row below. */
        :host([theme='projector']) {
          grid-template-columns: minmax(0, 2.1fr) minmax(0, 1fr);
          grid-template-rows: 1fr;
        }
        :host([theme='projector']) :is(.stage, .inside, .column) {
          display: contents;
        }
        :host([theme='projector']) .run {
          order: 2;
          grid-column: 1 / -1;
          padding: 12px 20px;
        }
        :host([theme='projector']) .less {
          order: 1;
        }
      }
      :host([theme='projector']) :is(.controls, .router, .source, .heat, .tokens) {
        display: none;
      }
    `,
  ];

  /** What runs it takes the focus. */
  override focus(): void {
    this.renderRoot.querySelector('run-panel')?.focus();
  }

  override render() {
    const { exhibit, state, curves } = this;
    if (!exhibit) return null;
    const { experiment } = exhibit;
    const { theme, subject } = state;
    const first = experiment.cases[0].id;
    const shown = experiment.cases.find(({ id }) => id === subject.case && id !== first);
    return html`
      <div class="stage">
        <loss-curves
          class="card chart"
          theme=${theme}
          .state=${state}
          .curves=${curves}
          .horizontals=${horizontalsOf(experiment)}
          .about=${subject.experiment === experiment.id ? (shown?.title ?? '') : ''}
          .bracket=${later()?.savingBracket(state, experiment)}
          .shared=${later()?.sharedBeside(state)}
          .preview=${later()?.recordedPreview(state, experiment)}
        ></loss-curves>
        ${runCard(exhibit, state)}
        <race-controls
          class="card controls"
          data-part="controls"
          .experiment=${experiment}
          .wanted=${state.wanted}
          .budget=${state.budget}
          .disabled=${isActive(state.phase)}
        ></race-controls>
      </div>
      <div class="inside" data-part="inside">
        <div class="column">${this.#cases('less')} ${this.#cases('router')}</div>
        <div class="column">
          <section class="card source" data-part="notes">
            <source-note .spec=${state.cohorts[0]?.specs[0] ?? experiment.base} chosen></source-note>
          </section>
          <heat-map class="card heat" .state=${state}></heat-map>
          <token-view class="card tokens" .state=${state} .experiment=${experiment}></token-view>
        </div>
      </div>
    `;
  }

  #cases(about: 'less' | 'router') {
    const { exhibit, state } = this;
    return html`<case-card
      class="card ${about}"
      data-part="cases"
      theme=${state.theme}
      about=${about}
      .exhibit=${exhibit}
      .state=${state}
    ></case-card>`;
  }
}

customElements.define('race-stage', RaceStage);

declare global {
  interface HTMLElementTagNameMap {
    'race-stage': RaceStage;
  }
}
