/** The card that starts an exhibit's runs, alike on every stage. */
import { html } from 'lit';
import { amountOf } from '../experiments/experiment';
import { text } from '../text/text';
import type { Exhibit } from './exhibit';
import './run-panel';
import type { LabState } from './store';

export function runCard(exhibit: Exhibit, state: LabState) {
  const { experiment } = exhibit;
  return html`
    <section class="card run" data-part="run" aria-label=${text.run.label}>
      <run-panel
        theme=${state.theme}
        .state=${state}
        .budgets=${experiment.budgets.map((name) => ({ name, amount: amountOf(experiment, name) }))}
        .runs=${exhibit.requests(state.budget).length}
        .label=${text.run.budget[amountOf(experiment, state.budget).tokens === undefined ? 'compute' : 'tokens']}
      ></run-panel>
    </section>
  `;
}
