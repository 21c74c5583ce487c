/** The experiment's design: what varies, what is tuned away, what is held fixed, and which claim it tests. */
import { css, html, LitElement } from 'lit';
import type { Experiment } from '../experiments/experiment';
import { belowText as text } from '../text/below';
import type { Term } from '../text/glossary';
import { glossed } from './glossed';
import { base } from './styles';

export class DesignNote extends LitElement {
  static override properties = { experiment: { attribute: false } };

  declare experiment: Experiment | undefined;

  constructor() {
    super();
    this.experiment = undefined;
  }

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: 12px;
        align-content: start;
      }
      dl {
        margin: 0;
        display: grid;
        gap: 10px;
        font-size: var(--t-label);
      }
      dt {
        font-weight: 650;
      }
      dd {
        margin: 0;
        color: var(--soft);
      }
    `,
  ];

  override render() {
    const { experiment } = this;
    if (!experiment) return null;
    const { design } = text;
    const met = new Set<Term>();
    const rows: [string, string][] = [
      [design.claim, design.quote(experiment.claim)],
      [design.published, design.literature(experiment.literature.says, experiment.literature.sources)],
      [design.varies, experiment.varies.what],
      [design.fixed, experiment.fixed.join(' ')],
      [design.tuned, `${experiment.tuned.what} ${design.grid(experiment.tuned.grid)}`],
      [design.measured, experiment.measured],
    ];
    return html`
      <h2>${design.title}</h2>
      <dl>
        ${rows.map(
          ([name, words]) => html`
            <div>
              <dt>${name}</dt>
              <dd>${glossed(words, met)}</dd>
            </div>
          `,
        )}
      </dl>
    `;
  }
}

customElements.define('design-note', DesignNote);

declare global {
  interface HTMLElementTagNameMap {
    'design-note': DesignNote;
  }
}
