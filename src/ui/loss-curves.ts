/** The live chart: loss while training, with its switches, its reading aid and the table behind it. */
import { css, html, LitElement } from 'lit';
import { text } from '../text/text';
import { count, nats } from '../text/numbers';
import './chart';
import type { LabChart } from './chart';
import { curveRows, curvesModel } from './curves-model';
import type { Curves } from './curves';
import { FollowCurves } from './follow-curves';
import './segmented-choice';
import type { Choice, SegmentedChoice } from './segmented-choice';
import { INITIAL_STATE, type LabState, type View } from './store';
import { curvesSummary } from './standing';
import { base, card, details, table } from './styles';

const { controls } = text.chart;
const VERTICAL: Choice[] = [
  { value: 'excess', label: controls.excess },
  { value: 'loss', label: controls.loss },
];
const HORIZONTAL: Choice[] = (['flops', 'tokens', 'steps', 'seconds'] as const).map((value) => ({
  value,
  label: text.chart.horizontal[value].button,
}));
const SCALE: Choice[] = [
  { value: 'log', label: controls.log },
  { value: 'linear', label: controls.linear },
];
const BAND: Choice[] = [
  { value: 'range', label: controls.range },
  { value: 'interval', label: controls.interval },
];

/** Asks the page to draw differently. */
export class ViewEvent extends Event {
  constructor(readonly change: Partial<View>) {
    super('lab-view', { bubbles: true, composed: true });
  }
}

export class LossCurves extends LitElement {
  static override properties = {
    state: { attribute: false },
    curves: { attribute: false },
    _open: { state: true },
  };

  declare state: LabState;
  declare curves: Curves | undefined;
  declare _open: boolean;

  constructor() {
    super();
    this.state = INITIAL_STATE;
    this._open = false;
    new FollowCurves(this, () => {
      const { curves } = this;
      if (!curves) return;
      const chart = this.renderRoot.querySelector<LabChart>('lab-chart');
      chart?.show((width, height) => curvesModel(this.state, curves, width, height));
    });
  }

  static override styles = [
    base,
    card,
    details,
    table,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-width: 0;
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 8px 12px;
        flex-wrap: wrap;
        margin-bottom: 12px;
      }
      .switches {
        display: flex;
        gap: 8px;
        flex-wrap: wrap;
        margin-inline-start: auto;
      }
      lab-chart {
        flex: 1;
        min-height: var(--chart-height, clamp(300px, 48vh, 640px));
      }
      .band {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 20px;
        align-items: start;
      }
      .band .note {
        flex: 1 1 22em;
      }
      .foot {
        display: grid;
        gap: 6px;
        margin-top: 10px;
      }
      /* For the back row: the picture and nothing else; the keys still switch it. */
      :host([theme='projector']) :is(.switches, .foot) {
        display: none;
      }
      :host([theme='projector']) lab-chart {
        min-height: max(260px, 100vh - 8.5 * var(--t-body) - 4.5 * var(--t-hero) - 60px);
      }
      @media (max-width: 720px) {
        .switches {
          margin-inline-start: 0;
        }
      }
    `,
  ];

  override render() {
    const { view } = this.state;
    return html`
      <div class="bar">
        <h2>${text.chart.curves[view.vertical]}</h2>
        <div class="switches">
          ${this.#choice('vertical', controls.vertical, VERTICAL)}
          ${this.#choice('horizontal', controls.horizontal, HORIZONTAL)} ${this.#choice('scale', controls.scale, SCALE)}
        </div>
      </div>
      <lab-chart
        label=${text.chart.curves[view.vertical]}
        summary=${this.curves ? curvesSummary(this.state, this.curves) : ''}
      ></lab-chart>
      <div class="foot">
        <div class="band">
          <p class="note">${text.chart.bandNote[view.band]} ${text.chart.dotNote}</p>
          ${this.#choice('band', controls.band, BAND)}
        </div>
        <details
          @toggle=${(event: Event) => {
            this._open = event.target instanceof HTMLDetailsElement && event.target.open;
          }}
        >
          <summary>${text.chart.table}</summary>
          ${this._open ? this.#table() : null}
        </details>
      </div>
    `;
  }

  #choice(key: keyof View, label: string, choices: Choice[]) {
    return html`<segmented-choice
      .label=${label}
      .choices=${choices}
      .value=${this.state.view[key]}
      @change=${(event: Event) => {
        const { value } = event.target as SegmentedChoice;
        this.dispatchEvent(new ViewEvent({ [key]: value }));
      }}
    ></segmented-choice>`;
  }

  #table() {
    const rows = this.curves ? curveRows(this.state, this.curves) : [];
    if (rows.length === 0) return html`<p class="note">${text.chart.emptyTable}</p>`;
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${text.chart.table}>
        <table>
          <caption>
            ${text.chart.vertical[this.state.view.vertical]}
          </caption>
          <thead>
            <tr>
              <th scope="col" class="num">${text.chart.columns.step}</th>
              ${this.state.series.map((series) => html`<th scope="col">${series.arm}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) => html`
                <tr>
                  <th scope="row" class="num">${count(row.step)}</th>
                  ${row.cells.map(
                    (cell) =>
                      html`<td>${cell ? `${nats(cell.mean, 2)} (${text.chart.range(cell.low, cell.high)})` : '–'}</td>`,
                  )}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    `;
  }
}

customElements.define('loss-curves', LossCurves);

declare global {
  interface HTMLElementTagNameMap {
    'loss-curves': LossCurves;
  }
}
