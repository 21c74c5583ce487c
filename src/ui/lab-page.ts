/** The page: the question and its answer, the exhibit that is shown, and the notes below. */
import { css, html, LitElement, nothing } from 'lit';
import type { Archive } from '../archive/archive';
import { canonicalJson } from '../config/run-spec';
import type { LabSetting } from '../lessons/lessons';
import { offlineText } from '../text/offline';
import { text } from '../text/text';
import { answerOf, questionOf } from './answer';
import './answer-headline';
import type { Answer } from './answer-shape';
import type { SettingEvent } from './race-controls';
import type { CaseEvent } from './case-event';
import type { Curves } from './curves';
import type { Exhibit } from './exhibit';
import type { Gallery } from './gallery';
import type { HyperEvent } from './hyper-panel';
import { changeHyper } from './hyper-change';
import { pageKey } from './keys';
import type { GoOnEvent } from './keeping-note';
import './lab-header';
import type { ExhibitEvent, SheetEvent, SheetName, ThemeEvent } from './lab-header';
import type { LabSettingEvent, LessonEvent } from './lesson-event';
import { openLesson, rememberLesson } from './lesson-place';
import type { ViewEvent } from './view-event';
import { EMBEDDED } from './parts';
import type { BetEvent } from './bet-event';
import type { LookingEvent } from './looking-event';
import type { Offline } from './offline';
import type { PointEvent } from './point-event';
import './problem-note';
import './race-stage';
import type { Command, CommandEvent } from './command-event';
import { mainCommand, type BudgetEvent } from './run-panel';
import { INITIAL_STATE, isActive, type LabState, type Theme, type View } from './store';
import type { Sharing } from './sharing';
import { base, card } from './styles';
import { applyTheme, rememberTheme, THEMES } from './theme';
import { VERSION } from './version';
import { horizontalsOf } from './horizontals';
import { hasFloor } from '../config/flops';
import { chooseText, prepareText } from './choose-text';
import type { Library } from './library';
import type { TextEvent } from './text-event';

/** What follows in a list, and after the last the first. */
function next<T>(list: readonly T[], now: T): T {
  return list[(list.indexOf(now) + 1) % list.length] ?? now;
}

export class LabPage extends LitElement {
  static override properties = {
    gallery: { attribute: false },
    curves: { attribute: false },
    archive: { attribute: false },
    sharing: { attribute: false },
    library: { attribute: false },
    offline: { attribute: false },
    _state: { state: true },
    _lesson: { state: true },
  };

  declare gallery: Gallery | undefined;
  declare curves: Curves | undefined;
  /** Undefined until its script has come. */
  declare archive: Archive | undefined;
  /** Likewise. */
  declare sharing: Sharing | undefined;
  /** Texts that were read, for exhibits that read one. */
  declare library: Library | undefined;
  /** Undefined where the page is not kept for use without a connection. */
  declare offline: Offline | undefined;
  declare _state: LabState;
  /** Id of the lesson beside the lab. */
  declare _lesson: string | undefined;

  #unsubscribe: (() => void) | undefined;
  /** The lesson was open when the page was left. */
  #resumed = true;
  readonly #onKey = (event: KeyboardEvent): void => {
    this.#key(event);
  };

  constructor() {
    super();
    this.gallery = undefined;
    this.curves = undefined;
    this.archive = undefined;
    this.sharing = undefined;
    this.library = undefined;
    this.offline = undefined;
    this._state = INITIAL_STATE;
    this._lesson = openLesson();
  }

  static override styles = [
    base,
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
      main {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--gap);
        min-width: 0;
      }
      .notes {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr));
        gap: var(--gap);
      }
      @media (min-width: 660px) and (max-width: 1000px) {
        .notes > :last-child:nth-child(odd) {
          grid-column: 1 / -1;
        }
      }
      footer a {
        color: inherit;
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
      :host([embedded]) {
        padding: 12px;
        gap: 12px;
      }
      .open {
        font-size: var(--t-label);
        color: var(--soft);
        justify-self: end;
      }
      :host([theme='projector']) {
        max-width: none;
        padding: 16px clamp(16px, 2.5vw, 48px) 24px;
      }
      :host([theme='projector']) main {
        reading-flow: grid-order;
      }
      /* Under what the back row looks at. */
      :host([theme='projector']) share-bar {
        order: 1;
      }
      :host([theme='projector']) :is(.notes, .runs, .plan) {
        display: none;
      }
      @media (min-width: 1001px) {
        /* One screen: the chart takes what the words and the row that runs it leave. The head is as tall as its padding. */
        :host([theme='projector']) main {
          min-height: calc(100vh - 2.4 * var(--t-label) - 46px + 1.5 * var(--t-label));
          grid-template-rows: auto minmax(0, 1fr);
        }
      }
      /* Beside the lab where there is room, else above it. */
      @media (min-width: 1500px) {
        :host([lesson]) {
          grid-template-columns: minmax(340px, 23%) minmax(0, 1fr);
          max-width: 1880px;
        }
        :host([lesson]) :is(header, footer) {
          grid-column: 1 / -1;
        }
        lesson-panel {
          position: sticky;
          top: 16px;
          align-self: start;
          max-height: calc(100vh - 32px);
          overflow: auto;
        }
      }
      @media print {
        /* What is open is what is printed. */
        :is(header, main, footer):has(~ [open]) {
          display: none;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#onKey);
    if (this._lesson !== undefined) void this.#load(() => import('./lesson-panel'));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#onKey);
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  get #exhibit(): Exhibit | undefined {
    return this.gallery?.current;
  }

  override willUpdate(): void {
    const store = this.#exhibit?.session.store;
    if (!store || this.#unsubscribe) return;
    this._state = store.state;
    this.#unsubscribe = store.subscribe(() => {
      this._state = store.state;
    });
  }

  override updated(): void {
    this.setAttribute('theme', this._state.theme);
    this.toggleAttribute('embedded', EMBEDDED);
    this.toggleAttribute('lesson', this._lesson !== undefined);
  }

  override render() {
    const { gallery, curves, _state: state } = this;
    const exhibit = this.#exhibit;
    if (!gallery || !exhibit || !curves) return null;
    const { experiment } = exhibit;
    return html`
      <header data-part="header">
        <lab-header
          .exhibits=${gallery.exhibits.map(({ experiment: { id, title } }) => ({
            value: id,
            label: title,
            short: text.exhibit.short[id],
          }))}
          .exhibit=${experiment.id}
          .locked=${isActive(state.phase)}
          theme=${state.theme}
          @lab-exhibit=${(event: ExhibitEvent) => {
            this.#open(event.id);
          }}
          @lab-choose-theme=${(event: ThemeEvent) => {
            this.#setTheme(event.theme);
          }}
          @lab-keys=${this.#showKeys}
          @lab-sheet=${(event: SheetEvent) => void this.#showSheet(event.sheet)}
        ></lab-header>
      </header>
      ${
        this._lesson === undefined
          ? nothing
          : html`<lesson-panel
              theme=${state.theme}
              .lesson=${this._lesson}
              ?resumed=${this.#resumed}
              .state=${state}
              @lab-lesson=${(event: LessonEvent) => void this.#teach(event.id)}
              @lab-set=${(event: LabSettingEvent) => {
                this.#setLab(event.lab);
              }}
              @lab-command=${(event: CommandEvent) => {
                this.#command(event.command);
              }}
              @lab-bet=${({ value }: BetEvent) => {
                exhibit.session.store.update({ bet: value });
              }}
            ></lesson-panel>`
      }
      <main
        @lab-command=${(event: CommandEvent) => {
          this.#command(event.command);
        }}
        @lab-budget=${(event: BudgetEvent) => void exhibit.choose(event.budget)}
        @lab-setting=${(event: SettingEvent) => void exhibit.set(event.setting)}
        @lab-case=${(event: CaseEvent) => {
          this.#case(event);
        }}
        @lab-view=${(event: ViewEvent) => {
          this.#setView(event.change);
        }}
        @lab-hyper=${(event: HyperEvent) => {
          changeHyper(exhibit.session, event.change);
        }}
        @lab-text=${(event: TextEvent) => {
          if (this.library) void chooseText(exhibit, this.library, event.what);
        }}
        @lab-go-on=${(event: GoOnEvent) => void this.gallery?.goOn(event.id, event.goOn)}
        @lab-point=${({ key }: PointEvent) => {
          exhibit.session.store.update({ pointed: key });
        }}
        @lab-bet=${({ value }: BetEvent) => {
          exhibit.session.store.update({ bet: value });
        }}
        @lab-dismiss=${() => {
          exhibit.session.store.update({ problem: undefined });
        }}
        @lab-notes-read=${() => {
          exhibit.session.store.update({ notes: [] });
        }}
      >
        <div class="hero">
          <answer-headline
            data-part="question"
            .question=${questionOf(state, experiment)}
            .answer=${this.#answer(answerOf(state, curves, experiment))}
          ></answer-headline>
          <problem-note .problem=${state.problem}></problem-note>
          <keeping-note .state=${state}></keeping-note>
          <shared-note theme=${state.theme} .state=${state}></shared-note>
          <version-note .state=${state} @lab-new-version=${() => void this.offline?.takeUp()}></version-note>
        </div>
        <share-bar
          data-part="share"
          aria-label=${text.shareBar}
          role="group"
          .sharing=${this.sharing}
          chart=${questionOf(state, experiment)}
          .state=${state}
        ></share-bar>
        ${this.#stage(exhibit, curves)}
        <closer-look
          class="card"
          data-part="inside"
          .state=${state}
          ?sweep=${experiment.law !== undefined}
          @lab-looking=${(event: LookingEvent) => void exhibit.session.lookCloser(event.looking)}
        ></closer-look>
        <div class="notes" data-part="notes">
          ${
            experiment.law
              ? html`<section class="card">
                  <source-note .spec=${state.cohorts[0]?.specs[0] ?? experiment.base}></source-note>
                </section>`
              : nothing
          }
          <section class="card"><design-note .experiment=${experiment}></design-note></section>
          <section class="card"><hyper-panel .state=${state}></hyper-panel></section>
        </div>
        ${
          this.archive
            ? html`<section class="card runs" data-part="runs">
                <runs-table .archive=${this.archive} .pointed=${state.pointed} .sweep=${state.sweep}></runs-table>
              </section>`
            : nothing
        }
        <section class="card plan" data-part="plan">
          <plan-table
            .cohorts=${state.cohorts}
            .series=${state.series}
            .phase=${state.phase}
            .kernels=${state.device?.kernelProfile}
            .kernelText=${exhibit.session.kernelText}
          ></plan-table>
        </section>
        <live-line .store=${exhibit.session.store} .curves=${curves} .experiment=${experiment}></live-line>
      </main>
      ${
        EMBEDDED
          ? html`<a
              class="open"
              href="./"
              target="_blank"
              rel="noopener"
              @click=${(event: Event) => {
                (event.currentTarget as HTMLAnchorElement).hash = location.hash;
              }}
              >${text.open}</a
            >`
          : nothing
      }
      <footer data-part="footer">
        ${this.#footer(state).map((part) => html`<span>${part}</span>`)}<a href="./bench.html">${text.footer.bench}</a>
      </footer>
      <keys-dialog></keys-dialog>
      <claims-sheet
        theme=${state.theme}
        ?locked=${isActive(state.phase)}
        @lab-exhibit=${(event: ExhibitEvent) => {
          this.#open(event.id);
        }}
      ></claims-sheet>
      <lessons-sheet
        theme=${state.theme}
        @lab-lesson=${(event: LessonEvent) => void this.#teach(event.id)}
      ></lessons-sheet>
    `;
  }

  /** In a lesson the reader bets before it is told what others measured. */
  #answer(answer: Answer): Answer {
    return this._lesson !== undefined && this._state.phase === 'idle' ? { ...answer, sure: [] } : answer;
  }

  #stage(exhibit: Exhibit, curves: Curves) {
    const { _state: state } = this;
    const { theme } = state;
    const { law, base: own } = exhibit.experiment;
    if (law) return html`<law-stage theme=${theme} .exhibit=${exhibit} .state=${state} .curves=${curves}></law-stage>`;
    return hasFloor(own)
      ? html`<race-stage theme=${theme} .exhibit=${exhibit} .state=${state} .curves=${curves}></race-stage>`
      : html`<text-stage theme=${theme} .exhibit=${exhibit} .state=${state} .curves=${curves}></text-stage>`;
  }

  #footer({ device, offline }: LabState): string[] {
    return [
      device ? text.footer.device(device.name, device.kernelProfile) : text.footer.noDevice,
      ...(device?.kernelsBy === 'request' ? [text.footer.asked] : []),
      ...(device?.kernelsBy === 'probe' ? [text.footer.probe(device.probe)] : []),
      ...(device?.software ? [text.footer.software] : []),
      text.footer.privacy,
      ...(offline ? [offlineText[offline]] : []),
      text.footer.version(VERSION),
    ];
  }

  #command(command: Command): void {
    const exhibit = this.#exhibit;
    if (!exhibit) return;
    // Failures have become sentences on the page by the time these settle.
    if (command === 'start' && this.library && !hasFloor(exhibit.experiment.base)) {
      void prepareText(exhibit, this.library);
    }
    if (command === 'start') void exhibit.start();
    else if (command === 'skip') void exhibit.skip();
    else void exhibit.session[command]();
  }

  #open(id: string): void {
    void this.gallery?.open(id);
    const [first] = horizontalsOf(this.#exhibit?.experiment);
    // An axis that the other exhibit does not have would leave its switch without a choice.
    if (first && !horizontalsOf(this.#exhibit?.experiment).includes(this._state.view.horizontal)) {
      this.#setView({ horizontal: first });
    }
  }

  #case({ id, start }: CaseEvent): void {
    const exhibit = this.#exhibit;
    void exhibit?.select(id).then(() => (start ? exhibit.start() : undefined));
    if (!start) return;
    // The button that was pressed cannot be pressed again; what it started is at the top.
    this.renderRoot.querySelector('race-stage')?.focus();
    this.renderRoot.querySelector('.hero')?.scrollIntoView({ block: 'start' });
  }

  #setView(change: Partial<View>): void {
    const store = this.#exhibit?.session.store;
    store?.update({ view: { ...store.state.view, ...change } });
  }

  #setTheme(theme: Theme): void {
    this.#exhibit?.session.store.update({ theme });
    rememberTheme(theme);
    this.setAttribute('theme', theme);
    applyTheme(theme);
  }

  /** Shows several result files at once. */
  async collect(files: readonly File[]): Promise<void> {
    await this.renderRoot.querySelector('share-bar')?.collect(files);
  }

  #showKeys(): void {
    this.renderRoot.querySelector('keys-dialog')?.open();
  }

  /** Loads a script that is not needed before; where that fails, says so. */
  async #load(script: () => Promise<unknown>): Promise<boolean> {
    try {
      await script();
      return true;
    } catch {
      this.#exhibit?.session.store.update({ problem: { code: 'internal', sentence: text.sheets.notLoaded } });
      return false;
    }
  }

  async #showSheet(name: SheetName): Promise<void> {
    await this.#load(async () => {
      await import('./sheets');
      await this.renderRoot.querySelector(`${name}-sheet`)?.open();
    });
  }

  /** Puts a lesson beside the lab, or takes it away. */
  async #teach(id: string | undefined): Promise<void> {
    if (id !== undefined && !(await this.#load(() => import('./lesson-panel')))) return;
    this.#resumed = false;
    this._lesson = id;
    if (this.gallery) this.gallery.withRecorded = id === undefined;
    rememberLesson(id);
  }

  /** Each step goes before the one that is still measuring how long it would take. */
  #setLab({ experiment, case: id, setting, budget, view }: LabSetting): void {
    this.#open(experiment);
    const exhibit = this.#exhibit;
    if (exhibit?.experiment.id !== experiment) return;
    void exhibit.withdrawRecorded();
    const wanted = id ?? exhibit.experiment.cases[0].id;
    if (exhibit.case.id !== wanted) void exhibit.select(wanted);
    if (canonicalJson(this._state.wanted.setting) !== canonicalJson(setting ?? {})) void exhibit.set(setting ?? {});
    if (budget) void exhibit.choose(budget);
    if (view) this.#setView(view);
  }

  #key(event: KeyboardEvent): void {
    const key = pageKey(event);
    const { view, theme, phase } = this._state;
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
        this.#setView({ horizontal: next(horizontalsOf(this.#exhibit?.experiment), view.horizontal) });
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
