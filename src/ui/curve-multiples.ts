/** Small multiples: the learning curve of every arm on one canvas, with shared axes and the table behind them. */
import { css, html, LitElement, nothing } from 'lit';
import type { Experiment } from '../experiments/experiment';
import { lawChartsText } from '../text/law-charts';
import { nats } from '../text/numbers';
import { text } from '../text/text';
import type { Curves } from './curves';
import { FollowCurves } from './follow-curves';
import { columnsFor, multiplesModel, unitOf, type Multiples, type Tile } from './multiples-model';
import { gridOf, gridWithin, heightOf, paintMultiples, plotOf, type Grid } from './multiples-pen';
import { PacedRedraw } from './paced-redraw';
import { readPalette, type Palette } from './palette';
import { share, valueAt } from './plot-model';
import { PointEvent } from './point-event';
import './segmented-choice';
import type { Choice, SegmentedChoice } from './segmented-choice';
import { INITIAL_STATE, type LabState } from './store';
import { base, details, hidden, table } from './styles';
import { ViewEvent } from './view-event';

const T = lawChartsText.multiples;

/** A tile is at least so many times as wide as its letters are high. */
const LEAST_WIDTH = 9.4;
/** Pixels that are kept while there is nothing to draw. */
const LEAST_HEIGHT = 120;
/** Of a tile's letters, where all tiles have to fit on a wall. */
const SMALLER = 0.8;
/** Pixels for each place on a tile's curve. */
const PIXELS = 2;

const UNITS: Choice[] = (['flops', 'tokens'] as const).map((value) => ({
  value,
  label: text.chart.horizontal[value].button,
}));

export class CurveMultiples extends LitElement {
  static override properties = {
    experiment: { attribute: false },
    state: { attribute: false },
    curves: { attribute: false },
    _open: { state: true },
    _walked: { state: true },
  };

  declare experiment: Experiment | undefined;
  declare state: LabState;
  declare curves: Curves | undefined;
  declare _open: boolean;
  /** What is said of the run that the keyboard is at. */
  declare _walked: string;

  #drawn: { multiples: Multiples; grid: Grid } | undefined;
  #palette: Palette | undefined;
  readonly #redraw = new PacedRedraw(() => {
    this.#draw();
  });
  readonly #resize = new ResizeObserver(() => {
    this.#redraw.atOnce();
  });
  readonly #onTheme = (): void => {
    this.#palette = undefined;
    this.#redraw.atOnce();
  };
  readonly #forced = matchMedia('(forced-colors: active)');

  constructor() {
    super();
    this.experiment = undefined;
    this.state = INITIAL_STATE;
    this.curves = undefined;
    this._open = false;
    this._walked = '';
    new FollowCurves(this, () => {
      this.#redraw.schedule();
    });
  }

  static override styles = [
    base,
    details,
    hidden,
    table,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 10px;
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
      .holder {
        position: relative;
        min-height: 120px;
      }
      canvas {
        display: block;
      }
      :host(:focus-within) .holder:has(+ .hidden:focus-visible) {
        outline: 2px solid var(--focus);
        outline-offset: 4px;
        border-radius: 6px;
      }
      :host([theme='projector']) :is(.note, details, segmented-choice) {
        display: none;
      }
      @media (min-width: 1001px) {
        /* On a wall it is as tall as the chart beside it. */
        :host([theme='projector']) .holder {
          flex: 1;
          min-height: 190px;
        }
        :host([theme='projector']) canvas {
          position: absolute;
          inset: 0;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('lab-theme', this.#onTheme);
    this.#forced.addEventListener('change', this.#onTheme);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
    document.removeEventListener('lab-theme', this.#onTheme);
    this.#forced.removeEventListener('change', this.#onTheme);
    this.#redraw.cancel();
  }

  override updated(): void {
    const holder = this.renderRoot.querySelector('.holder');
    if (holder) this.#resize.observe(holder);
  }

  override render() {
    const { experiment, state } = this;
    if (!experiment) return null;
    const { vertical } = state.view;
    const multiples = this.#model(1);
    const runs = this.#keys(multiples.tiles);
    const at = runs.findIndex(({ key }) => key === state.pointed);
    const done = multiples.tiles.filter((tile) => tile.state === 'done').length;
    const summary = multiples.tiles.length === 0 ? T.nothing : T.summary(done, multiples.tiles.length);
    return html`
      <div class="bar">
        <h2>${T.title[vertical]}</h2>
        <segmented-choice
          .label=${text.chart.controls.horizontal}
          .choices=${UNITS}
          .value=${unitOf(state.view)}
          @change=${(event: Event) => {
            const horizontal = (event.target as SegmentedChoice).value === 'tokens' ? 'tokens' : 'flops';
            this.dispatchEvent(new ViewEvent({ horizontal }));
          }}
        ></segmented-choice>
      </div>
      <div class="holder" @pointermove=${this.#onPointer} @pointerdown=${this.#onPointer} @pointerleave=${this.#leave}>
        <canvas role="img" aria-label="${T.title[vertical]}. ${summary}"></canvas>
      </div>
      <input
        class="hidden"
        type="range"
        min="0"
        max=${Math.max(0, runs.length - 1)}
        .value=${String(Math.max(0, at))}
        ?hidden=${runs.length === 0}
        aria-label=${T.walk}
        aria-valuetext=${this._walked === '' ? summary : this._walked}
        @focus=${this.#onWalk}
        @input=${this.#onWalk}
        @blur=${this.#leave}
      />
      <p class="note">
        ${multiples.tiles.length === 0 ? T.nothing : T.note(text.chart.horizontal[unitOf(state.view)].axis)}
      </p>
      <details
        @toggle=${(event: Event) => {
          this._open = event.target instanceof HTMLDetailsElement && event.target.open;
        }}
      >
        <summary>${text.chart.table}</summary>
        ${this._open ? this.#table() : nothing}
      </details>
    `;
  }

  #model(points: number): Multiples {
    const { experiment, state, curves } = this;
    if (!experiment) return { tiles: [], x: { min: 0, max: 1, log: false }, y: { min: 0, max: 1, log: false } };
    return multiplesModel(experiment, state, curves, points);
  }

  #keys(tiles: readonly Tile[]): { key: string; says: string }[] {
    return tiles.flatMap(({ arm, seeds }) =>
      seeds.map(({ key, seed, y }) => ({
        key,
        says: `${lawChartsText.chart.read(arm, seed)}: ${nats(y.findLast((value) => value !== undefined))}`,
      })),
    );
  }

  #draw(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    const holder = this.renderRoot.querySelector<HTMLElement>('.holder');
    const context = canvas?.getContext('2d');
    const width = holder?.clientWidth ?? 0;
    if (!canvas || !context || width === 0) return;
    const palette = { ...(this.#palette ??= readPalette(this)) };
    const { tiles } = this.#model(1);
    const fixed = getComputedStyle(canvas).position === 'absolute';
    if (fixed) palette.fontSize *= SMALLER;
    const em = palette.fontSize;
    const columns = columnsFor(tiles, width - em * 3, em * LEAST_WIDTH);
    const grid = fixed
      ? gridWithin(tiles.length, width, holder?.clientHeight ?? 0, em)
      : gridOf(tiles.length, columns, width, em);
    const height = fixed ? (holder?.clientHeight ?? 0) : tiles.length === 0 ? LEAST_HEIGHT : heightOf(grid, em);
    const multiples = this.#model(Math.max(8, Math.floor(grid.width / PIXELS)));
    const ratio = window.devicePixelRatio || 1;
    const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== pixelWidth || canvas.height !== pixelHeight) {
      canvas.width = pixelWidth;
      canvas.height = pixelHeight;
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    paintMultiples({ context, palette, multiples, grid, pointed: this.state.pointed, unit: unitOf(this.state.view) });
    this.#drawn = { multiples, grid };
  }

  readonly #onPointer = (event: PointerEvent): void => {
    const drawn = this.#drawn;
    const holder = event.currentTarget as HTMLElement;
    if (!drawn) return;
    const { left, top } = holder.getBoundingClientRect();
    this.#point(this.#seedAt(drawn, event.clientX - left, event.clientY - top));
  };

  /** The seed whose curve is nearest, above or below, in the tile at this place. */
  #seedAt({ multiples, grid }: { multiples: Multiples; grid: Grid }, x: number, y: number): string | undefined {
    const index = multiples.tiles.findIndex((_tile, i) => {
      const box = plotOf(grid, i);
      return x >= box.left && x <= box.left + box.width && y >= box.top - grid.head && y <= box.top + box.height;
    });
    const tile = multiples.tiles[index];
    if (!tile || tile.x.length === 0) return undefined;
    const box = plotOf(grid, index);
    const value = valueAt(multiples.x, (x - box.left) / box.width);
    const beyond = tile.x.findIndex((each) => each >= value);
    const place = beyond < 0 ? tile.x.length - 1 : beyond;
    const height = (each: number): number => box.top + (1 - share(multiples.y, each)) * box.height;
    let best: string | undefined;
    let least = Infinity;
    for (const seed of tile.seeds) {
      const at = seed.y[place];
      const distance = at === undefined ? Infinity : Math.abs(height(at) - y);
      if (distance >= least) continue;
      least = distance;
      best = seed.key;
    }
    return best;
  }

  readonly #onWalk = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement)) return;
    const run = this.#keys(this.#model(8).tiles)[Number(event.target.value)];
    this._walked = run?.says ?? '';
    this.#point(run?.key);
  };

  readonly #leave = (): void => {
    this._walked = '';
    this.#point(undefined);
  };

  #point(key: string | undefined): void {
    if (key !== this.state.pointed) this.dispatchEvent(new PointEvent(key));
  }

  #table() {
    const { columns } = T;
    const { tiles } = this.#model(ROWS);
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${text.chart.table}>
        <table>
          <caption>
            ${text.chart.vertical[this.state.view.vertical]}
          </caption>
          <thead>
            <tr>
              <th scope="col">${columns.arm}</th>
              <th scope="col">${columns.state}</th>
              <th scope="col" class="num">${columns.first}</th>
              <th scope="col" class="num">${columns.half}</th>
              <th scope="col" class="num">${columns.last}</th>
            </tr>
          </thead>
          <tbody>
            ${tiles.map(
              ({ arm, state, mean }) => html`
                <tr>
                  <th scope="row">${arm}</th>
                  <td>${T.states[state]}</td>
                  <td class="num">${nats(mean[0], 2)}</td>
                  <td class="num">${nats(mean[Math.floor(mean.length / 2)], 2)}</td>
                  <td class="num">${nats(mean.at(-1), 2)}</td>
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    `;
  }
}

/** Places on each curve for its table. */
const ROWS = 12;

customElements.define('curve-multiples', CurveMultiples);

declare global {
  interface HTMLElementTagNameMap {
    'curve-multiples': CurveMultiples;
  }
}
