/** The live chart as a table. */
import { html, LitElement } from 'lit';
import { nats } from '../text/numbers';
import { belowText } from '../text/below';
import { text } from '../text/text';
import { curveRows, rowUnit } from './curve-rows';
import type { Curves } from './curves';
import { INITIAL_STATE, type LabState } from './store';
import { base, table } from './styles';

export class CurveTable extends LitElement {
  static override properties = {
    state: { attribute: false },
    curves: { attribute: false },
  };

  declare state: LabState;
  declare curves: Curves | undefined;

  constructor() {
    super();
    this.state = INITIAL_STATE;
    this.curves = undefined;
  }

  static override styles = [base, table];

  override render() {
    const { view, series } = this.state;
    const rows = this.curves ? curveRows(this.state, this.curves) : [];
    if (rows.length === 0) return html`<p class="note">${belowText.table.empty}</p>`;
    const unit = text.chart.horizontal[rowUnit(view)];
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${text.chart.table}>
        <table>
          <caption>
            ${text.chart.vertical[view.vertical]}
          </caption>
          <thead>
            <tr>
              <th scope="col">${unit.axis}</th>
              ${series.map((each) => html`<th scope="col">${each.arm}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) => html`
                <tr>
                  <th scope="row">${unit.exact(row.at)}</th>
                  ${row.cells.map(
                    (cell) =>
                      html`<td>${cell ? `${nats(cell.mean, 2)} (${text.chart.range(cell.low, cell.high)})` : '–'}</td>`,
                  )}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    `;
  }
}

customElements.define('curve-table', CurveTable);

declare global {
  interface HTMLElementTagNameMap {
    'curve-table': CurveTable;
  }
}
