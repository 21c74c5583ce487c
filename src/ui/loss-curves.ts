/** The live chart: loss while training, with its switches, its reading aid and the table behind it. */
import { css, html, LitElement } from 'lit';
import { text } from '../text/text';
import type { LabChart } from './chart';
import type { Bracket, ChartModel, Rule } from './chart-model';
import type { Curves } from './curves';
import { FollowCurves } from './follow-curves';
import { later, type Later } from './later';
import type { Preview } from './recorded-preview';
import './segmented-choice';
import type { Choice, SegmentedChoice } from './segmented-choice';
import { curvesSummary } from './standing';
import { INITIAL_STATE, type Horizontal, type LabState, type Shared, type Vertical, type View } from './store';
import { base, details } from './styles';
import { ViewEvent } from './view-event';

const { controls } = text.chart;
const VERTICAL: Choice[] = [
  { value: 'excess', label: controls.excess },
  { value: 'loss', label: controls.loss },
];
const SCALE: Choice[] = [
  { value: 'log', label: controls.log },
  { value: 'linear', label: controls.linear },
];
const BAND: Choice[] = [
  { value: 'range', label: controls.range },
  { value: 'interval', label: controls.interval },
];

export class LossCurves extends LitElement {
  static override properties = {
    state: { attribute: false },
    curves: { attribute: false },
    horizontals: { attribute: false },
    about: { type: String },
    bracket: { attribute: false },
    preview: { attribute: false },
    shared: { attribute: false },
    verticals: { attribute: false },
    rules: { attribute: false },
    note: { attribute: false },
    _open: { state: true },
  };

  declare state: LabState;
  declare curves: Curves | undefined;
  /** What may be along the horizontal axis. */
  declare horizontals: readonly Horizontal[];
  /** What is run, where that is not plain from the page's question. */
  declare about: string;
  /** What the verdict says, to be drawn between the lines. */
  declare bracket: Bracket | undefined;
  /** What was recorded, for as long as nothing was measured. */
  declare preview: Preview | undefined;
  /** What was shared of the same runs, to be drawn beside them. */
  declare shared: Shared | undefined;
  /** What may be drawn, where that is not for the reader to choose. */
  declare verticals: readonly Vertical[];
  /** Horizontal lines besides those of the runs, and a word on them. */
  declare rules: readonly Rule[];
  declare note: string;
  declare _open: boolean;

  constructor() {
    super();
    this.state = INITIAL_STATE;
    this.horizontals = [];
    this.about = '';
    this.bracket = undefined;
    this.preview = undefined;
    this.shared = undefined;
    this.verticals = ['excess', 'loss'];
    this.rules = [];
    this.note = '';
    this._open = false;
    new FollowCurves(this, () => {
      const { curves } = this;
      // Before its script has come the chart is an empty place of the right size.
      const models = later();
      if (!curves || !models) return;
      const chart = this.renderRoot.querySelector<LabChart>('lab-chart');
      chart?.show((width, height) => {
        const model = this.#model(models, curves, width, height);
        return this.rules.length > 0 ? { ...model, rules: [...model.rules, ...this.rules] } : model;
      });
    });
  }

  static override styles = [
    base,
    details,
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
      @media (min-width: 1001px) {
        :host([theme='projector']) lab-chart {
          min-height: 216px;
        }
      }
      @media (max-width: 720px) {
        .switches {
          margin-inline-start: 0;
        }
      }
    `,
  ];

  #model(models: Later, curves: Curves, width: number, height: number): ChartModel {
    const { state, preview } = this;
    const { horizontal, vertical } = state.view;
    if (horizontal === 'parameters') return models.sizesModel(state, curves, width, height, 'memory');
    if (preview && horizontal !== 'seconds') return models.previewModel(state, preview, curves, width, height);
    const own = models.curvesModel(state, curves, width, height);
    const model = this.shared ? models.besideShared(own, this.shared, state.view, width, height) : own;
    // It is a saving of compute, in excess over the floor.
    return horizontal === 'flops' && (vertical === 'excess' || !this.verticals.includes('excess'))
      ? { ...model, bracket: this.bracket }
      : model;
  }

  override render() {
    const { view } = this.state;
    const sizes = view.horizontal === 'parameters';
    const title = (sizes ? text.chart.memory : text.chart.curves)[view.vertical];
    const branches = this.state.series.some((series) => series.branches.length > 0);
    return html`
      <div class="bar">
        <h2>${this.about === '' ? title : text.chart.about(this.about, title)}</h2>
        <div class="switches" data-part="switches">
          ${this.verticals.length > 1 ? this.#choice('vertical', controls.vertical, VERTICAL) : null}
          ${this.#choice(
            'horizontal',
            controls.horizontal,
            this.horizontals.map((value) => ({ value, label: text.chart.horizontal[value].button })),
          )}
          ${this.#choice('scale', controls.scale, SCALE)}
        </div>
      </div>
      <lab-chart label=${title} summary=${this.curves ? curvesSummary(this.state, this.curves) : ''}></lab-chart>
      <div class="foot" data-part="details">
        <div class="band">
          <p class="note">
            ${
              sizes
                ? text.chart.memoryNote
                : [
                    text.chart.bandNote[view.band],
                    text.chart.dotNote,
                    branches ? text.chart.branchNote : '',
                    this.note,
                  ].join(' ')
            }
          </p>
          ${sizes ? null : this.#choice('band', controls.band, BAND)}
        </div>
        <details
          @toggle=${(event: Event) => {
            this._open = event.target instanceof HTMLDetailsElement && event.target.open;
          }}
        >
          <summary>${text.chart.table}</summary>
          ${this._open ? html`<curve-table .state=${this.state} .curves=${this.curves}></curve-table>` : null}
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
}

customElements.define('loss-curves', LossCurves);

declare global {
  interface HTMLElementTagNameMap {
    'loss-curves': LossCurves;
  }
}
