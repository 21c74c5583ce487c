/** All claims on one sheet: cards by topic, filtered by what the lab can say, each opening its experiments. */
import { html, nothing } from 'lit';
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
import { claimsSheet } from './claims-sheet-styles';

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

  static override styles = [sheetStyles, claimPlotStyles, claimsSheet];

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
