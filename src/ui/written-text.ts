/** What the models write now, beside how the text goes on. */
import { css, html, LitElement, nothing } from 'lit';
import type { WrittenText } from '../protocol';
import { ownText } from '../text/own-text';
import { INITIAL_STATE, type LabState } from './store';
import { base } from './styles';

const text = ownText.written;

/** A line of print has no line ends. */
function shown(line: string): string {
  return line.replaceAll('\n', '↵');
}

export class WrittenTexts extends LitElement {
  static override properties = { state: { attribute: false } };

  declare state: LabState;

  constructor() {
    super();
    this.state = INITIAL_STATE;
  }

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: 14px;
        align-content: start;
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 4px 14px;
        margin: 0;
        font-size: var(--t-small);
      }
      dt {
        color: var(--soft);
      }
      dd {
        margin: 0;
        font-family: ui-monospace, monospace;
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      dd i {
        color: var(--soft);
        font-style: normal;
      }
      @media (max-width: 620px) {
        dl {
          grid-template-columns: minmax(0, 1fr);
        }
        dd {
          margin-bottom: 6px;
        }
      }
    `,
  ];

  override render() {
    const { series, looks } = this.state;
    const seen = series.flatMap(({ arm, cohort }) => {
      const look = looks[cohort];
      return look?.written ? [{ arm, step: look.step, written: look.written }] : [];
    });
    const [first] = seen;
    return html`
      <h2>${text.title}</h2>
      <p class="note">${first ? text.lead : text.empty}</p>
      ${first?.written.map((passage, i) => this.#passage(passage, seen, i)) ?? nothing}
      ${first ? html`<p class="note">${text.step(Math.max(...seen.map(({ step }) => step)))} ${text.note}</p>` : nothing}
    `;
  }

  #passage(
    { beginning, truth }: WrittenText,
    seen: readonly { arm: string; written: readonly WrittenText[] }[],
    i: number,
  ) {
    const line = (name: string, words: string) => html`
      <dt>${name}</dt>
      <dd><i>${shown(beginning)}</i>${shown(words)}</dd>
    `;
    return html`<dl>
      ${line(text.truth, truth)}
      ${seen.map(({ arm, written }) => {
        const own = written[i];
        return own ? html`${line(text.likely(arm), own.likely)}${line(text.drawn(arm), own.drawn)}` : nothing;
      })}
    </dl>`;
  }
}

customElements.define('written-text', WrittenTexts);

declare global {
  interface HTMLElementTagNameMap {
    'written-text': WrittenTexts;
  }
}
