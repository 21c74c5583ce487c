/** One training step, dispatch by dispatch, for one size; folded away until somebody asks, and timed if they ask again. */
import { css, html, LitElement, type PropertyValues } from 'lit';
import type { StepTimes } from '../bench-result';
import type { CohortDescription, PlanRow } from '../protocol';
import { count } from '../text/numbers';
import { belowText } from '../text/below';
import { closerText } from '../text/closer';
import { measureStep, type MeasureStep } from './call-bench';
import type { FetchKernel, KernelDialog, RowTime } from './kernel-dialog';
import './segmented-choice';
import type { SegmentedChoice } from './segmented-choice';
import type { Series } from './series';
import { canStart, type Phase } from './store';
import { base, button, details, inlineStyle, shareBar, table } from './styles';

const text = belowText.plan;
const words = text.measure;

/** What a measurement ends with when the training goes on. */
class GivenUp extends Error {}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function keyOf({ specs }: CohortDescription): string {
  return JSON.stringify(specs);
}

export class PlanTable extends LitElement {
  static override properties = {
    cohorts: { attribute: false },
    series: { attribute: false },
    phase: { attribute: false },
    kernels: { attribute: false },
    measure: { attribute: false },
    kernelText: { attribute: false },
    _open: { state: true },
    _chosen: { state: true },
    _status: { state: true },
    _measuring: { state: true },
  };

  declare cohorts: readonly CohortDescription[];
  declare series: readonly Series[];
  declare phase: Phase;
  /** Kernels that the session trains with; undefined without a device. */
  declare kernels: string | undefined;
  declare measure: MeasureStep;
  declare kernelText: FetchKernel | undefined;
  declare _open: boolean;
  declare _chosen: number;
  /** What there is to say of the measurement last asked for. */
  declare _status: string | undefined;
  declare _measuring: AbortController | undefined;

  /** What was measured, by the specs of its cohort: the page describes the same cohort anew now and then. */
  #times = new Map<string, StepTimes>();

  constructor() {
    super();
    this.cohorts = [];
    this.series = [];
    this.phase = 'opening';
    this.kernels = undefined;
    this.measure = measureStep;
    this.kernelText = undefined;
    this._open = false;
    this._chosen = 0;
    this._status = undefined;
    this._measuring = undefined;
  }

  static override styles = [
    base,
    button,
    details,
    shareBar,
    table,
    css`
      summary {
        font-size: var(--t-small);
        font-weight: 650;
        color: var(--ink);
      }
      .about {
        display: flex;
        flex-wrap: wrap;
        gap: 10px 20px;
        align-items: center;
        margin: 10px 0 12px;
      }
      .about .note {
        flex: 1 1 24em;
      }
      .scroll {
        max-height: 60vh;
        overflow: auto;
      }
      thead th {
        position: sticky;
        top: 0;
        background: var(--card);
      }
      .code {
        font-family: var(--mono);
        font-size: 0.95em;
      }
      .kernel {
        font: inherit;
        color: inherit;
        background: none;
        border: 0;
        border-radius: 3px;
        padding: 0;
        text-align: start;
        text-decoration: underline dotted;
        text-underline-offset: 3px;
      }
      .kernel:hover:not(:disabled) {
        background: none;
        text-decoration-style: solid;
      }
      td.buffers {
        color: var(--soft);
        white-space: normal;
        min-width: 22em;
      }
      /* With times it has to be scrolled to in any case: then at least it keeps rows low. */
      .timed td.buffers {
        min-width: 60em;
      }
    `,
  ];

  /** Training has the adapter to itself: what is measured beside it would be wrong, and hold it up. */
  get #quiet(): boolean {
    return canStart(this.phase) || this.phase === 'paused';
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('cohorts') && !this._measuring) this._status = undefined;
    if (!this.#quiet) this._measuring?.abort(new GivenUp(words.givenUp));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this._measuring?.abort(new GivenUp(words.givenUp));
  }

  override render() {
    return html`
      <details
        @toggle=${(event: Event) => {
          this._open = event.target instanceof HTMLDetailsElement && event.target.open;
        }}
      >
        <summary>${text.title}</summary>
        ${this._open ? this.#body() : null}
      </details>
    `;
  }

  #body() {
    const series = this.series[this._chosen] ?? this.series[0];
    const cohort = this.cohorts.find((each) => each.cohort === series?.cohort);
    if (!series || !cohort) return html`<p class="note">${text.loading}</p>`;
    const { plan } = cohort;
    const times = this.#times.get(keyOf(cohort));
    return html`
      <div class="about">
        <segmented-choice
          .label=${text.model}
          .choices=${this.series.map((each, i) => ({ value: String(i), label: each.arm }))}
          .value=${String(this._chosen)}
          @change=${(event: Event) => {
            this._chosen = Number((event.target as SegmentedChoice).value);
          }}
        ></segmented-choice>
        <p class="note">
          ${text.lead(plan.dispatches.length, plan.pipelines)}
          ${text.counts(cohort.paramsTotal, cohort.paramsNonEmbedding, cohort.bytes)}
          ${text.charged(cohort.trainFlopsPerStep, plan.executedFlops / cohort.specs.length)}
        </p>
      </div>
      <div class="about">
        <button
          ?disabled=${!this.#quiet || this._measuring !== undefined || this.kernels === undefined}
          @click=${() => void this.#measure(cohort)}
        >
          ${times ? words.again : words.start}
        </button>
        <p class="note" role="status">${this.#said(times)}</p>
      </div>
      <div class="scroll" tabindex="0" role="region" aria-label=${text.caption(series.arm)}>
        ${this.#table(cohort, times)}
      </div>
      <kernel-dialog
        .cohort=${cohort}
        .fetch=${this.kernelText}
        .timeOf=${(index: number): RowTime | undefined => {
          const milliseconds = times?.milliseconds[index];
          if (!times || milliseconds === undefined) return undefined;
          return { milliseconds, step: sum(times.milliseconds), multiplyAdd: times.multiplyAdd };
        }}
      ></kernel-dialog>
    `;
  }

  /** Its name, behind which lies its code. */
  #kernel({ kernel, index }: PlanRow) {
    if (!this.kernelText) return kernel;
    return html`<button
      class="kernel"
      aria-haspopup="dialog"
      aria-label=${closerText.kernel.open(kernel, index)}
      @click=${() => void this.#show(index)}
    >
      ${kernel}
    </button>`;
  }

  async #show(index: number): Promise<void> {
    try {
      await import('./kernel-dialog');
      await this.renderRoot.querySelector<KernelDialog>('kernel-dialog')?.show(index);
    } catch (error) {
      this._status = closerText.kernel.failed(error instanceof Error ? error.message : String(error));
    }
  }

  #said(times: StepTimes | undefined): string {
    if (this._measuring && this._status !== undefined) return this._status;
    if (this.kernels === undefined) return words.noDevice;
    if (!this.#quiet) return words.busy;
    return this._status ?? (times ? words.done(times.multiplyAdd) : words.lead);
  }

  #table({ plan }: CohortDescription, times: StepTimes | undefined) {
    const { columns } = text;
    return html`
      <table class=${times ? 'timed' : ''}>
        <thead>
          <tr>
            <th scope="col" class="num">${columns.index}</th>
            <th scope="col">${columns.kernel}</th>
            <th scope="col">${columns.label}</th>
            ${
              times
                ? html`<th scope="col" class="num">${words.columns.time}</th>
                    <th scope="col">${words.columns.share}</th>
                    <th scope="col" class="num">${words.columns.gflops}</th>
                    <th scope="col" class="num">${words.columns.ceiling}</th>
                    <th scope="col" class="num">${words.columns.gbps}</th>`
                : null
            }
            <th scope="col">${columns.grid}</th>
            <th scope="col" class="num">${columns.flops}</th>
            <th scope="col" class="num">${columns.bytes}</th>
            <th scope="col">${columns.bindings}</th>
          </tr>
        </thead>
        <tbody>
          ${plan.dispatches.map(
            (row, i) => html`
              <tr>
                <td class="num">${row.index}</td>
                <td class="code">${this.#kernel(row)}</td>
                <td>${row.label}</td>
                ${times ? this.#timing(row, times.milliseconds[i]!, times) : null}
                <td>${text.grid(row.grid)}</td>
                <td class="num">${text.flops(row.flops)}</td>
                <td class="num">${text.bytes(row.bytes)}</td>
                <td class="buffers code">${row.bindings.join(', ')}</td>
              </tr>
            `,
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" class="num">${count(plan.dispatches.length)}</th>
            <th scope="row" colspan="2">${text.sum}</th>
            ${times ? this.#timing({ flops: plan.executedFlops, bytes: plan.bytesMoved }, sum(times.milliseconds), times) : null}
            <td></td>
            <td class="num">${text.flops(plan.executedFlops)}</td>
            <td class="num">${text.bytes(plan.bytesMoved)}</td>
            <td></td>
          </tr>
        </tfoot>
      </table>
    `;
  }

  /** Cells of what took `milliseconds` of the step; bars are to the scale of its longest dispatch. */
  #timing({ flops, bytes }: Pick<PlanRow, 'flops' | 'bytes'>, milliseconds: number, times: StepTimes) {
    const gflops = flops / milliseconds / 1e6;
    const length = milliseconds / Math.max(...times.milliseconds);
    return html`<td class="num">${words.time(milliseconds)}</td>
      <td>
        <span class="share">
          ${words.share(milliseconds / sum(times.milliseconds))}
          ${
            length <= 1
              ? html`<span class="bar" aria-hidden="true"
                  ><i .style=${inlineStyle(`width: ${100 * length}%`)}></i
                ></span>`
              : null
          }
        </span>
      </td>
      <td class="num">${words.speed(gflops)}</td>
      <td class="num">${words.share(gflops / times.multiplyAdd)}</td>
      <td class="num">${words.speed(bytes / milliseconds / 1e6)}</td>`;
  }

  async #measure(cohort: CohortDescription): Promise<void> {
    if (this.kernels === undefined) return;
    const measuring = new AbortController();
    this._measuring = measuring;
    this._status = words.measuring(0, 0);
    try {
      const onProgress = (done: number, total: number): void => {
        if (this._measuring === measuring) this._status = words.measuring(done, total);
      };
      const times = await this.measure(cohort.specs, this.kernels, onProgress, measuring.signal);
      this.#times.set(keyOf(cohort), times);
      this._status = undefined;
    } catch (error) {
      this._status =
        error instanceof GivenUp ? error.message : words.failed(error instanceof Error ? error.message : String(error));
    } finally {
      this._measuring = undefined;
    }
  }
}

customElements.define('plan-table', PlanTable);

declare global {
  interface HTMLElementTagNameMap {
    'plan-table': PlanTable;
  }
}
