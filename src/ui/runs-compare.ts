/** Runs side by side, but only the fields in which they differ. */
import { css, html, LitElement } from 'lit';
import type { RunRow } from '../archive/records';
import { archiveText } from '../text/archive';
import { differences, titleOf } from './runs-model';
import { base, button, table } from './styles';

const text = archiveText.compare;

export class RunsCompare extends LitElement {
  static override properties = { rows: { attribute: false } };

  declare rows: readonly RunRow[];

  constructor() {
    super();
    this.rows = [];
  }

  static override styles = [
    base,
    button,
    table,
    css`
      :host {
        display: block;
        border: 1px solid var(--line);
        border-radius: 10px;
        padding: 10px 14px;
      }
      .top {
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: 12px;
        margin-bottom: 6px;
      }
      .scroll {
        max-height: 50vh;
        overflow: auto;
      }
      thead th {
        position: sticky;
        top: 0;
        background: var(--card);
      }
      tbody th {
        font-weight: 550;
      }
      code {
        display: block;
        font: 0.9em var(--mono);
        color: var(--soft);
      }
      td {
        max-width: 22em;
        white-space: normal;
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render() {
    const found = differences(this.rows);
    return html`
      <div class="top">
        <h2>${text.title}</h2>
        <button @click=${() => this.dispatchEvent(new Event('close'))}>${text.close}</button>
      </div>
      ${
        found.length === 0
          ? html`<p class="note">${text.nothing}</p>`
          : html`<div class="scroll" tabindex="0" role="region" aria-label=${text.title}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">${text.field}</th>
                    ${this.rows.map((row) => html`<th scope="col">${titleOf(row)}</th>`)}
                  </tr>
                </thead>
                <tbody>
                  ${found.map(
                    ({ path, field, values }) => html`
                      <tr>
                        <th scope="row">
                          ${field}
                          <code>${path}</code>
                        </th>
                        ${values.map((value) => html`<td>${value}</td>`)}
                      </tr>
                    `,
                  )}
                </tbody>
              </table>
            </div>`
      }
    `;
  }
}

customElements.define('runs-compare', RunsCompare);

declare global {
  interface HTMLElementTagNameMap {
    'runs-compare': RunsCompare;
  }
}
