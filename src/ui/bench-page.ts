/** The benchmark's page: one button, the ceilings, and every figure as a share of them. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { BENCH_PARTS, type BenchOptions, type BenchResult } from '../bench-result';
import { benchText as text } from '../text/bench';
import { benchSections, ceilingTiles, type Cell, type Section } from './bench-model';
import { download } from './download';
import { emphasised } from './emphasis';
import './segmented-choice';
import type { SegmentedChoice } from './segmented-choice';
import { base, button, card, details, inlineStyle, shareBar, table } from './styles';

/** Measures, and says on the way what. */
export type Measure = (options: BenchOptions, onProgress: (what: string) => void) => Promise<BenchResult>;

export class BenchPage extends LitElement {
  static override properties = {
    measure: { attribute: false },
    _full: { state: true },
    _busy: { state: true },
    _result: { state: true },
    _problem: { state: true },
    _copied: { state: true },
  };

  declare measure: Measure;
  declare _full: boolean;
  /** What is being measured. */
  declare _busy: string | undefined;
  declare _result: BenchResult | undefined;
  declare _problem: string | undefined;
  declare _copied: boolean | undefined;

  constructor() {
    super();
    this._full = false;
    this._busy = undefined;
    this._result = undefined;
    this._problem = undefined;
    this._copied = undefined;
  }

  static override styles = [
    base,
    button,
    card,
    details,
    shareBar,
    table,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--gap);
        max-width: 1080px;
        margin: 0 auto;
        padding: 22px clamp(16px, 3vw, 40px) 48px;
      }
      h1 {
        font: 400 var(--t-hero) / 1.2 var(--serif);
        letter-spacing: -0.015em;
        margin: 14px 0 0;
        max-width: 24em;
        text-wrap: balance;
      }
      h1 b {
        font-weight: inherit;
        color: var(--accent);
      }
      main {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--gap);
      }
      a {
        color: var(--focus);
        font-size: var(--t-small);
        width: fit-content;
      }
      .run {
        display: flex;
        flex-wrap: wrap;
        gap: 10px 14px;
        align-items: center;
      }
      .run .note {
        flex: 1 1 20em;
      }
      .take {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .go {
        background: var(--ink);
        color: var(--card);
        border-color: var(--ink);
        padding: 10px 26px;
        font-size: var(--t-body);
        font-weight: 650;
      }
      .go:hover:not(:disabled) {
        background: color-mix(in srgb, var(--ink) 86%, var(--card));
      }
      .problem {
        color: var(--warn);
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 10.5em), 1fr));
        gap: 14px 20px;
        margin: 12px 0 0;
      }
      dt {
        color: var(--soft);
        font-size: var(--t-label);
      }
      dd {
        margin: 0;
        font-size: 1.25em;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      .scroll {
        margin-top: 10px;
      }
      @media (forced-colors: active) {
        .go {
          background: ButtonFace;
          color: ButtonText;
        }
      }
    `,
  ];

  override render() {
    const result = this._result;
    return html`
      <header>
        <a href="./">${text.back}</a>
        <h1>${result ? emphasised(text.answer(result)) : text.title}</h1>
      </header>
      <main>
        <section class="card run" aria-label=${text.start}>
          <button class="go" ?disabled=${this._busy !== undefined} @click=${this.#go}>
            ${result ? text.again : text.start}
          </button>
          <segmented-choice
            .label=${text.extent.label}
            .choices=${[
              { value: 'quick', label: text.extent.quick },
              { value: 'full', label: text.extent.full },
            ]}
            .value=${this._full ? 'full' : 'quick'}
            ?disabled=${this._busy !== undefined}
            @change=${(event: Event) => {
              this._full = (event.target as SegmentedChoice).value === 'full';
            }}
          ></segmented-choice>
          <p class="note ${this._problem ? 'problem' : ''}" role="status">${this.#status()}</p>
          ${
            result
              ? html`<div class="take">
                  <button @click=${this.#copy}>${text.copy}</button>
                  <button @click=${this.#download}>${text.download}</button>
                </div>`
              : null
          }
        </section>
        ${result ? this.#sections(result) : null}
      </main>
    `;
  }

  #status(): string {
    if (this._busy !== undefined) return text.measuring(this._busy);
    if (this._problem !== undefined) return text.failed(this._problem);
    if (this._copied !== undefined) return this._copied ? text.copied : text.notCopied;
    return this._result ? text.device(this._result) : `${text.lead} ${text.quickTakes}`;
  }

  #sections(result: BenchResult) {
    return html`
      <section class="card">
        <h2>${text.ceilings.title}</h2>
        <dl>
          ${ceilingTiles(result).map(
            ([name, value]) =>
              html`<div>
                <dt>${name}</dt>
                <dd>${value}</dd>
              </div>`,
          )}
        </dl>
      </section>
      ${benchSections(result).map((section) => this.#section(section))}
    `;
  }

  #section({ title, note, folded, head, rows }: Section) {
    const table = this.#table(title, head, rows);
    return html`<section class="card">
      ${
        folded
          ? html`<details>
              <summary>${title}</summary>
              ${table}
            </details>`
          : html`<h2>${title}</h2>
              ${note ? html`<p class="note">${note}</p>` : null} ${table}`
      }
    </section>`;
  }

  #table(title: string, head: readonly string[], rows: readonly Cell[][]) {
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${title}>
      <table>
        <thead>
          <tr>
            ${head.map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (cells) =>
              html`<tr>
                ${cells.map((value, i) => (i === 0 ? html`<th scope="row">${value}</th>` : html`<td>${this.#cell(value)}</td>`))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #cell(value: Cell): TemplateResult | string {
    if (typeof value === 'string') return value;
    const width = `width: ${Math.min(100, 100 * value.share)}%`;
    return html`<span class="share">
      ${text.percent(value.share)}
      <span class="bar" aria-hidden="true"><i .style=${inlineStyle(width)}></i></span>
    </span>`;
  }

  async #go(): Promise<void> {
    this._problem = undefined;
    this._copied = undefined;
    this._busy = '';
    try {
      this._result = await this.measure({ parts: BENCH_PARTS, full: this._full }, (what) => {
        this._busy = what;
      });
    } catch (error) {
      this._problem = error instanceof Error ? error.message : String(error);
    } finally {
      this._busy = undefined;
    }
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.#json());
      this._copied = true;
    } catch {
      this._copied = false;
    }
  }

  #json(): string {
    return `${JSON.stringify(this._result, null, 2)}\n`;
  }

  #download(): void {
    download('scaling-lab-benchmark.json', this.#json());
  }
}

customElements.define('bench-page', BenchPage);

declare global {
  interface Window {
    bench: Measure;
  }
  interface HTMLElementTagNameMap {
    'bench-page': BenchPage;
  }
}
