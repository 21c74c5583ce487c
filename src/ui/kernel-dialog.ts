/** The WGSL of one dispatch of a plan, beside its row of the plan's table. Loaded when it is asked for. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { CohortDescription, KernelText, PlanRow } from '../protocol';
import { belowText } from '../text/below';
import { closerText } from '../text/closer';
import { dialogStyles } from './dialog-styles';
import './segmented-choice';
import type { SegmentedChoice } from './segmented-choice';
import { base, button } from './styles';
import { wgslLines, wgslPieces } from './wgsl';

const T = closerText.kernel;
const measured = belowText.plan.measure;

/** Lines that are shown at once: a loop over a whole head, written out, has thousands. */
const LINES = 400;

/** The text of one dispatch of a cohort's step. */
export type FetchKernel = (specs: CohortDescription['specs'], dispatch: number) => Promise<KernelText>;

/** What was measured of a row. */
export interface RowTime {
  milliseconds: number;
  /** Of the whole step. */
  step: number;
  /** GFLOP/s that the adapter multiplies and adds at most. */
  multiplyAdd: number;
}

export class KernelDialog extends LitElement {
  static override properties = {
    cohort: { attribute: false },
    fetch: { attribute: false },
    timeOf: { attribute: false },
    _index: { state: true },
    _text: { state: true },
    _version: { state: true },
    _all: { state: true },
    _status: { state: true },
  };

  declare cohort: CohortDescription | undefined;
  declare fetch: FetchKernel;
  /** What was measured of a dispatch, if anything was. */
  declare timeOf: (index: number) => RowTime | undefined;
  declare _index: number;
  declare _text: KernelText | undefined;
  /** `ran`, or the name of a file. */
  declare _version: string;
  declare _all: boolean;
  declare _status: string;

  constructor() {
    super();
    this.cohort = undefined;
    this.fetch = () => Promise.reject(new Error('nobody fetches kernels'));
    this.timeOf = () => undefined;
    this._index = 0;
    this._text = undefined;
    this._version = 'ran';
    this._all = false;
    this._status = '';
  }

  static override styles = [
    base,
    button,
    dialogStyles,
    css`
      dialog {
        width: min(96vw, 1100px);
        padding: 0;
      }
      .sheet {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 14px;
        padding: 20px 24px 24px;
      }
      .head {
        margin: 0;
        flex-wrap: wrap;
      }
      h2 {
        font: 650 var(--t-body) var(--mono);
        overflow-wrap: anywhere;
      }
      .head p,
      .tools p {
        margin: 0;
        color: var(--soft);
        font-size: var(--t-label);
      }
      .walk {
        display: flex;
        gap: 8px;
        flex-wrap: wrap;
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 21em), 1fr));
        gap: 8px 28px;
        margin: 0;
        font-size: var(--t-label);
      }
      dl div {
        display: grid;
        grid-template-columns: 6.2em minmax(0, 1fr);
        gap: 8px;
        border-top: 1px solid var(--grid);
        padding-top: 6px;
      }
      .wide {
        grid-column: 1 / -1;
      }
      dt {
        color: var(--soft);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      .code {
        font-family: var(--mono);
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 14px;
      }
      .tools p {
        flex: 1 1 20em;
      }
      pre {
        margin: 0;
        padding: 14px 0;
        max-height: 58vh;
        overflow: auto;
        background: var(--ground);
        border: 1px solid var(--line);
        border-radius: 10px;
        font: var(--t-label) / 1.55 var(--mono);
        tab-size: 2;
        counter-reset: line;
      }
      .line {
        display: block;
        padding-inline-end: 16px;
        white-space: pre;
        min-height: 1.55em;
      }
      .line::before {
        counter-increment: line;
        content: counter(line);
        display: inline-block;
        width: 3.6em;
        margin-inline-end: 1.2em;
        text-align: end;
        color: var(--faint);
        user-select: none;
      }
      .comment {
        color: var(--soft);
        font-style: italic;
      }
      .keyword {
        color: var(--series-1);
      }
      .type {
        color: var(--series-3);
      }
      .number {
        color: var(--series-6);
      }
      .attribute {
        color: var(--series-4);
      }
    `,
  ];

  /** Shows the code of a dispatch of the cohort. */
  async show(index: number): Promise<void> {
    this._index = index;
    await this.updateComplete;
    const dialog = this.renderRoot.querySelector('dialog');
    if (dialog && !dialog.open) dialog.showModal();
    await this.#load();
  }

  async #load(): Promise<void> {
    const { cohort, _index: index } = this;
    if (!cohort) return;
    this._text = undefined;
    this._all = false;
    this._status = T.loading;
    try {
      const found = await this.fetch(cohort.specs, index);
      if (index !== this._index) return; // Somebody walked on meanwhile.
      this._text = found;
      this._status = '';
      if (!found.files.some(({ name }) => name === this._version)) this._version = 'ran';
    } catch (error) {
      if (index === this._index) this._status = T.failed(error instanceof Error ? error.message : String(error));
    }
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('_text')) this.renderRoot.querySelector('pre')?.scrollTo(0, 0);
  }

  override render() {
    const { cohort, _index: index } = this;
    const row = cohort?.plan.dispatches[index];
    if (!cohort || !row) return nothing;
    const all = cohort.plan.dispatches.length;
    return html`<dialog aria-labelledby="title">
      <div class="sheet">
        <div class="head">
          <div>
            <h2 id="title">${row.kernel}</h2>
            <p>${T.place(index, all)}</p>
          </div>
          <div class="walk">
            <button ?disabled=${index === 0} @click=${() => void this.show(index - 1)}>${T.previous}</button>
            <button ?disabled=${index === all - 1} @click=${() => void this.show(index + 1)}>${T.next}</button>
            <form method="dialog"><button>${T.close}</button></form>
          </div>
        </div>
        ${this.#facts(row)} ${this.#code()}
      </div>
    </dialog>`;
  }

  #facts(row: PlanRow): TemplateResult {
    const { facts } = T;
    const text = this._text;
    const fact = (name: string, value: string, classes = ''): TemplateResult =>
      html`<div class=${classes}>
        <dt>${name}</dt>
        <dd class=${classes === 'wide' ? 'code' : ''}>${value}</dd>
      </div>`;
    return html`<dl>
      ${fact(facts.computes, row.label)}
      ${fact(facts.grid, text ? T.grid(row.grid, text.workgroupSize) : belowText.plan.grid(row.grid))}
      ${fact(facts.flops, T.flops(row.flops))} ${fact(facts.bytes, T.bytes(row.bytes))}
      ${fact(facts.intensity, T.intensity(row.flops, row.bytes))} ${fact(facts.time, this.#time(row))}
      ${fact(facts.constants, T.list(text?.constants ?? {}), 'wide')}
      ${fact(facts.extents, T.list(text?.extents ?? {}), 'wide')}
      ${fact(facts.buffers, row.bindings.join(', '), 'wide')}
    </dl>`;
  }

  #time({ index, flops }: PlanRow): string {
    const time = this.timeOf(index);
    if (!time) return T.notMeasured;
    const { milliseconds, step, multiplyAdd } = time;
    const gflops = flops / milliseconds / 1e6;
    return T.measured(
      measured.time(milliseconds),
      measured.share(milliseconds / step),
      measured.speed(gflops),
      measured.share(gflops / multiplyAdd),
    );
  }

  #code(): TemplateResult {
    const text = this._text;
    if (!text) return html`<p class="note" role="status">${this._status}</p>`;
    const file = text.files.find(({ name }) => name === this._version);
    const lines = wgslLines(file?.text ?? text.code);
    const shown = this._all ? lines : lines.slice(0, LINES);
    const name = file ? T.written(file.name) : T.ran;
    return html`
      <div class="tools">
        <segmented-choice
          .label=${T.versions}
          .choices=${[
            { value: 'ran', label: T.ran },
            ...text.files.map((each) => ({ value: each.name, label: T.written(each.name) })),
          ]}
          .value=${this._version}
          @change=${(event: Event) => {
            this._version = (event.target as SegmentedChoice).value;
            this._all = false;
          }}
        ></segmented-choice>
        <p>${file ? T.writtenNote : T.ranNote} ${T.lines(lines.length)}.</p>
        <span class="note" role="status">${this._status}</span>
        <button @click=${() => void this.#copy(file?.text ?? text.code)}>${T.copy}</button>
      </div>
      <pre tabindex="0" role="region" aria-label=${T.code(name)}>
${shown.map((line) => html`<span class="line">${wgslPieces(line).map((piece) => (piece.kind ? html`<span class=${piece.kind}>${piece.text}</span>` : piece.text))}</span>`)}</pre>
      ${
        shown.length < lines.length
          ? html`<div>
              <button
                @click=${() => {
                  this._all = true;
                }}
              >
                ${T.all(lines.length)}
              </button>
            </div>`
          : nothing
      }
    `;
  }

  async #copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this._status = T.copied;
    } catch {
      this._status = T.notCopied;
    }
  }
}

customElements.define('kernel-dialog', KernelDialog);

declare global {
  interface HTMLElementTagNameMap {
    'kernel-dialog': KernelDialog;
  }
}
