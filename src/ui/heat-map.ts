/** Which expert sees what: one row a topic, one column an expert, layer by layer, as the models train. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { insideText } from '../text/inside';
import { emptyHeat, heatModel, routedOf, type HeatModel, type Routed } from './heat-model';
import './segmented-choice';
import type { Choice, SegmentedChoice } from './segmented-choice';
import { concerns } from './state-change';
import { INITIAL_STATE, type LabState } from './store';
import { base, details, hidden, inlineStyle, table } from './styles';
import { dot, topicDot, topicName } from './topic-dot';

const text = insideText.heat;

/** Rows at most: with more nobody could tell them apart. The table has all. */
const MOST_TOPICS = 32;
/** The faintest cell can still be seen. */
const FAINTEST = 0.05;

export class HeatMap extends LitElement {
  static override properties = {
    state: { attribute: false },
    _layer: { state: true },
    _arm: { state: true },
    _pointed: { state: true },
    _open: { state: true },
  };

  declare state: LabState;
  declare _layer: number;
  declare _arm: string;
  /** What the cell says that is pointed at. */
  declare _pointed: string;
  declare _open: boolean;

  constructor() {
    super();
    this.state = INITIAL_STATE;
    this._layer = 1;
    this._arm = '';
    this._pointed = '';
    this._open = false;
  }

  static override styles = [
    base,
    details,
    hidden,
    table,
    topicDot,
    css`
      :host {
        /* Costs nothing while it is out of sight: the page is laid out anew with every look. */
        content-visibility: auto;
        contain-intrinsic-size: auto 560px;
        display: grid;
        gap: 12px;
        align-content: start;
        min-width: 0;
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 8px 12px;
        flex-wrap: wrap;
      }
      .bar h2 {
        margin-inline-end: auto;
      }
      .map {
        display: grid;
        gap: var(--between);
        align-items: center;
        font-size: var(--t-label);
        line-height: 1.2;
        color: var(--soft);
      }
      .name {
        padding-inline-end: 8px;
        white-space: nowrap;
      }
      .cell {
        height: clamp(13px, 1.35em, 22px);
        border-radius: 3px;
        background: var(--grid);
      }
      .cell div {
        height: 100%;
        border-radius: 3px;
        background: var(--series-7);
      }
      .cell:hover {
        outline: 2px solid var(--focus);
      }
      .total {
        height: clamp(26px, 2.7em, 44px);
        display: grid;
        align-items: end;
        border-radius: 3px;
        background: linear-gradient(var(--grid), var(--grid)) bottom / 100% 1px no-repeat;
      }
      .total div {
        border-radius: 3px 3px 0 0;
        background: var(--series-7);
      }
      .total.dead {
        background: repeating-linear-gradient(45deg, var(--grid) 0 3px, transparent 3px 6px);
      }
      .row-total {
        margin-top: 6px;
      }
      .says {
        min-height: 3em;
      }
      @media (forced-colors: active) {
        .cell,
        .total {
          background: Canvas;
          border: 1px solid GrayText;
        }
        .cell div,
        .total div {
          forced-color-adjust: none;
          background: CanvasText;
        }
      }
    `,
  ];

  override shouldUpdate(changed: PropertyValues): boolean {
    return concerns(changed, this.state, ['series', 'cohorts', 'ends', 'looks']);
  }

  override render() {
    const routed = routedOf(this.state);
    const chosen = routed.find(({ arm }) => arm === this._arm) ?? routed[0];
    const layers = chosen?.layers ?? [];
    const layer = layers[this._layer] ? this._layer : layers.length - 1;
    const routing = layers[layer];
    return html`
      <div class="bar">
        <h2>${text.title}</h2>
        ${
          routed.length > 1 && chosen
            ? this.#choice(
                text.model,
                routed.map(({ arm }) => ({ value: arm, label: arm })),
                chosen.arm,
                (value) => (this._arm = value),
              )
            : null
        }
        ${
          layers.length > 1
            ? this.#choice(
                text.layer,
                layers.map((_each, i) => ({ value: String(i), label: text.layerName(i) })),
                String(layer),
                (value) => (this._layer = Number(value)),
              )
            : null
        }
      </div>
      ${
        !chosen || chosen.diverged
          ? html`<p class="note">${chosen ? text.diverged : text.none}</p>`
          : routing
            ? this.#filled(chosen, heatModel(chosen, routing), layer)
            : html`${this.#grid(chosen, emptyHeat(chosen), text.waiting)}
                <p class="note">${text.waiting}</p>`
      }
    `;
  }

  #choice(label: string, choices: Choice[], value: string, take: (value: string) => void): TemplateResult {
    return html`<segmented-choice
      .label=${label}
      .choices=${choices}
      .value=${value}
      @change=${(event: Event) => {
        this._pointed = '';
        take((event.target as SegmentedChoice).value);
      }}
    ></segmented-choice>`;
  }

  #filled(routed: Routed, model: HeatModel, layer: number): TemplateResult {
    const summary = this.#summary(routed, model);
    return html`
      ${this.#grid(routed, model, summary)}
      <p class="note says">${this._pointed === '' ? summary : this._pointed}</p>
      <p class="note">
        ${text.legend} ${text.step(routed.step)}
        ${routed.topics > MOST_TOPICS ? text.first(MOST_TOPICS, routed.topics) : ''}
      </p>
      <details
        @toggle=${(event: Event) => {
          this._open = event.target instanceof HTMLDetailsElement && event.target.open;
        }}
      >
        <summary>${text.asTable}</summary>
        ${this._open ? this.#table(model, layer) : nothing}
      </details>
    `;
  }

  #grid({ nExperts }: Routed, model: HeatModel, label: string): TemplateResult {
    const between = nExperts > 32 ? 1 : nExperts > 16 ? 2 : 3;
    const columns = `grid-template-columns: auto repeat(${nExperts}, minmax(0, 1fr)); --between: ${between}px`;
    return html`
      <div
        class="map"
        role="img"
        aria-label=${label}
        .style=${inlineStyle(columns)}
        @pointerover=${this.#point}
        @pointerleave=${() => {
          this._pointed = '';
        }}
      >
        ${model.rows.slice(0, MOST_TOPICS).map(
          ({ topic, cells }) => html`
            <span class="name">${dot(topic)} ${topicName(topic)}</span>
            ${Array.from({ length: nExperts }, (_, expert) => {
              const share = cells?.[expert];
              const words =
                share === undefined ? text.absent(topicName(topic)) : text.cell(share, topicName(topic), expert);
              const opacity = share === undefined ? 0 : FAINTEST + (1 - FAINTEST) * share;
              return html`<div class="cell" data-says=${words}>
                <div .style=${inlineStyle(`opacity: ${opacity.toFixed(3)}`)}></div>
              </div>`;
            })}
          `,
        )}
        <span class="name row-total">${text.all}</span>
        ${model.total.map((share, expert) => {
          const height = Math.min(100, (share / Math.max(...model.total, model.fair)) * 100);
          const dead = model.dead.includes(expert);
          const words = text.total(share, model.fair, expert);
          return html`<div class=${dead ? 'total row-total dead' : 'total row-total'} data-says=${words}>
            <div .style=${inlineStyle(`height: ${height.toFixed(1)}%`)}></div>
          </div>`;
        })}
      </div>
    `;
  }

  #summary({ table: isTable }: Routed, { favourite, fair, entropy, mostEntropy, dead }: HeatModel): string {
    const parts = [
      favourite === undefined ? '' : text.favourite(favourite, fair),
      isTable ? text.table : mostEntropy > 0 ? text.entropy(entropy, mostEntropy) : '',
      text.dead(dead.length),
    ];
    return parts.filter((part) => part !== '').join(' ');
  }

  #table({ rows, total, dead }: HeatModel, layer: number): TemplateResult {
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${text.caption(layer)}>
        <table>
          <caption>
            ${text.caption(layer)}
          </caption>
          <thead>
            <tr>
              <th scope="col">${text.topicColumn}</th>
              ${total.map(
                (_share, expert) =>
                  html`<th scope="col" class="num">
                    ${text.expert(expert)}${dead.includes(expert) ? ` (${text.idle})` : ''}
                  </th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${[
              ...rows.map(({ topic, cells }) => ({ name: topicName(topic), cells })),
              { name: text.all, cells: total },
            ].map(
              ({ name, cells }) => html`
                <tr>
                  <th scope="row">${name}</th>
                  ${total.map((_share, expert) => {
                    const share = cells?.[expert];
                    return html`<td class="num">${share === undefined ? '–' : text.percent(share)}</td>`;
                  })}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  #point(event: Event): void {
    const cell = event.composedPath().find((each) => each instanceof HTMLElement && each.dataset.says !== undefined);
    this._pointed = cell instanceof HTMLElement ? (cell.dataset.says ?? '') : '';
  }
}

customElements.define('heat-map', HeatMap);

declare global {
  interface HTMLElementTagNameMap {
    'heat-map': HeatMap;
  }
}
