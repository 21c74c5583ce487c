/** One training step, dispatch by dispatch, for one size; folded away until somebody asks. */
import { css, html, LitElement } from 'lit';
import type { CohortDescription } from '../protocol';
import { count } from '../text/numbers';
import { belowText as text } from '../text/below';
import './segmented-choice';
import type { SegmentedChoice } from './segmented-choice';
import type { Series } from './series';
import { base, details, table } from './styles';

export class PlanTable extends LitElement {
  static override properties = {
    cohorts: { attribute: false },
    series: { attribute: false },
    _open: { state: true },
    _chosen: { state: true },
  };

  declare cohorts: readonly CohortDescription[];
  declare series: readonly Series[];
  declare _open: boolean;
  declare _chosen: number;

  constructor() {
    super();
    this.cohorts = [];
    this.series = [];
    this._open = false;
    this._chosen = 0;
  }

  static override styles = [
    base,
    details,
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
      td.buffers {
        color: var(--soft);
        white-space: normal;
        min-width: 22em;
      }
    `,
  ];

  override render() {
    return html`
      <details
        @toggle=${(event: Event) => {
          this._open = event.target instanceof HTMLDetailsElement && event.target.open;
        }}
      >
        <summary>${text.plan.title}</summary>
        ${this._open ? this.#body() : null}
      </details>
    `;
  }

  #body() {
    const series = this.series[this._chosen] ?? this.series[0];
    const cohort = this.cohorts.find((each) => each.cohort === series?.cohort);
    if (!series || !cohort) return html`<p class="note">${text.plan.loading}</p>`;
    const { plan } = cohort;
    const { columns } = text.plan;
    const replicas = cohort.specs.length;
    const flops = plan.dispatches.reduce((sum, row) => sum + row.flops, 0);
    const bytes = plan.dispatches.reduce((sum, row) => sum + row.bytes, 0);
    return html`
      <div class="about">
        <segmented-choice
          .label=${text.plan.model}
          .choices=${this.series.map((each, i) => ({ value: String(i), label: each.arm }))}
          .value=${String(this._chosen)}
          @change=${(event: Event) => {
            this._chosen = Number((event.target as SegmentedChoice).value);
          }}
        ></segmented-choice>
        <p class="note">
          ${text.plan.lead(plan.dispatches.length, plan.pipelines)}
          ${text.plan.counts(cohort.paramsTotal, cohort.paramsNonEmbedding, cohort.bytes)}
          ${text.plan.charged(cohort.trainFlopsPerStep, plan.executedFlops / replicas)}
        </p>
      </div>
      <div class="scroll" tabindex="0" role="region" aria-label=${text.plan.caption(series.arm)}>
        <table>
          <thead>
            <tr>
              <th scope="col" class="num">${columns.index}</th>
              <th scope="col">${columns.kernel}</th>
              <th scope="col">${columns.label}</th>
              <th scope="col">${columns.grid}</th>
              <th scope="col" class="num">${columns.flops}</th>
              <th scope="col" class="num">${columns.bytes}</th>
              <th scope="col">${columns.bindings}</th>
            </tr>
          </thead>
          <tbody>
            ${plan.dispatches.map(
              (row) => html`
                <tr>
                  <td class="num">${row.index}</td>
                  <td class="code">${row.kernel}</td>
                  <td>${row.label}</td>
                  <td>${text.plan.grid(row.grid)}</td>
                  <td class="num">${text.plan.flops(row.flops)}</td>
                  <td class="num">${text.plan.bytes(row.bytes)}</td>
                  <td class="buffers code">${row.bindings.join(', ')}</td>
                </tr>
              `,
            )}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" class="num">${count(plan.dispatches.length)}</th>
              <th scope="row" colspan="3">${text.plan.sum}</th>
              <td class="num">${text.plan.flops(flops)}</td>
              <td class="num">${text.plan.bytes(bytes)}</td>
              <td></td>
            </tr>
          </tfoot>
        </table>
      </div>
    `;
  }
}

customElements.define('plan-table', PlanTable);

declare global {
  interface HTMLElementTagNameMap {
    'plan-table': PlanTable;
  }
}
