/**
 * One plot of a law, as large as the room that it is given. Runs are pointed at with the pointer or, through a native
 * range input, with the arrow keys; where a bet is open, its marker is dragged, or moved by a range input of its own.
 */
import { css, html, LitElement, nothing, svg } from 'lit';
import { lawChartsText } from '../text/law-charts';
import { BetEvent } from './bet-event';
import { nearestRun, placeX, placeY, share, valueAt, type PlotBox, type PlotModel } from './plot-model';
import { boxOf, dodge, plotStyles, plotSvg, type PlotSize } from './plot-svg';
import { PointEvent } from './point-event';
import { base, hidden, inlineStyle } from './styles';

const T = lawChartsText;

/** Pixels within which a run is pointed at. */
const REACH = 28;
/** Steps of the bet's range input over the vertical axis. */
const BET_STEPS = 200;
/** Where an unplaced bet waits, as a share of the axis. */
const UNPLACED = 0.42;

/** The reader's guess of where a run will end. */
export interface OpenBet {
  arm: string;
  x: number;
  /** On the vertical axis; undefined until it is placed. */
  y: number | undefined;
  /** What the vertical axis has more than the bet. */
  offset: number;
  /** It can still be changed. */
  open: boolean;
}

export interface RunWords {
  title: string;
  value: string;
  detail: string;
}

export class LawPlot extends LitElement {
  static override properties = {
    build: { attribute: false },
    words: { attribute: false },
    pointed: { attribute: false },
    bet: { attribute: false },
    label: { type: String },
    summary: { type: String },
    _size: { state: true },
    _at: { state: true },
  };

  declare build: ((width: number, height: number) => PlotModel) | undefined;
  /** What is said of a run, by its place in the model. */
  declare words: ((index: number) => RunWords | undefined) | undefined;
  declare pointed: string | undefined;
  declare bet: OpenBet | undefined;
  declare label: string;
  declare summary: string;
  declare _size: PlotSize | undefined;
  /** The run that this plot tells of. */
  declare _at: number | undefined;

  #model: PlotModel | undefined;
  #box: PlotBox | undefined;
  readonly #resize = new ResizeObserver(() => {
    this.#measure();
  });
  readonly #onTheme = (): void => {
    this.#measure();
  };

  constructor() {
    super();
    this.build = undefined;
    this.words = undefined;
    this.pointed = undefined;
    this.bet = undefined;
    this.label = '';
    this.summary = '';
    this._size = undefined;
    this._at = undefined;
  }

  static override styles = [
    base,
    hidden,
    plotStyles,
    css`
      :host {
        display: block;
        position: relative;
        min-width: 0;
        font-size: var(--t-chart);
      }
      .plot {
        position: absolute;
        inset: 0;
      }
      .runs:focus-visible ~ .plot {
        outline: 2px solid var(--focus);
        outline-offset: 4px;
        border-radius: 6px;
      }
      .readout {
        position: absolute;
        z-index: 2;
        pointer-events: none;
        background: var(--card);
        border: 1px solid var(--line);
        border-radius: 10px;
        padding: 7px 10px;
        font-size: var(--t-label);
        line-height: 1.35;
        box-shadow: 0 4px 16px #0002;
        width: max-content;
        max-width: min(19em, 80%);
      }
      .readout p {
        margin: 0;
      }
      .readout p:first-child {
        font-weight: 650;
      }
      .readout p:last-child {
        color: var(--soft);
      }
      .bet {
        cursor: ns-resize;
        touch-action: none;
      }
      .bet path,
      .bet line {
        stroke: var(--good);
        stroke-width: calc(var(--stroke) * 0.9px);
        fill: var(--card);
      }
      .bet.placed path {
        fill: var(--good);
      }
      .bet text {
        fill: var(--good);
        font-weight: 650;
      }
      .bet rect {
        fill: transparent;
      }
      .bet.closed {
        cursor: default;
        pointer-events: none;
      }
      input:focus-visible ~ .plot .bet path {
        stroke: var(--focus);
        stroke-width: calc(var(--stroke) * 1.6px);
      }
      @media (forced-colors: active) {
        .bet path,
        .bet line {
          stroke: Highlight;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resize.observe(this);
    document.addEventListener('lab-theme', this.#onTheme);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
    document.removeEventListener('lab-theme', this.#onTheme);
  }

  #measure(): void {
    const { clientWidth: width, clientHeight: height } = this;
    const em = Number.parseFloat(getComputedStyle(this).fontSize);
    const { _size: before } = this;
    if (width === 0 || height === 0 || (before?.width === width && before.height === height && before.em === em))
      return;
    this._size = { width, height, em };
  }

  override render() {
    const { build, _size: size } = this;
    if (!build || !size) return html`<div class="plot" role="img" aria-label="${this.label}. ${this.summary}"></div>`;
    const model = build(size.width, size.height);
    const box = boxOf(model, size);
    this.#model = model;
    this.#box = box;
    const said = this._at === undefined ? undefined : this.words?.(this._at);
    const at = this._at === undefined ? undefined : model.runs[this._at];
    return html`
      <input
        class="hidden runs"
        type="range"
        min="0"
        max=${Math.max(0, model.runs.length - 1)}
        .value=${String(this.#rank(this._at))}
        ?hidden=${model.runs.length === 0}
        aria-label=${T.chart.walk(this.label)}
        aria-valuetext=${said ? `${said.title}: ${said.value}. ${said.detail}` : this.summary}
        @focus=${this.#onWalk}
        @input=${this.#onWalk}
        @blur=${this.#leave}
      />
      ${this.#betInput(model)}
      <div class="plot" @pointermove=${this.#onPointer} @pointerdown=${this.#onPointer} @pointerleave=${this.#leave}>
        <svg role="img" aria-label="${this.label}. ${this.summary}" viewBox="0 0 ${size.width} ${size.height}">
          ${plotSvg(model, box, size, this.pointed)} ${this.#betMarker(model, box, size.em)}
        </svg>
      </div>
      ${said && at ? this.#readout(said, placeX(model, box, at.x) + dodge(at.style, size.em), placeY(model, box, at.y), size) : nothing}
    `;
  }

  #readout({ title, value, detail }: RunWords, x: number, y: number, { width, height }: PlotSize) {
    const side = x < width * 0.55 ? `left: ${x + 14}px` : `right: ${width - x + 14}px`;
    const end = y < height * 0.5 ? `top: ${y + 10}px` : `bottom: ${height - y + 10}px`;
    return html`<div class="readout" aria-hidden="true" .style=${inlineStyle(`${side}; ${end}`)}>
      <p>${title}</p>
      <p>${value}</p>
      <p>${detail}</p>
    </div>`;
  }

  /** Runs from left to right, and above one another from low to high. */
  #order(): number[] {
    const { runs = [] } = this.#model ?? {};
    return runs.map((_run, i) => i).sort((a, b) => runs[a]!.x - runs[b]!.x || runs[a]!.y - runs[b]!.y);
  }

  #rank(index: number | undefined): number {
    return index === undefined ? 0 : Math.max(0, this.#order().indexOf(index));
  }

  readonly #onWalk = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) this.#pointAt(this.#order()[Number(event.target.value)]);
  };

  readonly #onPointer = (event: PointerEvent): void => {
    const [model, box, size] = [this.#model, this.#box, this._size];
    if (!model || !box || !size) return;
    const { left, top } = this.getBoundingClientRect();
    this.#pointAt(
      nearestRun(model, box, event.clientX - left, event.clientY - top, REACH, (style) => dodge(style, size.em)),
    );
  };

  readonly #leave = (): void => {
    this.#pointAt(undefined);
  };

  #pointAt(index: number | undefined): void {
    if (index === this._at) return;
    this._at = index;
    const key = index === undefined ? undefined : this.#model?.runs[index]?.key;
    if (key !== this.pointed) this.dispatchEvent(new PointEvent(key));
  }

  /** Share of the vertical axis at which the bet lies. */
  #betShare(model: PlotModel): number {
    const { y } = this.bet ?? {};
    return y === undefined ? UNPLACED : Math.min(1, Math.max(0, share(model.y, y)));
  }

  #betInput(model: PlotModel) {
    const { bet } = this;
    if (!bet?.open) return nothing;
    const value = (bet.y ?? valueAt(model.y, UNPLACED)) - bet.offset;
    return html`<input
      class="hidden guess"
      type="range"
      min="0"
      max=${BET_STEPS}
      .value=${String(Math.round(this.#betShare(model) * BET_STEPS))}
      aria-label=${T.bet.label(bet.arm)}
      aria-valuetext=${bet.y === undefined ? T.bet.drag : T.bet.spoken(value)}
      @input=${(event: Event) => {
        if (event.target instanceof HTMLInputElement) this.#place(Number(event.target.value) / BET_STEPS);
      }}
    />`;
  }

  #place(part: number): void {
    const [model, { bet }] = [this.#model, this];
    if (!model || !bet?.open) return;
    this.dispatchEvent(new BetEvent(valueAt(model.y, Math.min(0.98, Math.max(0.02, part))) - bet.offset));
  }

  #betMarker(model: PlotModel, box: PlotBox, em: number) {
    const { bet } = this;
    if (!bet || (!bet.open && bet.y === undefined)) return nothing;
    // Once it cannot be moved any more it makes room for what is measured.
    const x = placeX(model, box, bet.x) - (bet.open ? 0 : em * 1.7);
    const y = box.top + (1 - this.#betShare(model)) * box.height;
    const words = bet.y === undefined ? T.bet.drag : T.bet.yours(bet.y);
    const r = em * (bet.open ? 0.75 : 0.5);
    // The words stand on the side that has room.
    const left = x - box.left > em * 13;
    const state = `${bet.open ? '' : 'closed'} ${bet.y === undefined ? '' : 'placed'}`;
    return svg`<g
        class="bet ${state}"
        @pointerdown=${(event: PointerEvent) => {
          (event.currentTarget as Element).setPointerCapture(event.pointerId);
          event.stopPropagation();
          this.renderRoot.querySelector<HTMLElement>('.guess')?.focus();
          event.preventDefault();
        }}
        @pointermove=${(event: PointerEvent) => {
          if (!(event.currentTarget as Element).hasPointerCapture(event.pointerId)) return;
          event.stopPropagation();
          this.#place(1 - (event.clientY - this.getBoundingClientRect().top - box.top) / box.height);
        }}
      >
        ${bet.open ? svg`<line x1=${x} x2=${x} y1=${y - r * 2.6} y2=${y + r * 2.6} stroke-dasharray="2 4" />` : nothing}
        <path d="M${x - r} ${y}l${r} ${-r}l${r} ${r}l${-r} ${r}z" />
        <text class="halo" x=${left ? x - em * 1.3 : x + em * 1.3} y=${y} dy=".33em" text-anchor=${left ? 'end' : 'start'}
          >${words}</text>
        <rect x=${x - 24} y=${y - 24} width="48" height="48" />
      </g>`;
  }
}

customElements.define('law-plot', LawPlot);

declare global {
  interface HTMLElementTagNameMap {
    'law-plot': LawPlot;
  }
}
