/** Loss against size: each size's dot falls while it trains, and lands, with its error bar, when it has ended. */
import { css, html, LitElement } from 'lit';
import { studentInterval } from '../math/statistics';
import { count, nats } from '../text/numbers';
import { belowText } from '../text/below';
import { text } from '../text/text';
import './chart';
import type { LabChart } from './chart';
import type { Curves } from './curves';
import { FollowCurves } from './follow-curves';
import { sizesModel } from './sizes-model';
import { finalEnds, standingWords } from './standing';
import { INITIAL_STATE, type LabState } from './store';
import { base, details, table } from './styles';

export class LossBySize extends LitElement {
  static override properties = {
    state: { attribute: false },
    curves: { attribute: false },
  };

  declare state: LabState;
  declare curves: Curves | undefined;

  constructor() {
    super();
    this.state = INITIAL_STATE;
    new FollowCurves(this, () => {
      const { curves } = this;
      if (!curves) return;
      const chart = this.renderRoot.querySelector<LabChart>('lab-chart');
      chart?.show((width, height) => sizesModel(this.state, curves, width, height));
    });
  }

  static override styles = [
    base,
    details,
    table,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 10px;
        min-width: 0;
      }
      lab-chart {
        flex: 1;
        min-height: 250px;
      }
      /* For the back row: the picture and nothing else. */
      :host([theme='projector']) :is(.note, details) {
        display: none;
      }
    `,
  ];

  override render() {
    const { view, series, ends } = this.state;
    const landed = series.length > 1 && series.every((_each, index) => finalEnds(ends, index).length > 0);
    const title = belowText.sizes.title[view.vertical];
    return html`
      <h2>${title}</h2>
      <lab-chart label=${title} summary=${this.#summary()}></lab-chart>
      <p class="note">
        ${landed ? belowText.sizes.noFit : this.state.progress ? belowText.sizes.hollowNote : belowText.sizes.waiting}
      </p>
      <details>
        <summary>${text.chart.table}</summary>
        ${this.#table()}
      </details>
    `;
  }

  #summary(): string {
    const parts = this.curves ? standingWords(this.state, this.curves) : '';
    return parts === '' ? text.chart.summaryBefore : belowText.sizes.summary(parts);
  }

  #table() {
    const { series, ends, view } = this.state;
    const { columns } = belowText.sizes;
    const seeds = [...new Set(series.flatMap((each) => each.seeds))].sort((a, b) => a - b);
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${belowText.sizes.title[view.vertical]}>
        <table>
          <caption>
            ${text.chart.vertical[view.vertical]}
          </caption>
          <thead>
            <tr>
              <th scope="col">${columns.size}</th>
              <th scope="col" class="num">${columns.parameters}</th>
              <th scope="col" class="num">${columns.mean}</th>
              <th scope="col">${columns.interval}</th>
              ${seeds.map((seed) => html`<th scope="col" class="num">${columns.seed(seed)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${series.map((each, index) => {
              const final = finalEnds(ends, index);
              const sound = final.filter((end) => !end.diverged).map((end) => end[view.vertical]);
              const { mean, half } = studentInterval(sound);
              return html`
                <tr>
                  <th scope="row">${each.arm}</th>
                  <td class="num">${count(each.size)}</td>
                  <td class="num">${nats(mean)}</td>
                  <td>${half === undefined ? '–' : text.chart.range(mean - half, mean + half)}</td>
                  ${seeds.map((seed) => {
                    const end = final.find((candidate) => candidate.seed === seed);
                    return html`<td class="num">
                      ${end?.diverged ? belowText.sizes.diverging : nats(end?.[view.vertical])}
                    </td>`;
                  })}
                </tr>
              `;
            })}
          </tbody>
        </table>
      </div>
    `;
  }
}

customElements.define('loss-by-size', LossBySize);

declare global {
  interface HTMLElementTagNameMap {
    'loss-by-size': LossBySize;
  }
}
