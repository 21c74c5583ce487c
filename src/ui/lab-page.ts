/** The page: the question and its answer, the chart, the controls, and the evidence below. */
import { css, html, LitElement } from 'lit';
import { text } from '../text/text';
import { answerOf } from './answer';
import './answer-headline';
import type { Curves } from './curves';
import type { Exhibit } from './exhibit';
import type { HyperEvent } from './hyper-panel';
import { pageKey } from './keys';
import './live-line';
import './loss-by-size';
import './loss-curves';
import type { ViewEvent } from './loss-curves';
import './problem-note';
import { mainCommand, type BudgetEvent, type Command, type CommandEvent } from './run-panel';
import './segmented-choice';
import type { SegmentedChoice } from './segmented-choice';
import { INITIAL_STATE, type LabState, type Theme, type View } from './store';
import { base, button, card } from './styles';
import { applyTheme, rememberTheme, THEMES } from './theme';
import { VERSION } from './version';

const HORIZONTALS: readonly View['horizontal'][] = ['flops', 'tokens', 'steps', 'seconds'];

export class LabPage extends LitElement {
  static override properties = {
    exhibit: { attribute: false },
    curves: { attribute: false },
    _state: { state: true },
  };

  declare exhibit: Exhibit | undefined;
  declare curves: Curves | undefined;
  declare _state: LabState;

  #unsubscribe: (() => void) | undefined;
  readonly #onKey = (event: KeyboardEvent): void => {
    this.#key(event);
  };

  constructor() {
    super();
    this.exhibit = undefined;
    this.curves = undefined;
    this._state = INITIAL_STATE;
  }

  static override styles = [
    base,
    button,
    card,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--gap);
        max-width: 1480px;
        margin: 0 auto;
        padding: 22px clamp(16px, 3vw, 40px) 48px;
      }
      header {
        display: flex;
        align-items: center;
        gap: 10px 16px;
        flex-wrap: wrap;
      }
      .mark {
        display: flex;
        align-items: center;
        gap: 10px;
        font-weight: 650;
        letter-spacing: -0.01em;
      }
      .mark svg {
        width: 26px;
        height: 26px;
      }
      .tools {
        margin-inline-start: auto;
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
      }
      .tools button {
        font-size: var(--t-label);
        padding: 4px 10px;
        border-radius: 9px;
      }
      main {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--gap);
        min-width: 0;
      }
      .stage {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(310px, 28%);
        gap: var(--gap);
      }
      .side {
        display: grid;
        grid-template-rows: auto 1fr;
        gap: var(--gap);
        min-width: 0;
      }
      .notes {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr));
        gap: var(--gap);
      }
      @media (min-width: 660px) and (max-width: 1000px) {
        .notes > :last-child {
          grid-column: 1 / -1;
        }
      }
      footer {
        color: var(--soft);
        font-size: var(--t-label);
        display: flex;
        gap: 4px 18px;
        flex-wrap: wrap;
        border-top: 1px solid var(--line);
        padding-top: 14px;
      }
      @media (max-width: 1000px) {
        .stage {
          grid-template-columns: minmax(0, 1fr);
        }
        /* What starts it comes before what it shows. */
        .side {
          display: contents;
        }
        .run {
          order: -1;
        }
      }
      :host([theme='projector']) {
        max-width: none;
        padding: 16px clamp(16px, 2.5vw, 48px) 24px;
      }
      :host([theme='projector']) .notes {
        display: none;
      }
      @media (min-width: 1001px) {
        /* Two charts side by side as tall as the wall allows, and what runs them in one row below. */
        :host([theme='projector']) .stage {
          grid-template-columns: minmax(0, 1.75fr) minmax(0, 1fr);
        }
        :host([theme='projector']) .side {
          display: contents;
        }
        :host([theme='projector']) .run {
          order: 1;
          grid-column: 1 / -1;
          padding: 12px 20px;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#onKey);
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  override willUpdate(): void {
    const store = this.exhibit?.session.store;
    if (!store || this.#unsubscribe) return;
    this._state = store.state;
    this.#unsubscribe = store.subscribe(() => {
      this._state = store.state;
    });
  }

  override updated(): void {
    this.setAttribute('theme', this._state.theme);
  }

  override render() {
    const { exhibit, curves, _state: state } = this;
    if (!exhibit || !curves) return null;
    const { experiment } = exhibit;
    return html`
      <header>
        <div class="mark">
          <svg viewBox="0 0 26 26" aria-hidden="true" fill="none" stroke-linecap="round">
            <path d="M3 4c3 5 9 7 20 7.5" stroke="var(--series-0)" stroke-width="2.4" stroke-dasharray="1 4" />
            <path d="M3 4c3 9 9 12 20 12.8" stroke="var(--series-1)" stroke-width="2.4" stroke-dasharray="5 3.5" />
            <path d="M3 4c2.5 13 9 17 20 18" stroke="var(--series-2)" stroke-width="2.6" />
          </svg>
          ${text.title}
        </div>
        <div class="tools">
          <segmented-choice
            .label=${text.theme.label}
            .choices=${THEMES.map((theme) => ({ value: theme, label: text.theme[theme] }))}
            .value=${state.theme}
            @change=${(event: Event) => {
              this.#setTheme((event.target as SegmentedChoice).value as Theme);
            }}
          ></segmented-choice>
          <button aria-keyshortcuts="?" @click=${this.#showKeys}>${text.keys.open}</button>
        </div>
      </header>
      <main
        @lab-command=${(event: CommandEvent) => {
          this.#command(event.command);
        }}
        @lab-budget=${(event: BudgetEvent) => void exhibit.choose(event.budget)}
        @lab-view=${(event: ViewEvent) => {
          this.#setView(event.change);
        }}
        @lab-hyper=${this.#onHyper}
        @lab-dismiss=${() => {
          exhibit.session.store.update({ problem: undefined });
        }}
      >
        <div class="hero">
          <answer-headline
            .question=${experiment.question}
            .answer=${answerOf(state, curves, experiment)}
          ></answer-headline>
          <problem-note .problem=${state.problem}></problem-note>
        </div>
        <div class="stage">
          <loss-curves class="card" theme=${state.theme} .state=${state} .curves=${curves}></loss-curves>
          <div class="side">
            <section class="card run" aria-label=${text.run.label}>
              <run-panel
                theme=${state.theme}
                .state=${state}
                .budgets=${experiment.budgets}
                .runs=${experiment.seeds.length * experiment.varies.arms.length}
              ></run-panel>
            </section>
            <loss-by-size class="card" theme=${state.theme} .state=${state} .curves=${curves}></loss-by-size>
          </div>
        </div>
        <div class="notes">
          <section class="card"><source-note .spec=${experiment.base}></source-note></section>
          <section class="card"><design-note .experiment=${experiment}></design-note></section>
          <section class="card"><hyper-panel .state=${state}></hyper-panel></section>
        </div>
        <section class="card">
          <plan-table .cohorts=${state.cohorts} .series=${state.series}></plan-table>
        </section>
        <live-line .store=${exhibit.session.store} .curves=${curves} .experiment=${experiment}></live-line>
      </main>
      <footer>${this.#footer(state).map((part) => html`<span>${part}</span>`)}</footer>
      <keys-dialog></keys-dialog>
    `;
  }

  #footer({ device }: LabState): string[] {
    return [
      device ? text.footer.device(device.name, device.kernelProfile) : text.footer.noDevice,
      ...(device?.software ? [text.footer.software] : []),
      text.footer.privacy,
      text.footer.version(VERSION),
    ];
  }

  #command(command: Command): void {
    const { exhibit } = this;
    if (!exhibit) return;
    // Failures have become sentences on the page by the time these settle.
    if (command === 'start') void exhibit.start();
    else void exhibit.session[command]();
  }

  #onHyper(event: HyperEvent): void {
    const session = this.exhibit?.session;
    if (!session) return;
    const { series: target, rateFactor, patch } = event.change;
    this._state.series.forEach((series, index) => {
      if (target !== undefined && target !== index) return;
      const cohort = this._state.cohorts.find((each) => each.cohort === series.cohort);
      for (const replica of series.replicas) {
        const rate = cohort?.specs[replica]?.hyper.lr ?? 0;
        void session.setHyper(
          series.cohort,
          [replica],
          rateFactor === undefined ? (patch ?? {}) : { lr: rate * rateFactor },
        );
      }
    });
  }

  #setView(change: Partial<View>): void {
    this.exhibit?.session.store.update({ view: { ...this._state.view, ...change } });
  }

  #setTheme(theme: Theme): void {
    this.exhibit?.session.store.update({ theme });
    rememberTheme(theme);
    this.setAttribute('theme', theme);
    applyTheme(theme);
  }

  #showKeys(): void {
    this.renderRoot.querySelector('keys-dialog')?.open();
  }

  #key(event: KeyboardEvent): void {
    const key = pageKey(event);
    const { view, theme, phase } = this._state;
    const next = <T>(list: readonly T[], now: T): T => list[(list.indexOf(now) + 1) % list.length] ?? now;
    const act: Record<string, () => void> = {
      ' ': () => {
        const command = mainCommand(this._state);
        if (command) this.#command(command);
      },
      s: () => {
        if (phase === 'paused') this.#command('step');
      },
      Escape: () => {
        this.#command('stop');
      },
      l: () => {
        this.#setView({ scale: view.scale === 'log' ? 'linear' : 'log' });
      },
      f: () => {
        this.#setView({ vertical: view.vertical === 'excess' ? 'loss' : 'excess' });
      },
      x: () => {
        this.#setView({ horizontal: next(HORIZONTALS, view.horizontal) });
      },
      t: () => {
        this.#setTheme(next(THEMES, theme));
      },
      '?': () => {
        this.#showKeys();
      },
    };
    const action = key === undefined ? undefined : act[key];
    if (!action) return;
    event.preventDefault();
    action();
  }
}

customElements.define('lab-page', LabPage);

declare global {
  interface HTMLElementTagNameMap {
    'lab-page': LabPage;
  }
}
