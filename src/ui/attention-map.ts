/** Attention of one head on a text: who reads down the side, who is looked at along the top. Fires `change`; read `at`. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { CloserDocument } from '../protocol';
import { closerText } from '../text/closer';
import { habitOf, headOf, heeded } from './closer-model';
import { base, details, hidden, inlineStyle, table } from './styles';
import { attentionMap } from './attention-map-styles';

const T = closerText.attention;

/** Tokens that are named of those that are looked at. */
const NAMED = 5;
/** With more tokens on a side their names would cover each other. */
const MOST_NAMES = 40;

/** Shares are told apart best where they are small: opacity is their root. */
function opacity(share: number): number {
  return Math.sqrt(Math.min(1, Math.max(0, share)));
}

/** Paints `[T·T]` weights, one pixel each, in the canvas's own colour. */
function paint(canvas: HTMLCanvasElement, weights: Float32Array, seqLen: number): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  canvas.width = seqLen;
  canvas.height = seqLen;
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(canvas).color.match(/\d+/g) ?? []).map(Number);
  const image = context.createImageData(seqLen, seqLen);
  weights.forEach((share, i) => {
    image.data.set([red, green, blue, Math.round(255 * opacity(share))], 4 * i);
  });
  context.putImageData(image, 0, 0);
}

export class AttentionMap extends LitElement {
  static override properties = {
    document: { attribute: false },
    labels: { attribute: false },
    heads: { type: Number },
    lag: { type: Number },
    at: { attribute: false },
    _layer: { state: true },
    _head: { state: true },
    _key: { state: true },
    _open: { state: true },
  };

  declare document: CloserDocument | undefined;
  /** Its tokens in words. */
  declare labels: readonly string[];
  /** Heads of a layer. */
  declare heads: number;
  /** How far back the token lies that decides; 0 where nobody knows. */
  declare lag: number;
  /** The token that reads. */
  declare at: number;
  declare _layer: number;
  declare _head: number;
  /** The token that is looked at, if one is pointed at. */
  declare _key: number | undefined;
  declare _open: boolean;

  readonly #onTheme = (): void => {
    this.requestUpdate();
  };

  constructor() {
    super();
    this.document = undefined;
    this.labels = [];
    this.heads = 1;
    this.lag = 0;
    this.at = 0;
    this._layer = 0;
    this._head = 0;
    this._key = undefined;
    this._open = false;
  }

  static override styles = [base, details, hidden, table, attentionMap];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('lab-theme', this.#onTheme);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('lab-theme', this.#onTheme);
  }

  override updated(): void {
    const { document: read } = this;
    if (!read) return;
    const seqLen = read.tokens.length;
    for (const canvas of this.renderRoot.querySelectorAll('canvas')) {
      paint(canvas, headOf(read, Number(canvas.dataset.layer), Number(canvas.dataset.head)), seqLen);
    }
  }

  override render() {
    const { document: read, heads } = this;
    if (!read) return nothing;
    const layer = Math.min(this._layer, read.attention.length - 1);
    const head = Math.min(this._head, heads - 1);
    const weights = headOf(read, layer, head);
    if (!weights.every(Number.isFinite)) return html`<p class="note">${T.broken}</p>`;
    const seqLen = read.tokens.length;
    const at = Math.min(this.at, seqLen - 1);
    const key = this._key !== undefined && this._key < seqLen ? this._key : undefined;
    const name = T.head(layer, head, heads);
    const summary = this.#summary(weights, seqLen);
    return html`
      ${this.#picker(read, layer, head)}
      <div class="both">
        <div>${this.#map({ layer, head, at, key, weights, seqLen, label: T.image(name, summary) })}</div>
        <div class="says">
          <p>${summary}</p>
          <p class="pointed">${key === undefined ? this.#reads(at) : this.#pair(weights, seqLen, at, key)}</p>
          ${this.#list(weights, seqLen, at)}
          <div class="scale">
            ${T.scale}:
            ${T.levels.map(
              (level) =>
                html`<span
                  ><i .style=${inlineStyle(`--share: ${(100 * opacity(level)).toFixed(0)}%`)} aria-hidden="true"></i
                  >${T.percent(level)}</span
                >`,
            )}
          </div>
          <p class="note">${T.keys}</p>
        </div>
      </div>
      <details
        @toggle=${(event: Event) => {
          this._open = event.target instanceof HTMLDetailsElement && event.target.open;
        }}
      >
        <summary>${closerText.asTable}</summary>
        ${this._open ? this.#table(weights, seqLen, name) : nothing}
      </details>
    `;
  }

  #summary(weights: Float32Array, seqLen: number): string {
    const { distance, share, first } = habitOf(weights, seqLen);
    const rule = this.lag > 0 ? [T.tag(first), T.rule(this.lag)] : [];
    return [T.habit(distance, share), ...rule].join(' ');
  }

  #picker(read: CloserDocument, layer: number, head: number): TemplateResult | typeof nothing {
    if (read.attention.length * this.heads === 1) return nothing;
    const places = read.attention.flatMap((_layer, l) => Array.from({ length: this.heads }, (_, h) => [l, h] as const));
    return html`<fieldset>
      <legend class="hidden">${T.picker}</legend>
      ${places.map(
        ([l, h]) => html`
          <label>
            <input
              class="hidden"
              type="radio"
              name="head"
              .checked=${l === layer && h === head}
              @change=${() => {
                this._layer = l;
                this._head = h;
              }}
            /><canvas data-layer=${l} data-head=${h} aria-hidden="true"></canvas>${T.head(l, h, this.heads)}
          </label>
        `,
      )}
    </fieldset>`;
  }

  #map({
    layer,
    head,
    at,
    key,
    weights,
    seqLen,
    label,
  }: {
    layer: number;
    head: number;
    at: number;
    key: number | undefined;
    weights: Float32Array;
    seqLen: number;
    label: string;
  }): TemplateResult {
    const cell = 100 / seqLen;
    const names = (marked: number | undefined): TemplateResult[] =>
      this.labels.map((name, t) => {
        const shown = seqLen <= MOST_NAMES || t === marked;
        return html`<span class=${t === marked ? 'here' : ''}>${shown || name.length === 1 ? name : ''}</span>`;
      });
    const column =
      key === undefined
        ? nothing
        : html`<div
            class="band column"
            .style=${inlineStyle(`left: ${key * cell}%; width: ${cell}%; top: ${key * cell}%`)}
          ></div>`;
    return html`
      <div class="map" .style=${inlineStyle(`--count: ${seqLen}; --side: ${cell}%`)}>
        <div class="names top" aria-hidden="true">${names(key)}</div>
        <div class="names side" aria-hidden="true">${names(at)}</div>
        <div class="plot" @pointermove=${this.#onPointer} @pointerdown=${this.#onPointer} @pointerleave=${this.#leave}>
          <canvas role="img" aria-label=${label} data-layer=${layer} data-head=${head}></canvas>
          <div class="future" aria-hidden="true">${T.future}</div>
          <div
            class="band row"
            .style=${inlineStyle(`top: ${at * cell}%; height: ${cell}%; width: ${(at + 1) * cell}%`)}
          ></div>
          ${column}
        </div>
      </div>
      ${this.#slider(T.walkRow, at, seqLen - 1, this.#reads(at), (value) => {
        this.#take(value);
      })}
      ${this.#slider(T.walkColumn, Math.min(key ?? at, at), at, this.#pair(weights, seqLen, at, key ?? at), (value) => {
        this._key = value;
      })}
    `;
  }

  #slider(label: string, value: number, most: number, says: string, take: (value: number) => void): TemplateResult {
    return html`<input
      class="hidden"
      type="range"
      min="0"
      max=${most}
      .value=${String(value)}
      aria-label=${label}
      aria-valuetext=${says}
      @input=${(event: Event) => {
        take(Number((event.target as HTMLInputElement).value));
      }}
    />`;
  }

  #reads(at: number): string {
    return T.reads(this.labels[at] ?? '', closerText.place(at));
  }

  #pair(weights: Float32Array, seqLen: number, at: number, key: number): string {
    const [reader = '', token = ''] = [this.labels[at], this.labels[key]];
    if (key > at) return T.later(reader, token);
    const share = weights[at * seqLen + key] ?? 0;
    return T.looks(reader, closerText.place(at), token, closerText.place(key), share, 1 / (at + 1));
  }

  #list(weights: Float32Array, seqLen: number, at: number): TemplateResult {
    const { top, rest, restShare } = heeded(weights, seqLen, at, NAMED);
    return html`<ol>
        ${top.map(
          ({ token, share }) => html`
            <li>
              <b>${this.labels[token]}</b>
              <i
                ><span .style=${inlineStyle(`width: ${(100 * share).toFixed(1)}%`)}></span
                ><em>${T.back(at - token)}</em></i
              >
              <span class="num">${T.percent(share)}</span>
            </li>
          `,
        )}
      </ol>
      <p class="note">${rest > 0 ? T.rest(rest, restShare) : nothing}</p>`;
  }

  #table(weights: Float32Array, seqLen: number, name: string): TemplateResult {
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${T.caption(name)}>
        <table>
          <caption>
            ${T.caption(name)}
          </caption>
          <thead>
            <tr>
              <td></td>
              ${this.labels.map((label, t) => html`<th scope="col" class="num">${t + 1} ${label}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${this.labels.map(
              (label, t) => html`
                <tr>
                  <th scope="row">${t + 1} ${label}</th>
                  ${this.labels.map(
                    (_label, other) =>
                      html`<td class="num">${other > t ? '' : T.percent(weights[t * seqLen + other] ?? 0)}</td>`,
                  )}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  #take(at: number): void {
    if (at === this.at) return;
    this.at = at;
    if (this._key !== undefined) this._key = Math.min(this._key, at);
    this.dispatchEvent(new Event('change'));
  }

  readonly #onPointer = (event: PointerEvent): void => {
    const plot = event.currentTarget as HTMLElement;
    const seqLen = this.document?.tokens.length ?? 0;
    const { left, top, width, height } = plot.getBoundingClientRect();
    const place = (part: number): number => Math.min(seqLen - 1, Math.max(0, Math.floor(part * seqLen)));
    this.#take(place((event.clientY - top) / height));
    this._key = place((event.clientX - left) / width);
  };

  readonly #leave = (): void => {
    this._key = undefined;
  };
}

customElements.define('attention-map', AttentionMap);

declare global {
  interface HTMLElementTagNameMap {
    'attention-map': AttentionMap;
  }
}
