/** What went wrong, in a sentence that says what to do. */
import { css, html, LitElement } from 'lit';
import { text } from '../text/text';
import type { Problem } from './store';
import { base, button } from './styles';

export class ProblemNote extends LitElement {
  static override properties = {
    problem: { attribute: false },
  };

  declare problem: Problem | undefined;

  constructor() {
    super();
    this.problem = undefined;
  }

  static override styles = [
    base,
    button,
    css`
      .problem {
        display: flex;
        gap: 8px 20px;
        align-items: center;
        flex-wrap: wrap;
        background: var(--warn-ground);
        border: 1px solid var(--warn);
        border-radius: var(--radius);
        padding: 14px 18px;
        margin-top: 12px;
      }
      .words {
        flex: 1 1 20em;
      }
      h2 {
        color: var(--warn);
      }
      p {
        margin: 2px 0 0;
        font-size: var(--t-small);
      }
    `,
  ];

  override render() {
    const { problem } = this;
    // The live region exists before there is something to say in it, or screen readers would miss it.
    return html`
      <div role="alert">
        ${
          problem
            ? html`<div class="problem">
                <div class="words">
                  <h2>${text.problem.title[problem.code]}</h2>
                  <p>${problem.sentence}</p>
                </div>
                <button @click=${() => this.dispatchEvent(new Event('lab-dismiss', { bubbles: true, composed: true }))}>
                  ${text.problem.dismiss}
                </button>
              </div>`
            : null
        }
      </div>
    `;
  }
}

customElements.define('problem-note', ProblemNote);

declare global {
  interface HTMLElementTagNameMap {
    'problem-note': ProblemNote;
  }
}
