/** All claims on one sheet: cards by topic, filtered by what the lab can say, each opening its experiments. */
import { css, html, nothing } from 'lit';
import {
  CLAIMS,
  recordedRace,
  STATUSES,
  statusOf,
  testsOf,
  toldBy,
  TOPICS,
  type Claim,
  type Status,
} from '../claims/claims';
import type { Recorded } from '../experiments/recorded';
import { claimsText as text, type ClaimWords } from '../text/claims';
import type { Term } from '../text/glossary';
import { emphasised } from './emphasis';
import { claimPlot, claimPlotStyles } from './claim-plot';
import { glossed } from './glossed';
import { ExhibitEvent } from './lab-header';
import type { RecordedWords } from './recorded-law';
import './segmented-choice';
import type { SegmentedChoice } from './segmented-choice';
import { Sheet, sheetStyles } from './sheet';

type Filter = Status | 'all';

function ofStatus(filter: Filter): readonly Claim[] {
  return CLAIMS.filter((claim) => filter === 'all' || statusOf(claim) === filter);
}

export class ClaimsSheet extends Sheet {
  static override properties = {
    locked: { type: Boolean },
    _filter: { state: true },
    _laws: { state: true },
  };

  /** While runs are under way the page stays with their experiment. */
  declare locked: boolean;
  declare _filter: Filter;
  /** By experiment, once they were fetched. */
  declare _laws: ReadonlyMap<string, RecordedWords>;

  constructor() {
    super();
    this.locked = false;
    this._filter = 'all';
    this._laws = new Map();
  }

  override async open(): Promise<void> {
    await super.open();
    await this.#fetchLaws();
  }

  /** One after another: each is some milliseconds of work beside runs that may be under way. */
  async #fetchLaws(): Promise<void> {
    const missing = CLAIMS.flatMap((claim) => toldBy(claim)?.id ?? []).filter((id) => !this._laws.has(id));
    if (missing.length === 0) return;
    const { recordedWords } = await import('./recorded-law');
    for (const id of missing) {
      const found = await recordedWords(id);
      if (found) this._laws = new Map(this._laws).set(id, found);
    }
  }

  static override styles = [
    sheetStyles,
    claimPlotStyles,
    css`
      .filter {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 16px;
        align-items: center;
        margin: 20px 0 0;
      }
      section {
        margin-top: 34px;
      }
      h2 {
        font-size: var(--t-small);
        color: var(--soft);
        border-bottom: 1px solid var(--line);
        padding-bottom: 8px;
        margin-bottom: 16px;
      }
      .cards {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 330px), 1fr));
        /* Heads, articles, literature and foot of the cards in a row line up. */
        gap: 0 var(--gap);
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .claim {
        display: grid;
        grid-row: span 4;
        grid-template-rows: subgrid;
        grid-template-columns: minmax(0, 1fr);
        gap: 14px;
        margin-bottom: var(--gap);
        background: var(--card);
        border: 1px solid var(--line);
        border-top: 3px solid var(--line);
        border-radius: var(--radius);
        padding: 16px 18px 18px;
        min-width: 0;
      }
      .claim.measured {
        border-top-color: var(--good);
      }
      .claim.closed {
        border-top-color: var(--warn);
      }
      .head {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 4px 12px;
        align-items: baseline;
        align-content: start;
      }
      .number {
        font: 500 1.5rem / 1 var(--serif);
        color: var(--faint);
      }
      h3 {
        grid-column: 1 / -1;
        margin: 4px 0 0;
        font: 600 1.2rem / 1.22 var(--serif);
        letter-spacing: -0.005em;
        text-wrap: balance;
      }
      .status {
        display: inline-flex;
        gap: 7px;
        align-items: center;
        font-size: var(--t-label);
        color: var(--soft);
      }
      .status::before {
        content: '';
        width: 9px;
        height: 9px;
        border: 2px solid currentcolor;
        border-radius: 50%;
      }
      .measured .status {
        color: var(--good);
        font-weight: 600;
      }
      .measured .status::before {
        background: currentcolor;
      }
      .closed .status {
        color: var(--warn);
      }
      .closed .status::before {
        border-radius: 0;
      }
      .says {
        margin: 0;
        font: italic 400 1rem / 1.45 var(--serif);
        text-wrap: pretty;
      }
      .part {
        font-size: var(--t-small);
        min-width: 0;
      }
      .part p {
        margin: 0;
        text-wrap: pretty;
      }
      .label {
        display: block;
        font: 600 var(--t-label) / 1.5 var(--sans);
        color: var(--faint);
      }
      .sources {
        color: var(--soft);
        font-size: var(--t-label);
        margin-top: 4px !important;
      }
      .foot {
        display: grid;
        gap: 10px;
        align-content: start;
        border-top: 1px solid var(--grid);
        padding-top: 12px;
      }
      .sure {
        display: block;
        margin-top: 4px;
        font-size: var(--t-label);
        color: var(--soft);
      }
      .opens {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .opens button {
        font-size: var(--t-label);
        padding: 5px 11px;
        white-space: normal;
        text-align: start;
      }
      .opens button::after {
        content: ' →';
        content: ' →' / '';
      }
      figure {
        margin: 0;
      }
      @media (min-width: 760px) {
        .claim.shown {
          grid-column: span 2;
          grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
          column-gap: 28px;
        }
        .shown figure {
          grid-area: 1 / 2 / -1 / 3;
          align-self: center;
          justify-self: center;
          width: 100%;
          max-width: 400px;
        }
        .shown .head {
          grid-area: 1 / 1 / 2 / 3;
        }
        .shown figure {
          grid-row: 2 / -1;
        }
      }
      @media (max-width: 759px) {
        .claim {
          grid-row: auto;
          grid-template-rows: none;
        }
      }
      :host([theme='projector']) .cards {
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 560px), 1fr));
      }
      @media print {
        section {
          margin-top: 18px;
        }
        h2 {
          break-after: avoid;
        }
        .cards {
          display: block;
          columns: 2;
          column-gap: 18px;
        }
        .claim {
          display: grid;
          grid-template-rows: none;
          break-inside: avoid;
          gap: 8px;
          padding: 10px 12px;
          margin-bottom: 12px;
        }
        .claim.shown {
          grid-template-columns: minmax(0, 1fr);
        }
        .shown figure,
        .shown .head {
          grid-area: auto;
        }
        .opens {
          display: none;
        }
      }
    `,
  ];

  protected override content() {
    const shown = ofStatus(this._filter);
    return html`
      <h1 id="heading" tabindex="-1">${text.title}</h1>
      <p class="lead">${text.lead}</p>
      <div class="filter screen">
        <segmented-choice
          .label=${text.filter.label}
          .choices=${(['all', ...STATUSES] as const).map((value) => ({
            value,
            label: text.filter.choice(
              value === 'all' ? text.filter.all : text.filter.short[value],
              ofStatus(value).length,
            ),
          }))}
          .value=${this._filter}
          @change=${(event: Event) => {
            this._filter = (event.target as SegmentedChoice).value as Filter;
          }}
        ></segmented-choice>
        <p class="note" role="status">${this.locked ? text.locked : text.filter.shown(shown.length, CLAIMS.length)}</p>
      </div>
      ${TOPICS.map((topic) => {
        const claims = shown.filter((claim) => claim.topic === topic);
        return claims.length === 0
          ? nothing
          : html`<section aria-labelledby=${topic}>
              <h2 id=${topic}>${text.topics[topic]}</h2>
              <ul class="cards">
                ${claims.map((claim) => this.#card(claim))}
              </ul>
            </section>`;
      })}
    `;
  }

  #card(claim: Claim) {
    const words: ClaimWords = text.cards[claim.id];
    const status = statusOf(claim);
    const met = new Set<Term>();
    const race = recordedRace(claim);
    return html`<li class="claim ${status} ${race ? 'shown' : ''}">
      <div class="head">
        <span class="number">${claim.number}</span>
        <span class="status">${text.status[status]}</span>
        <h3>${words.title}</h3>
      </div>
      <div class="part">
        <span class="label">${text.parts.says}</span>
        <p class="says">${words.says}</p>
      </div>
      <div class="part">
        <span class="label">${text.parts.literature}</span>
        <p><b>${text.standing[claim.standing]}</b> ${glossed(words.literature, met)}</p>
        <p class="sources">${text.parts.sources(words.sources)}</p>
      </div>
      <div class="part foot">
        <p><span class="label">${text.parts.test[status]}</span>${glossed(words.test, met)}</p>
        ${this.#recorded(claim, race)} ${status === 'measured' ? this.#opens(claim) : nothing}
      </div>
      ${race ? html`<figure>${claimPlot(race)}</figure>` : nothing}
    </li>`;
  }

  #recorded(claim: Claim, race: Recorded | undefined) {
    const label = (device: string) => html`<span class="label">${text.parts.recorded(device)}</span>`;
    if (race?.verdict) return html`<p class="recorded">${label(race.device)}${race.verdict.sentence}</p>`;
    const law = this._laws.get(toldBy(claim)?.id ?? '');
    return law
      ? html`<p class="recorded">
          ${label(law.device)}${emphasised(law.said.headline)}
          <span class="sure">${text.parts.sure(law.said.sure)}</span>
        </p>`
      : nothing;
  }

  #opens(claim: Claim) {
    return html`<div class="opens">
      ${testsOf(claim).map(
        ({ id, title }) =>
          html`<button
            ?disabled=${this.locked}
            aria-label=${text.openLabel(title)}
            @click=${() => {
              this.close();
              this.dispatchEvent(new ExhibitEvent(id));
            }}
          >
            ${title}
          </button>`,
      )}
    </div>`;
  }
}

customElements.define('claims-sheet', ClaimsSheet);

declare global {
  interface HTMLElementTagNameMap {
    'claims-sheet': ClaimsSheet;
  }
}
