/** A model token by token: where each is sent and what it looks at. Folded away, and not even computed, until asked for. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { closerText as T } from '../text/closer';
import './attention-map';
import { lookedAt, tokenLabels, topicOfDocument, type LookedAt } from './closer-model';
import './expert-strips';
import { LookingEvent } from './looking-event';
import './segmented-choice';
import type { Choice, SegmentedChoice } from './segmented-choice';
import { concerns } from './state-change';
import { INITIAL_STATE, type LabState } from './store';
import { base, details } from './styles';

/** Of more models the choice is a list. */
const MOST_SEGMENTS = 4;

export class CloserLook extends LitElement {
  static override properties = {
    state: { attribute: false },
    sweep: { type: Boolean },
    _open: { state: true },
    _arm: { state: true },
    _document: { state: true },
    _at: { state: true },
  };

  declare state: LabState;
  /** Models are trained one after another, and looked at when they have ended. */
  declare sweep: boolean;
  declare _open: boolean;
  declare _arm: string | undefined;
  declare _document: number;
  /** The token that is pointed at, in both pictures. */
  declare _at: number;

  constructor() {
    super();
    this.state = INITIAL_STATE;
    this.sweep = false;
    this._open = false;
    this._arm = undefined;
    this._document = 0;
    this._at = 8;
  }

  static override styles = [
    base,
    details,
    css`
      :host {
        min-width: 0;
      }
      summary {
        font-size: var(--t-small);
        font-weight: 650;
        color: var(--ink);
      }
      .body {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 22px;
      }
      .about {
        display: flex;
        flex-wrap: wrap;
        gap: 10px 20px;
        align-items: center;
      }
      .about .note {
        flex: 1 1 24em;
      }
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 10px;
      }
      section + section {
        border-top: 1px solid var(--line);
        padding-top: 18px;
      }
      select {
        font: inherit;
        font-size: var(--t-label);
        color: var(--ink);
        background: var(--card);
        border: 1px solid var(--control);
        border-radius: 9px;
        padding: 5px 8px;
        max-width: 100%;
      }
    `,
  ];

  override shouldUpdate(changed: PropertyValues): boolean {
    return concerns(changed, this.state, this._open ? ['series', 'cohorts', 'closer', 'shared'] : []);
  }

  override render() {
    return html`
      <details @toggle=${this.#toggle}>
        <summary>${T.title}</summary>
        ${this._open ? this.#body() : nothing}
      </details>
    `;
  }

  readonly #toggle = (event: Event): void => {
    // Tables further in fold as well, but their toggles do not bubble up to here.
    this._open = event.target instanceof HTMLDetailsElement && event.target.open;
    this.dispatchEvent(new LookingEvent(this._open));
  };

  #body(): TemplateResult {
    const models = lookedAt(this.state);
    const chosen =
      models.find(({ arm }) => arm === this._arm) ?? models.find(({ spec }) => spec.model.moe) ?? models[0];
    if (!chosen) {
      const empty = this.sweep ? T.waitingSweep : this.state.shared ? T.waitingShared : T.waiting;
      return html`<p class="note">${T.lead} ${empty}</p>`;
    }
    const { spec, look } = chosen;
    const document = look.documents[this._document] ?? look.documents[0];
    if (!document) return html`<p class="note">${T.waiting}</p>`;
    const labels = tokenLabels(spec, document);
    const follow = (event: Event): void => {
      this._at = (event.target as HTMLElementTagNameMap['expert-strips' | 'attention-map']).at;
    };
    return html`
      <div class="body">
        ${this.#about(models, chosen)}
        <section>
          <h2>${T.experts.title}</h2>
          ${
            document.experts.length === 0
              ? html`<p class="note">${T.experts.dense(chosen.arm)}</p>`
              : html`<expert-strips
                  .document=${document}
                  .labels=${labels}
                  .at=${this._at}
                  @change=${follow}
                ></expert-strips>`
          }
        </section>
        <section>
          <h2>${T.attention.title}</h2>
          <attention-map
            .document=${document}
            .labels=${labels}
            .heads=${spec.model.nHeads}
            .lag=${spec.source.kind === 'topics' ? spec.source.lag : 0}
            .at=${this._at}
            @change=${follow}
          ></attention-map>
        </section>
      </div>
    `;
  }

  #about(models: readonly LookedAt[], { arm, spec, look }: LookedAt): TemplateResult {
    const documents = look.documents.map((each, i) => ({
      value: String(i),
      label: T.documentName(i, topicOfDocument(spec, each)),
    }));
    const arms = models.map((each) => ({ value: each.arm, label: each.arm }));
    return html`
      <div class="about">
        ${this.#choice(T.model, arms, arm, (value) => {
          this._arm = value;
        })}
        ${this.#choice(T.document, documents, String(Math.min(this._document, documents.length - 1)), (value) => {
          this._document = Number(value);
        })}
        <p class="note">${T.lead} ${this.sweep ? T.waitingSweep : nothing} ${T.step(look.step)}</p>
      </div>
    `;
  }

  #choice(label: string, choices: Choice[], value: string, take: (value: string) => void): TemplateResult {
    if (choices.length > MOST_SEGMENTS) {
      return html`<select
        aria-label=${label}
        @change=${(event: Event) => {
          take((event.target as HTMLSelectElement).value);
        }}
      >
        ${choices.map(
          (choice) => html`<option value=${choice.value} ?selected=${choice.value === value}>${choice.label}</option>`,
        )}
      </select>`;
    }
    return html`<segmented-choice
      .label=${label}
      .choices=${choices}
      .value=${value}
      @change=${(event: Event) => {
        take((event.target as SegmentedChoice).value);
      }}
    ></segmented-choice>`;
  }
}

customElements.define('closer-look', CloserLook);

declare global {
  interface HTMLElementTagNameMap {
    'closer-look': CloserLook;
  }
}
