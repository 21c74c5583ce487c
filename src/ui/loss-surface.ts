/** Loss by size and data as a heat map: measured cells with their numbers, contours of the fitted law over them. */
import { css, html, LitElement, nothing, svg, type PropertyValues } from 'lit';
import type { Experiment } from '../experiments/experiment';
import { lawChartsText } from '../text/law-charts';
import { compact, count, nats, power } from '../text/numbers';
import { text } from '../text/text';
import { lawPoints } from './law-points';
import { placeX, placeY, share, type PlotBox } from './plot-model';
import { axesSvg, plotStyles } from './plot-svg';
import { concerns } from './state-change';
import { INITIAL_STATE, type LabState } from './store';
import { base, details, hidden, inlineStyle, table } from './styles';
import { surfaceAxes, surfaceModel, type Surface, type SurfaceCell } from './surface-model';

const T = lawChartsText.surface;

/** Strength of a cell's colour, in per cent, from the highest excess to the lowest. */
const FAINTEST = 8;
const STRONGEST = 92;
/** From this strength on the ground's colour is easier to read on a cell than the ink. */
const INVERTED = 62;
const SWATCHES = 5;

function strengthOf(share: number): number {
  return FAINTEST + (STRONGEST - FAINTEST) * share;
}

function color(share: number): string {
  return `color-mix(in oklab, var(--series-6) ${strengthOf(share).toFixed(1)}%, var(--card))`;
}

export class LossSurface extends LitElement {
  static override properties = {
    experiment: { attribute: false },
    state: { attribute: false },
    _size: { state: true },
    _open: { state: true },
    _at: { state: true },
  };

  declare experiment: Experiment | undefined;
  declare state: LabState;
  declare _size: { width: number; height: number; em: number } | undefined;
  declare _open: boolean;
  declare _at: number | undefined;

  readonly #resize = new ResizeObserver(() => {
    this.#measure();
  });
  readonly #onTheme = (): void => {
    this.#measure();
  };

  constructor() {
    super();
    this.experiment = undefined;
    this.state = INITIAL_STATE;
    this._size = undefined;
    this._open = false;
    this._at = undefined;
  }

  static override styles = [
    base,
    details,
    hidden,
    table,
    plotStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 10px;
        min-width: 0;
      }
      .bar {
        display: flex;
        align-items: end;
        gap: 8px 16px;
        flex-wrap: wrap;
      }
      .bar h2 {
        margin-inline-end: auto;
      }
      .legend {
        display: grid;
        grid-template-columns: repeat(5, 2.9em);
        font-size: var(--t-label);
        color: var(--soft);
        text-align: center;
        line-height: 1.3;
      }
      .legend i {
        height: 0.75em;
      }
      .legend span:last-child {
        grid-column: 1 / -1;
      }
      .map {
        position: relative;
        flex: 1;
        min-height: 340px;
        font-size: var(--t-chart);
      }
      .map svg {
        position: absolute;
        inset: 0;
      }
      .cell {
        stroke: var(--card);
        stroke-width: 1.5px;
      }
      .cell.at {
        stroke: var(--ink);
        stroke-width: 2.5px;
      }
      .number {
        pointer-events: none;
        font-weight: 550;
        fill: var(--ink);
      }
      .number.inverted {
        fill: var(--card);
      }
      .contour {
        fill: none;
        stroke: var(--series-7);
        stroke-width: calc(var(--stroke) * 0.6px);
        stroke-dasharray: 6 4;
      }
      .level {
        fill: var(--series-7);
        font-weight: 600;
      }
      input:focus-visible + .map {
        outline: 2px solid var(--focus);
        outline-offset: 4px;
        border-radius: 6px;
      }
      .says {
        min-height: 1.5em;
      }
      :host([theme='projector']) :is(.note, details) {
        display: none;
      }
      @media (min-width: 1001px) {
        /* On a wall it is as tall as the chart beside it. */
        :host([theme='projector']) .map {
          min-height: 150px;
        }
      }
      @media (min-width: 1001px) and (max-height: 900px) {
        :host([theme='projector']) .legend {
          display: none;
        }
      }
      @media (forced-colors: active) {
        .cell {
          fill: Canvas !important;
          stroke: CanvasText;
        }
        .number.inverted {
          fill: CanvasText;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('lab-theme', this.#onTheme);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
    document.removeEventListener('lab-theme', this.#onTheme);
  }

  override shouldUpdate(changed: PropertyValues): boolean {
    return concerns(changed, this.state, ['law', 'theme', 'pointed']);
  }

  override updated(): void {
    const map = this.renderRoot.querySelector('.map');
    if (map) this.#resize.observe(map);
  }

  #measure(): void {
    const map = this.renderRoot.querySelector<HTMLElement>('.map');
    if (!map || map.clientWidth === 0) return;
    const { clientWidth: width, clientHeight: height } = map;
    const em = Number.parseFloat(getComputedStyle(map).fontSize);
    const { _size: before } = this;
    if (before?.width === width && before.height === height && before.em === em) return;
    this._size = { width, height, em };
  }

  #surface(): Surface {
    const { experiment, state } = this;
    if (!experiment) return { cells: [], contours: [], even: [], range: undefined };
    const view = { ...state.view, vertical: 'excess' as const };
    return surfaceModel(lawPoints(experiment, { ...state, view }, undefined), state.law.fits);
  }

  override render() {
    const surface = this.#surface();
    const { cells } = surface;
    const said = this._at === undefined ? undefined : cells[this._at];
    return html`
      <div class="bar">
        <h2>${T.title}</h2>
        ${surface.range ? this.#legend(surface.range) : nothing}
      </div>
      <input
        class="hidden"
        type="range"
        min="0"
        max=${Math.max(0, cells.length - 1)}
        .value=${String(this._at ?? 0)}
        ?hidden=${cells.length === 0}
        aria-label=${T.title}
        aria-valuetext=${said ? this.#words(said) : this.#summary(cells)}
        @focus=${this.#onWalk}
        @input=${this.#onWalk}
        @blur=${this.#leave}
      />
      <div class="map" @pointerover=${this.#onPointer} @pointerleave=${this.#leave}>${this.#map(surface)}</div>
      <p class="note says">
        ${
          said
            ? this.#words(said)
            : cells.length === 0
              ? T.waiting
              : `${T.note} ${surface.contours.length > 0 ? T.contours : T.noContours}`
        }
      </p>
      <details
        @toggle=${(event: Event) => {
          this._open = event.target instanceof HTMLDetailsElement && event.target.open;
        }}
      >
        <summary>${text.chart.table}</summary>
        ${this._open ? this.#table(cells) : nothing}
      </details>
    `;
  }

  #legend([low, high]: readonly [number, number]) {
    const steps = Array.from({ length: SWATCHES }, (_, i) => i / (SWATCHES - 1));
    return html`<div class="legend" aria-hidden="true">
      ${steps.map((part) => html`<i .style=${inlineStyle(`background: ${color(part)}`)}></i>`)}
      ${steps.map((part) => html`<span>${nats(high * (low / high) ** part, 2)}</span>`)}
      <span>${T.legend}</span>
    </div>`;
  }

  #map(surface: Surface) {
    const { _size: size } = this;
    const { cells } = surface;
    const label = `${T.title}. ${this.#summary(cells)}`;
    if (!size) return html`<svg role="img" aria-label=${label}></svg>`;
    const { width, height, em } = size;
    const box: PlotBox = { left: em * 5.4, top: em, width: width - em * 8.4, height: height - em * 5 };
    const axes = surfaceAxes(cells, box.width, box.height);
    const model = {
      x: { ...axes.x, label: text.chart.logarithmic(T.x), format: compact },
      y: { ...axes.y, label: text.chart.logarithmic(T.y), format: compact },
    };
    const [cellWidth, cellHeight] = cellSize(surface, model, box, em);
    const visible = ({ x, y }: { x: number; y: number }): boolean =>
      share(model.y, y) >= 0 && share(model.y, y) <= 1 && share(model.x, x) >= 0 && share(model.x, x) <= 1;
    const trace = (xs: readonly number[], ys: readonly number[]): string =>
      xs
        .map((x, i) => ({ x, y: ys[i]! }))
        .filter(visible)
        .map(
          ({ x, y }, i) =>
            `${i === 0 ? 'M' : 'L'}${placeX(model, box, x).toFixed(1)} ${placeY(model, box, y).toFixed(1)}`,
        )
        .join('');
    return html`<svg role="img" aria-label=${label} viewBox="0 0 ${width} ${height}">
      ${svg`<g aria-hidden="true">
        ${axesSvg(model, box, em)}
        ${surface.even.map(({ x, y }) => svg`<path class="line even" d=${trace(x, y)} />`)}
        ${cells.map((cell, i) => {
          const [x, y] = [placeX(model, box, cell.n), placeY(model, box, cell.tokens)];
          const roomy = cellWidth > em * 2.3 && cellHeight > em * 1.2;
          return svg`<rect
              class="cell ${i === this._at ? 'at' : ''}" data-cell=${i} fill=${color(cell.strength)} rx="4"
              x=${x - cellWidth / 2} y=${y - cellHeight / 2} width=${cellWidth} height=${cellHeight}
            />${
              roomy
                ? svg`<text
                    class="number ${strengthOf(cell.strength) > INVERTED ? 'inverted' : ''}"
                    x=${x} y=${y} dy=".34em" text-anchor="middle">${nats(cell.excess, 2)}</text>`
                : nothing
            }`;
        })}
        ${surface.contours.map(({ level, x, y }) => {
          const d = trace(x, y);
          const end = x.flatMap((each, i) => (visible({ x: each, y: y[i]! }) ? [{ x: each, y: y[i]! }] : [])).at(-1);
          return end === undefined
            ? nothing
            : svg`<path class="contour" d=${d} /><text
                class="halo level" x=${placeX(model, box, end.x) + em * 0.4} y=${placeY(model, box, end.y)} dy=".33em"
              >${nats(level, level < 1 && (level * 10) % 1 > 0.01 ? 2 : 1)}</text>`;
        })}
      </g>`}
    </svg>`;
  }

  #words({ n, tokens, excess }: SurfaceCell): string {
    return T.cell(n, tokens, excess);
  }

  #summary(cells: readonly SurfaceCell[]): string {
    const sorted = cells.toSorted((a, b) => a.excess - b.excess);
    const [lowest, highest] = [sorted[0], sorted.at(-1)];
    return lowest && highest ? T.summary(cells.length, this.#words(lowest), this.#words(highest)) : T.waiting;
  }

  #table(cells: readonly SurfaceCell[]) {
    const { columns } = T;
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${T.title}>
        <table>
          <caption>
            ${text.chart.vertical.excess}
          </caption>
          <thead>
            <tr>
              <th scope="col" class="num">${columns.size}</th>
              <th scope="col" class="num">${columns.tokens}</th>
              <th scope="col" class="num">${columns.flops}</th>
              <th scope="col" class="num">${columns.excess}</th>
              <th scope="col" class="num">${columns.law}</th>
            </tr>
          </thead>
          <tbody>
            ${cells.map(
              ({ n, tokens, flops, excess, law }) => html`
                <tr>
                  <th scope="row" class="num">${count(n)}</th>
                  <td class="num">${compact(tokens)}</td>
                  <td class="num">${power(flops)}</td>
                  <td class="num">${nats(excess)}</td>
                  <td class="num">${nats(law)}</td>
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  readonly #onWalk = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) this._at = Number(event.target.value);
  };

  readonly #onPointer = (event: Event): void => {
    const { target } = event;
    const cell = target instanceof SVGElement ? target.dataset.cell : undefined;
    this._at = cell === undefined ? undefined : Number(cell);
  };

  readonly #leave = (): void => {
    this._at = undefined;
  };
}

/** As large as lets no two cells overlap. */
function cellSize(
  { cells }: Surface,
  model: Parameters<typeof placeX>[0] & Parameters<typeof placeY>[0],
  box: PlotBox,
  em: number,
): [number, number] {
  const gaps = (places: readonly number[]): number[] => {
    const sorted = [...new Set(places.map(Math.round))].sort((a, b) => a - b);
    return sorted.slice(1).map((place, i) => place - sorted[i]!);
  };
  const columns = [...new Set(cells.map(({ n }) => n))];
  const across = gaps(columns.map((n) => placeX(model, box, n)));
  const down = columns.flatMap((n) =>
    gaps(cells.filter((cell) => cell.n === n).map((cell) => placeY(model, box, cell.tokens))),
  );
  return [Math.min(em * 4.6, ...across) * 0.94, Math.min(em * 3, ...down) * 0.94];
}

customElements.define('loss-surface', LossSurface);

declare global {
  interface HTMLElementTagNameMap {
    'loss-surface': LossSurface;
  }
}
