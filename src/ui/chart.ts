/**
 * A chart on a canvas: lines with bands, dots with error bars, reference lines, labels at the lines' ends. The only
 * file that knows uPlot. It draws a `ChartModel` and knows nothing of what the numbers mean.
 *
 * Data come in through `show`, a plain method: points of a running training never pass through reactive
 * properties. A native range input lies under the chart, so that the arrow keys move the cursor and a screen
 * reader hears the values at it.
 */
import { css, html, LitElement, unsafeCSS, type PropertyValues } from 'lit';
import UPlot from 'uplot';
import uplotStyles from 'uplot/dist/uPlot.min.css?inline';
import type { ChartModel, Line } from './chart-model';
import { drawAnnotations } from './chart-annotations';
import { labelRoom } from './chart-labels';
import { PacedRedraw } from './paced-redraw';
import { readPalette, type Palette } from './palette';
import { hidden, inlineStyle } from './styles';

/** x values and, for every line, mean, low and high, on one ascending grid as uPlot wants it. */
function align(lines: readonly Line[]): UPlot.AlignedData {
  if (lines.length === 0) return [[]];
  const tables = lines.map((line): UPlot.AlignedData => [line.x, line.y, line.low, line.high]);
  return UPlot.join(tables);
}

/** What decides uPlot's options; when it changes the plot is made anew. */
function structure(model: ChartModel): string {
  return JSON.stringify([
    model.lines.map((line) => [line.style, line.dashed]),
    model.x.log,
    model.y.log,
    model.x.label,
    model.y.label,
    model.room,
  ]);
}

/** An axis's words, without what is in brackets where there is no room, or none. uPlot has set their font. */
function fitting({ ctx, bbox }: uPlot, which: 'x' | 'y', words: string): string {
  const [begin, length, whole] =
    which === 'x' ? [bbox.left, bbox.width, ctx.canvas.width] : [bbox.top, bbox.height, ctx.canvas.height];
  const middle = begin + length / 2;
  const room = 2 * Math.min(middle, whole - middle);
  return [words, words.replace(/ \(.*\)$/, '')].find((each) => ctx.measureText(each).width <= room) ?? '';
}

export class LabChart extends LitElement {
  static override properties = {
    label: { type: String },
    summary: { type: String },
    _readout: { state: true },
    _cursor: { state: true },
  };

  /** Name of the chart. */
  declare label: string;
  /** What the chart shows, in a sentence, for those who cannot see it. */
  declare summary: string;
  declare _readout:
    { left: number; top: number; title: string; rows: { name: string; value: string; style: number }[] } | undefined;
  declare _cursor: number;

  #build: ((width: number, height: number) => ChartModel) | undefined;
  #model: ChartModel | undefined;
  #plot: UPlot | undefined;
  #palette: Palette | undefined;
  #structure = '';
  readonly #redraw = new PacedRedraw(() => {
    this.#draw();
  });
  readonly #resize = new ResizeObserver(() => {
    // A chart of the old width would make the page wider than its window.
    this.#redraw.atOnce();
  });
  readonly #onThemeChange = (): void => {
    this.#palette = undefined;
    this.#structure = '';
    this.#schedule();
  };
  readonly #forced = matchMedia('(forced-colors: active)');

  constructor() {
    super();
    this.label = '';
    this.summary = '';
    this._cursor = 0;
  }

  static override styles = [
    unsafeCSS(uplotStyles),
    hidden,
    css`
      :host {
        display: block;
        position: relative;
        min-height: 200px;
      }
      .plot {
        position: absolute;
        inset: 0;
      }
      .u-over {
        cursor: crosshair;
      }
      .u-cursor-x {
        border-color: var(--faint);
      }
      :host(:focus-within) .plot {
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
        padding: 8px 10px;
        font-size: var(--t-label);
        box-shadow: 0 4px 16px #0002;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      .readout p {
        margin: 0 0 4px;
        color: var(--soft);
      }
      .readout dl {
        display: grid;
        grid-template-columns: auto auto;
        gap: 2px 12px;
        margin: 0;
      }
      .readout dt {
        font-weight: 650;
      }
      .readout dd {
        margin: 0;
        text-align: end;
      }
    `,
  ];

  /** Draws, at the next frame, what `build` then returns for the size that the chart then has. */
  show(build: (width: number, height: number) => ChartModel): void {
    this.#build = build;
    this.#schedule();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resize.observe(this);
    document.addEventListener('lab-theme', this.#onThemeChange);
    this.#forced.addEventListener('change', this.#onThemeChange);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
    document.removeEventListener('lab-theme', this.#onThemeChange);
    this.#forced.removeEventListener('change', this.#onThemeChange);
    this.#redraw.cancel();
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#structure = '';
  }

  override render() {
    const last = Math.max(0, (this.#plot?.data[0].length ?? 1) - 1);
    return html`
      <div class="plot" role="img" aria-label="${this.label}. ${this.summary}"></div>
      <input
        class="hidden"
        type="range"
        min="0"
        max=${last}
        .value=${String(this._cursor)}
        ?hidden=${last === 0}
        aria-label=${this.label}
        aria-valuetext=${this.#spoken()}
        @input=${this.#onRange}
        @blur=${() => {
          this.#plot?.setCursor({ left: -10, top: -10 });
        }}
      />
      ${
        this._readout
          ? html`<div
              class="readout"
              aria-hidden="true"
              .style=${inlineStyle(`left: ${this._readout.left}px; top: ${this._readout.top}px`)}
            >
              <p>${this._readout.title}</p>
              <dl>
                ${this._readout.rows.map(
                  (row) =>
                    html`<dt .style=${inlineStyle(`color: var(--series-${row.style})`)}>${row.name}</dt>
                      <dd>${row.value}</dd>`,
                )}
              </dl>
            </div>`
          : null
      }
    `;
  }

  override updated(_changed: PropertyValues): void {
    if (!this.#plot) this.#schedule();
  }

  #schedule(): void {
    if (this.isConnected) this.#redraw.schedule();
  }

  #draw(): void {
    const holder = this.renderRoot.querySelector<HTMLElement>('.plot');
    const width = this.clientWidth;
    const height = this.clientHeight;
    if (!this.#build || !holder || width === 0 || height === 0) return;
    const model = this.#build(width, height);
    this.#model = model;
    this.#palette ??= readPalette(this);
    const data = align(model.lines);
    const shape = structure(model);
    if (!this.#plot || shape !== this.#structure) {
      this.#plot?.destroy();
      this.#structure = shape;
      this.#plot = new UPlot(this.#options(model, this.#palette, width, height), data, holder);
      this.requestUpdate();
      return;
    }
    const plot = this.#plot;
    if (plot.width !== width || plot.height !== height) plot.setSize({ width, height });
    const grew = plot.data[0].length !== data[0].length;
    plot.batch(() => {
      plot.setData(data, false);
      plot.setScale('x', { min: model.x.min, max: model.x.max });
      plot.setScale('y', { min: model.y.min, max: model.y.max });
    });
    if (grew) this.requestUpdate();
  }

  #options(model: ChartModel, palette: Palette, width: number, height: number): UPlot.Options {
    const font = `${palette.fontSize}px ${palette.fontFamily}`;
    const current = (): ChartModel => this.#model ?? model;
    const em = palette.fontSize;
    const axis = (which: 'x' | 'y'): UPlot.Axis => ({
      scale: which,
      side: which === 'x' ? 2 : 3,
      stroke: palette.soft,
      font,
      labelFont: font,
      label: (plot) => fitting(plot, which, model[which].label),
      labelSize: em * 2,
      labelGap: em * 0.3,
      size: which === 'x' ? em * 2.1 : em * 3.4,
      gap: em * 0.5,
      space: 1,
      splits: () => current()[which].ticks,
      values: (_plot, splits) => splits.map((value) => current()[which].format(value)),
      filter: (_plot, splits) => splits,
      grid: { show: which === 'y', stroke: palette.grid, width: 1 },
      ticks: { show: which === 'x', stroke: palette.line, width: 1, size: 4 },
      border: { show: which === 'x', stroke: palette.line, width: 1 },
    });
    const scale = (which: 'x' | 'y'): UPlot.Scale => ({
      time: false,
      auto: false,
      distr: model[which].log ? 3 : 1,
      range: () => [current()[which].min, current()[which].max],
    });
    const series: UPlot.Series[] = [{}];
    const bands: UPlot.Band[] = [];
    model.lines.forEach((line, index) => {
      const edge: UPlot.Series = { stroke: 'transparent', width: 0, spanGaps: true, points: { show: false } };
      series.push(
        {
          stroke: palette.series[line.style] ?? palette.ink,
          width: palette.stroke * (line.faint ? 0.5 : 1),
          dash: line.dashed ? (palette.dashes[line.style] ?? []).map((part) => part * palette.stroke) : [],
          spanGaps: true,
          points: { show: false },
        },
        edge,
        { ...edge },
      );
      bands.push({ series: [index * 3 + 3, index * 3 + 2], fill: palette.washes[line.style] ?? palette.grid, dir: -1 });
    });
    return {
      width,
      height,
      padding: [em, () => labelRoom(current(), palette, this.clientWidth), 0, 0],
      series,
      bands,
      scales: { x: scale('x'), y: scale('y') },
      axes: [axis('x'), axis('y')],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: { show: false },
        // Beyond a line's end it has no value to tell.
        hover: { skip: [null, undefined], prox: 30 },
      },
      hooks: {
        draw: [
          (plot) => {
            drawAnnotations(plot, current(), palette);
          },
        ],
        setCursor: [
          (plot) => {
            this.#point(plot);
          },
        ],
      },
    };
  }

  #onRange(event: Event): void {
    const plot = this.#plot;
    if (!plot || !(event.target instanceof HTMLInputElement)) return;
    const x = plot.data[0][Number(event.target.value)];
    if (x === undefined) return;
    plot.setCursor({ left: plot.valToPos(x, 'x'), top: plot.over.clientHeight / 3 });
  }

  #spoken(): string {
    const readout = this._readout;
    return readout
      ? `${readout.title}: ${readout.rows.map((row) => `${row.name} ${row.value}`).join(', ')}`
      : this.summary;
  }

  /** Values of every line at the cursor. */
  #point(plot: UPlot): void {
    const model = this.#model;
    const index = plot.cursor.idx;
    const left = plot.cursor.left ?? -1;
    const x = index === null || index === undefined ? undefined : plot.data[0][index];
    if (!model || left < 0 || x === undefined || index === null || index === undefined) {
      if (this._readout) this._readout = undefined;
      return;
    }
    const rows = model.lines.flatMap((line, i) => {
      if (line.faint) return [];
      const at = plot.cursor.idxs?.[i * 3 + 1];
      const value = at === null || at === undefined ? undefined : plot.data[i * 3 + 1]?.[at];
      return typeof value === 'number' ? [{ name: line.name, value: model.y.exact(value), style: line.style }] : [];
    });
    if (rows.length === 0) {
      this._readout = undefined;
      return;
    }
    const plotLeft = plot.over.offsetLeft;
    const toTheRight = left < plot.over.clientWidth * 0.6;
    this._cursor = index;
    this._readout = {
      left: toTheRight ? plotLeft + left + 14 : Math.max(0, plotLeft + left - 190),
      top: plot.over.offsetTop + 8,
      title: model.x.exact(x),
      rows,
    };
  }
}

customElements.define('lab-chart', LabChart);

declare global {
  interface HTMLElementTagNameMap {
    'lab-chart': LabChart;
  }
}
