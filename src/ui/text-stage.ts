/** The exhibit of a text: the live chart with what counting comes to, the choice of the text, and what is written. */
import { css, html } from 'lit';
import type { TextSource } from '../config/run-spec';
import { ownText } from '../text/own-text';
import { nats } from '../text/numbers';
import type { Rule } from './chart-model';
import type { Exhibit } from './exhibit';
import { horizontalsOf } from './horizontals';
import { later } from './later';
import './loss-curves';
import './race-controls';
import { runCard } from './run-card';
import { StageElement } from './stage-element';
import { isActive, type ChosenText, type LabState } from './store';
import { base, card, stage } from './styles';
import './text-chooser';
import './written-text';

/** Fours lie so close to fives that their names would cover each other. */
const DRAWN = [1, 2, 3, 5];

function rulesOf(chosen: ChosenText | undefined): Rule[] {
  const drawn = (chosen?.references ?? []).filter(({ order }) => DRAWN.includes(order));
  return drawn.map(({ order, loss }) => ({ y: loss, text: `${ownText.reference(order)}, ${nats(loss, 2)}` }));
}

/** The text that the next start reads. */
function sourceOf({ experiment }: Exhibit, { wanted }: LabState): TextSource | undefined {
  const { source } = experiment.base;
  return wanted.setting.text ?? (source.kind === 'text' ? source : undefined);
}

export class TextStage extends StageElement {
  static override styles = [
    base,
    card,
    stage,
    css`
      .below {
        display: grid;
        grid-template-columns: minmax(0, 2fr) minmax(0, 1fr);
        gap: var(--gap);
      }
      @media (max-width: 1000px) {
        .below {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      :host([theme='projector']) :is(.choice, .controls) {
        display: none;
      }
      :host([theme='projector']) .below {
        grid-template-columns: minmax(0, 1fr);
      }
      @media (min-width: 1001px) {
        /* For the back row: the chart, what the models write beside it, and one row below. */
        :host([theme='projector']) {
          grid-template-columns: minmax(0, 1.5fr) minmax(0, 1fr);
          grid-template-rows: 1fr;
        }
        :host([theme='projector']) :is(.stage, .below) {
          display: contents;
        }
        :host([theme='projector']) .run {
          order: 2;
          grid-column: 1 / -1;
          padding: 12px 20px;
        }
        :host([theme='projector']) .written {
          order: 1;
        }
      }
    `,
  ];

  override render() {
    const { exhibit, state, curves } = this;
    if (!exhibit) return null;
    const { experiment } = exhibit;
    const { theme } = state;
    const source = sourceOf(exhibit, state);
    const chosen = source && state.texts[source.hash];
    // Nobody knows the floor of a text, so there is nothing but the loss to be drawn.
    const view = { ...state.view, vertical: 'loss' as const };
    return html`
      <div class="stage">
        <loss-curves
          class="card chart"
          theme=${theme}
          .state=${{ ...state, view }}
          .curves=${curves}
          .horizontals=${horizontalsOf(experiment)}
          .verticals=${['loss']}
          .rules=${rulesOf(chosen)}
          .note=${chosen && chosen.references.length > 0 ? ownText.referenceNote : ''}
          .bracket=${later()?.savingBracket(state, experiment)}
        ></loss-curves>
        ${runCard(exhibit, state)}
        <text-chooser
          class="card choice"
          .source=${source}
          .chosen=${chosen}
          .reading=${state.reading}
          .disabled=${isActive(state.phase)}
        ></text-chooser>
      </div>
      <div class="below">
        <written-text class="card written" .state=${state}></written-text>
        <race-controls
          class="card controls"
          .experiment=${experiment}
          .wanted=${state.wanted}
          .budget=${state.budget}
          .disabled=${isActive(state.phase)}
        ></race-controls>
      </div>
    `;
  }
}

customElements.define('text-stage', TextStage);

declare global {
  interface HTMLElementTagNameMap {
    'text-stage': TextStage;
  }
}
