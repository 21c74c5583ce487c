/** The table behind the chart of a law: every arm and length with mean, interval and seeds, and the fitted laws. */
import { css, html, LitElement, nothing } from 'lit';
import type { Experiment } from '../experiments/experiment';
import { lawChartsText } from '../text/law-charts';
import { compact, count, nats, power, significant } from '../text/numbers';
import { text } from '../text/text';
import { lawPoints, type MeanPoint } from './law-points';
import { INITIAL_STATE, type LabState } from './store';
import { base, table } from './styles';

const T = lawChartsText.table;

export class LawTable extends LitElement {
  static override properties = { experiment: { attribute: false }, state: { attribute: false } };

  declare experiment: Experiment | undefined;
  declare state: LabState;

  constructor() {
    super();
    this.experiment = undefined;
    this.state = INITIAL_STATE;
  }

  static override styles = [
    base,
    table,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 14px;
      }
    `,
  ];

  override render() {
    const { experiment, state } = this;
    if (!experiment) return null;
    const { means } = lawPoints(experiment, state, undefined);
    if (means.length === 0) return html`<p class="note">${T.empty}</p>`;
    return html`${this.#ends(means)} ${state.law.fits.length > 0 ? this.#laws() : nothing}`;
  }

  #ends(means: readonly MeanPoint[]) {
    const { columns } = T;
    const caption = T.caption[this.state.view.vertical];
    const seeds = [...new Set(means.flatMap(({ values }) => values.map(({ seed }) => seed)))].sort((a, b) => a - b);
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${caption}>
        <table>
          <caption>
            ${caption}
          </caption>
          <thead>
            <tr>
              <th scope="col">${columns.arm}</th>
              <th scope="col" class="num">${columns.parameters}</th>
              <th scope="col" class="num">${columns.tokens}</th>
              <th scope="col" class="num">${columns.flops}</th>
              <th scope="col" class="num">${columns.mean}</th>
              <th scope="col">${columns.interval}</th>
              ${seeds.map((seed) => html`<th scope="col" class="num">${columns.seed(seed)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${means.map(
              ({ arm, n, tokens, flops, y, low, high, values, diverged }) => html`
                <tr>
                  <th scope="row">${arm}</th>
                  <td class="num">${count(n)}</td>
                  <td class="num">${compact(tokens)}</td>
                  <td class="num">${power(flops)}</td>
                  <td class="num">${nats(y)}</td>
                  <td>${low === undefined || high === undefined ? '–' : text.chart.range(low, high)}</td>
                  ${seeds.map((seed) => {
                    const value = values.find((each) => each.seed === seed)?.value;
                    return html`<td class="num">${value === undefined && diverged > 0 ? T.diverged : nats(value)}</td>`;
                  })}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  #laws() {
    const { lawColumns } = T;
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${T.laws}>
        <table>
          <caption>
            ${T.laws}
          </caption>
          <thead>
            <tr>
              <th scope="col">${lawColumns.kind}</th>
              <th scope="col">${lawColumns.law}</th>
              <th scope="col" class="num">${lawColumns.exponent}</th>
              <th scope="col">${lawColumns.interval}</th>
              <th scope="col" class="num">${lawColumns.runs}</th>
              <th scope="col" class="num">${lawColumns.sizes}</th>
            </tr>
          </thead>
          <tbody>
            ${this.state.law.fits.map(({ kind, law, x, parameters, intervals, enough, runs, sizes }) => {
              const name = 'a' in parameters ? 'a' : 'alpha';
              const [low, high] = intervals[name] ?? [NaN, NaN];
              return html`
                <tr>
                  <th scope="row">${kind}</th>
                  <td>${T.law[law]} (${x.toUpperCase()})</td>
                  <td class="num">${enough ? significant(parameters[name] ?? NaN) : T.noExponent}</td>
                  <td>${enough ? text.chart.range(low, high) : '–'}</td>
                  <td class="num">${count(runs)}</td>
                  <td class="num">${count(sizes)}</td>
                </tr>
              `;
            })}
          </tbody>
        </table>
      </div>
    `;
  }
}

customElements.define('law-table', LawTable);

declare global {
  interface HTMLElementTagNameMap {
    'law-table': LawTable;
  }
}
