/** The large chart of an experiment on a law: its switches, the plot (two of them where scales are compared), its table. */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Experiment } from '../experiments/experiment';
import { lawChartsText } from '../text/law-charts';
import { text } from '../text/text';
import type { Curves } from './curves';
import { lawBesideShared } from './beside-shared';
import { lawModel, targetOf } from './law-model';
import { lawNews } from './law-news';
import './law-plot';
import type { OpenBet, RunWords } from './law-plot';
import { lawPoints, type LawPoints, type SizeCount } from './law-points';
import { lawSummary } from './law-summary';
import './law-table';
import './segmented-choice';
import type { Choice, SegmentedChoice } from './segmented-choice';
import { SlowCurves } from './slow-curves';
import { concerns } from './state-change';
import { INITIAL_STATE, type LabState, type Scale } from './store';
import { base, details } from './styles';
import { ViewEvent } from './view-event';

const T = lawChartsText.chart;
const { controls } = text.chart;
const VERTICAL: Choice[] = [
  { value: 'excess', label: controls.excess },
  { value: 'loss', label: controls.loss },
];
const SCALE: Choice[] = [
  { value: 'log', label: controls.log },
  { value: 'linear', label: controls.linear },
];
const COUNT: Choice[] = [
  { value: 'active', label: T.controls.active },
  { value: 'total', label: T.controls.total },
];

export class LawChart extends LitElement {
  static override properties = {
    experiment: { attribute: false },
    state: { attribute: false },
    curves: { attribute: false },
    _count: { state: true },
    _open: { state: true },
  };

  declare experiment: Experiment | undefined;
  declare state: LabState;
  declare curves: Curves | undefined;
  declare _count: SizeCount;
  declare _open: boolean;

  constructor() {
    super();
    this.experiment = undefined;
    this.state = INITIAL_STATE;
    this.curves = undefined;
    this._count = 'active';
    this._open = false;
    new SlowCurves(this);
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
        margin-bottom: 10px;
      }
      .switches {
        display: flex;
        gap: 8px;
        flex-wrap: wrap;
        margin-inline-start: auto;
      }
      .plots {
        flex: 1;
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr));
        gap: 12px 20px;
      }
      figure {
        margin: 0;
        display: flex;
        flex-direction: column;
        min-width: 0;
      }
      figcaption {
        font-size: var(--t-label);
        color: var(--soft);
      }
      law-plot {
        flex: 1;
        min-height: var(--chart-height, clamp(300px, 50vh, 660px));
      }
      .foot {
        display: grid;
        gap: 6px;
        margin-top: 10px;
      }
      :host([theme='projector']) :is(.switches, .foot) {
        display: none;
      }
      @media (min-width: 1001px) {
        :host([theme='projector']) law-plot {
          min-height: 216px;
        }
      }
      @media (max-width: 720px) {
        .switches {
          margin-inline-start: 0;
        }
        law-plot {
          min-height: 330px;
        }
      }
    `,
  ];

  override shouldUpdate(changed: PropertyValues): boolean {
    return concerns(changed, this.state, [
      ...(['series', 'law', 'phase', 'view', 'bet', 'pointed', 'theme', 'shared', 'result'] as const),
    ]);
  }

  get #title(): string {
    const { law } = this.experiment ?? {};
    const titles = law?.answer === 'balance' ? lawChartsText.valleys.title : T.title[law?.x ?? 'active'];
    return titles[this.state.view.vertical];
  }

  override render() {
    const { experiment, state, curves } = this;
    const law = experiment?.law;
    if (!experiment || !law) return null;
    const both = law.answer === 'returns';
    const scales: Scale[] = both ? ['log', 'linear'] : [state.view.scale];
    const points = lawPoints(experiment, state, curves, this._count);
    const title = this.#title;
    return html`
      <div class="bar">
        <h2>${title}</h2>
        <div class="switches" data-part="switches">
          ${this.#view('vertical', controls.vertical, VERTICAL)} ${law.x === 'active' ? this.#counted() : nothing}
          ${both || law.x === 'curriculum' ? nothing : this.#view('scale', controls.scale, SCALE)}
        </div>
      </div>
      <div class="plots">
        ${scales.map(
          (scale) =>
            html`<figure>
              ${both ? html`<figcaption>${T.on[scale]}</figcaption>` : nothing}
              <law-plot
                label=${both ? `${title}, ${T.on[scale]}` : title}
                summary=${lawSummary(experiment, state, points)}
                .build=${(width: number, height: number) =>
                  lawBesideShared(
                    lawModel(experiment, state, curves, width, height, { scale, count: this._count }),
                    experiment,
                    state,
                    this._count,
                  )}
                .words=${(index: number) => this.#words(points, index)}
                .pointed=${state.pointed}
                .bet=${this.#bet(points)}
              ></law-plot>
            </figure>`,
        )}
      </div>
      <div class="foot" data-part="details">
        <p class="note">${this.#notes(scales).join(' ')}</p>
        <details
          @toggle=${(event: Event) => {
            this._open = event.target instanceof HTMLDetailsElement && event.target.open;
          }}
        >
          <summary>${lawChartsText.table.title}</summary>
          ${this._open ? html`<law-table .experiment=${experiment} .state=${state}></law-table>` : nothing}
        </details>
      </div>
    `;
  }

  #notes(scales: readonly Scale[]): string[] {
    const { law, view } = this.state;
    const plan = this.experiment?.law;
    const news = this.experiment && lawNews(this.experiment, this.state);
    const valleys = plan?.answer === 'balance';
    const drawn = law.fits.filter((fit) => fit.law === 'power' || fit.law === 'frontier');
    return [
      ...(news === undefined ? [] : [news]),
      ...(valleys ? [lawChartsText.valleys.note, lawChartsText.valleys.bracket] : []),
      T.note,
      ...(this._count === 'total' ? [T.totalNote] : []),
      ...(this._count === 'active' && !valleys && drawn.some(({ enough }) => enough) ? [T.band] : []),
      ...(drawn.some(({ enough }) => !enough) ? [T.fewNote] : []),
      ...(view.vertical === 'excess' && scales.includes('log') ? [T.noFloor] : []),
    ];
  }

  #words({ runs }: LawPoints, index: number): RunWords | undefined {
    const run = runs[index];
    return (
      run && {
        title: T.read(run.arm, run.seed),
        value: T.value[this.state.view.vertical](run.y),
        detail: T.at(run.n, run.tokens, run.flops),
      }
    );
  }

  /** Open until the run begins, or its prediction is frozen. */
  #bet({ means, floor = 0 }: LawPoints): OpenBet | undefined {
    const { experiment, state, _count } = this;
    const target = experiment && _count === 'active' ? targetOf(experiment, state) : undefined;
    if (!target) return undefined;
    const { prediction } = state.law;
    const offset = state.view.vertical === 'loss' ? floor : 0;
    const value = state.bet ?? prediction?.bet;
    return {
      ...target,
      y: value === undefined ? undefined : value + offset,
      offset,
      open: !prediction && !means.some(({ arm }) => arm === target.arm),
    };
  }

  #counted() {
    return html`<segmented-choice
      .label=${T.controls.count}
      .choices=${COUNT}
      .value=${this._count}
      @change=${(event: Event) => {
        this._count = (event.target as SegmentedChoice).value as SizeCount;
      }}
    ></segmented-choice>`;
  }

  #view(key: 'vertical' | 'scale', label: string, choices: Choice[]) {
    return html`<segmented-choice
      .label=${label}
      .choices=${choices}
      .value=${this.state.view[key]}
      @change=${(event: Event) => {
        this.dispatchEvent(new ViewEvent({ [key]: (event.target as SegmentedChoice).value }));
      }}
    ></segmented-choice>`;
  }
}

customElements.define('law-chart', LawChart);

declare global {
  interface HTMLElementTagNameMap {
    'law-chart': LawChart;
  }
}
