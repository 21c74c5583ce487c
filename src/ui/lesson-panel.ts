/** A guided lesson beside the lab: one step at a time, which sets the lab, asks, and compares bets with measurements. */
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { isRight, lessonOf, type Check, type Lesson, type Step } from '../lessons/lessons';
import { lessonsText, type StepWords } from '../text/lessons';
import { BetEvent } from './bet-event';
import { CommandEvent } from './command-event';
import { glossed } from './glossed';
import { LabSettingEvent, LessonEvent } from './lesson-event';
import { missOf, outcomeOf, stands, withoutDevice } from './lesson-model';
import { readProgress, writeProgress, type Outcome, type Progress } from './lesson-progress';
import { concerns } from './state-change';
import { canStart, INITIAL_STATE, isActive, type LabState } from './store';
import { base, button, primary } from './styles';
import { lessonPanel } from './lesson-panel-styles';

const text = lessonsText.panel;

type BetCheck = Extract<Check, { kind: 'bet' }>;

export class LessonPanel extends LitElement {
  static override properties = {
    lesson: { type: String },
    resumed: { type: Boolean },
    state: { attribute: false },
    _progress: { state: true },
    _draft: { state: true },
  };

  /** Id of the lesson. */
  declare lesson: string;
  /** It was open when the page was left: nobody has just asked for it. */
  declare resumed: boolean;
  declare state: LabState;
  declare _progress: Progress;
  /** What is chosen or typed in this step and not yet given as an answer. */
  declare _draft: number | undefined;

  /** The step has changed under the reader's eyes: its heading takes the focus. */
  #moved = false;
  /** The lab was set for the step that is shown. */
  #set = '';

  constructor() {
    super();
    this.lesson = '';
    this.resumed = false;
    this.state = INITIAL_STATE;
    this._progress = { step: 0, answers: {}, outcomes: {} };
    this._draft = undefined;
  }

  static override styles = [base, button, primary, lessonPanel];

  get #lesson(): Lesson | undefined {
    return lessonOf(this.lesson);
  }

  get #step(): Step | undefined {
    return this.#lesson?.steps[this._progress.step];
  }

  override shouldUpdate(changed: PropertyValues): boolean {
    return concerns(changed, this.state, [
      ...(['phase', 'device', 'exhibit', 'wanted', 'subject', 'result', 'law', 'theme'] as const),
    ]);
  }

  override willUpdate(changed: PropertyValues): void {
    const lesson = this.#lesson;
    if (changed.has('lesson') && lesson) {
      this._progress = readProgress(lesson);
      this._draft = undefined;
      this.#moved = !this.resumed;
      this.#set = '';
    }
    this.#measure();
  }

  /** Keeps what a bet came to as soon as it is known. */
  #measure(): void {
    const step = this.#step;
    if (step?.check?.kind !== 'bet' || !step.lab) return;
    const outcome = outcomeOf(step.check.measure, step.lab, this.state);
    const known = this._progress.outcomes[step.id];
    if (!outcome || JSON.stringify(outcome) === JSON.stringify(known)) return;
    // What is known already is told only to whoever has bet.
    if (outcome.recorded !== undefined && this._progress.answers[step.id] === undefined) return;
    this.#keep({ outcomes: { ...this._progress.outcomes, [step.id]: outcome } });
  }

  override updated(): void {
    const step = this.#step;
    if (!step) return;
    const key = `${this.lesson}/${step.id}`;
    // A lab that is still opening will be set once it has.
    if (this.#set !== key && this.state.exhibit !== '') {
      // What a link has just set goes before a lesson of the day before.
      const linked = this.#set === '' && this.resumed && location.hash !== '';
      this.#set = key;
      if (step.lab && !linked && !isActive(this.state.phase)) this.dispatchEvent(new LabSettingEvent(step.lab));
    }
    if (!this.#moved) return;
    this.#moved = false;
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
    if (this.getBoundingClientRect().top < 0) this.scrollIntoView({ block: 'start' });
  }

  #keep(change: Partial<Progress>): void {
    const lesson = this.#lesson;
    if (!lesson) return;
    this._progress = { ...this._progress, ...change };
    writeProgress(lesson, this._progress);
  }

  #go(step: number): void {
    this._draft = undefined;
    this.#moved = true;
    this.#keep({ step });
  }

  #answer(answer: number): void {
    const step = this.#step;
    if (!step) return;
    this.#keep({ answers: { ...this._progress.answers, [step.id]: answer } });
    if (step.check?.kind !== 'bet') return;
    // The lab draws it where it asks the same.
    if (step.check.measure === 'prediction' || step.check.measure === 'doubling') {
      this.dispatchEvent(new BetEvent(answer));
    }
  }

  override render() {
    const lesson = this.#lesson;
    const step = this.#step;
    if (!lesson || !step) return null;
    const { step: at } = this._progress;
    const words = lessonsText.lessons[lesson.id];
    const steps: Record<string, StepWords> = words.steps;
    const said = steps[step.id];
    const last = at === lesson.steps.length - 1;
    return html`<section aria-label=${text.label(words.title)}>
      <div class="top">
        <span><b>${words.title}</b> · ${text.step(at + 1, lesson.steps.length)}</span>
        <button aria-label=${text.leaveLabel} @click=${() => this.dispatchEvent(new LessonEvent(undefined))}>
          ${text.leave}
        </button>
      </div>
      <ol>
        ${lesson.steps.map(
          ({ id }, i) =>
            html`<li class=${i < at ? 'past' : ''}>
              <button
                aria-label=${text.toStep(i + 1, steps[id]?.title ?? '')}
                title=${steps[id]?.title ?? ''}
                aria-current=${i === at ? 'step' : nothing}
                @click=${() => {
                  this.#go(i);
                }}
              ></button>
            </li>`,
        )}
      </ol>
      <div class="step ${step.check ? '' : 'alone'}">
        <div>
          <h2 tabindex="-1">${said?.title}</h2>
          <p>${glossed(said?.say ?? '')}</p>
        </div>
        ${said && step.check ? html`<div class="check">${this.#check(step, step.check, said)}</div>` : nothing}
      </div>
      ${this.#notice(step)}
      <div class="moves">
        <button
          ?disabled=${at === 0}
          @click=${() => {
            this.#go(at - 1);
          }}
        >
          ${text.back}
        </button>
        <button
          class=${this._progress.answers[step.id] !== undefined || !step.check ? 'primary' : ''}
          @click=${() => {
            if (last) this.dispatchEvent(new LessonEvent(undefined));
            else this.#go(at + 1);
          }}
        >
          ${last ? text.finish : text.next}
        </button>
      </div>
    </section>`;
  }

  /** What stands between the step and the lab. */
  #notice({ lab }: Step) {
    if (!lab || stands(this.state, lab) || this.state.exhibit === '') return nothing;
    if (isActive(this.state.phase)) return html`<p class="notice" role="status">${text.busy}</p>`;
    return html`<div class="notice">
      <span>${text.moved}</span>
      <button @click=${() => this.dispatchEvent(new LabSettingEvent(lab))}>${text.set}</button>
    </div>`;
  }

  #check(step: Step, check: Check, words: StepWords) {
    switch (check.kind) {
      case 'choice':
        return this.#choice(step, check, words);
      case 'number':
        return this.#number(step, check, words);
      case 'bet':
        return this.#bet(step, check, words);
    }
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    if (this._draft !== undefined && Number.isFinite(this._draft)) this.#answer(this._draft);
  }

  #choice({ id }: Step, check: Check, { ask, options = [] }: StepWords) {
    const given = this._progress.answers[id];
    const chosen = this._draft ?? given;
    const right = given === undefined ? undefined : isRight(check, given);
    return html`<form
        @submit=${(event: SubmitEvent) => {
          this.#submit(event);
        }}
      >
        <fieldset>
          <legend class="ask">${ask}</legend>
          ${options.map(
            ({ label }, i) =>
              html`<label class="option">
                <input
                  type="radio"
                  name="answer"
                  value=${i}
                  .checked=${chosen === i}
                  @change=${() => {
                    this._draft = i;
                  }}
                /><span>${label}</span>
              </label>`,
          )}
        </fieldset>
        <button ?disabled=${this._draft === undefined}>${text.check}</button>
      </form>
      <div class="said ${right === undefined ? '' : right ? 'right' : 'wrong'}" role="status">
        ${given === undefined ? nothing : html`<p>${right ? '✓' : '✗'} ${options[given]?.because}</p>`}
      </div>`;
  }

  #number({ id }: Step, check: Check, { ask, unit, right: praise, wrong: hint }: StepWords) {
    const given = this._progress.answers[id];
    const right = given === undefined ? undefined : isRight(check, given);
    return html`<form
        @submit=${(event: SubmitEvent) => {
          this.#submit(event);
        }}
      >
        <p class="ask" id="ask">${ask}</p>
        <div class="number">
          <input
            type="number"
            step="any"
            aria-labelledby="ask"
            aria-describedby="unit"
            .value=${given === undefined ? '' : String(given)}
            @input=${(event: Event) => {
              const { valueAsNumber } = event.target as HTMLInputElement;
              this._draft = Number.isNaN(valueAsNumber) ? undefined : valueAsNumber;
            }}
          /><span id="unit">${unit}</span>
          <button ?disabled=${this._draft === undefined}>${text.check}</button>
        </div>
      </form>
      <div class="said ${right === undefined ? '' : right ? 'right' : 'wrong'}" role="status">
        ${right === undefined ? nothing : html`<p>${right ? '✓' : '✗'} ${right ? praise : hint}</p>`}
      </div>`;
  }

  #bet({ id, lab }: Step, check: BetCheck, { ask, unit = '' }: StepWords) {
    const { state } = this;
    const given = this._progress.answers[id];
    const outcome = this._progress.outcomes[id];
    const frozen = check.measure === 'prediction' && state.law.prediction !== undefined;
    const open = !frozen && (!outcome || (outcome.smoke ?? false));
    const known = lab !== undefined && outcomeOf(check.measure, lab, state) !== undefined;
    const value = this._draft ?? given ?? (check.from + check.to) / 2;
    return html`<form
        @submit=${(event: SubmitEvent) => {
          this.#submit(event);
          this._draft = undefined;
        }}
      >
        <p class="ask" id="ask">${ask}</p>
        <div class="slider">
          <input
            type="range"
            min=${check.from}
            max=${check.to}
            step=${check.step}
            .value=${String(value)}
            ?disabled=${!open}
            aria-labelledby="ask"
            aria-valuetext=${text.amount(value, unit)}
            @input=${(event: Event) => {
              this._draft = (event.target as HTMLInputElement).valueAsNumber;
            }}
          />
          <output>${given === undefined && this._draft === undefined ? '?' : text.amount(value, unit)}</output>
        </div>
        <div class="row">
          <button ?disabled=${!open || this._draft === undefined}>${text.place}</button>
          ${
            given !== undefined && canStart(state.phase) && state.device
              ? html`<button
                  type="button"
                  class="primary"
                  @click=${() => this.dispatchEvent(new CommandEvent('start'))}
                >
                  ${text.start}
                </button>`
              : nothing
          }
        </div>
      </form>
      <div class="said ${outcome ? 'right' : ''}" role="status">${this.#told(given, outcome, unit, known)}</div>`;
  }

  /** @param known there is something to compare a bet with, without training */
  #told(bet: number | undefined, outcome: Outcome | undefined, unit: string, known: boolean) {
    const busy = isActive(this.state.phase);
    const sentences = outcome
      ? this.#came(bet, outcome, unit)
      : [
          ...(bet === undefined ? [] : [text.placed(text.amount(bet, unit))]),
          ...(busy ? [text.running] : []),
          ...(withoutDevice(this.state) ? [known ? text.willBeRecorded : text.cannot] : []),
        ];
    return sentences.length === 0 ? nothing : sentences.map((sentence) => html`<p>${sentence}</p>`);
  }

  #came(bet: number | undefined, outcome: Outcome, unit: string): string[] {
    const { value, low, high, atLeast, none, smoke, recorded } = outcome;
    const amount = text.amount(value, unit);
    const interval: [string, string] | undefined =
      low === undefined || high === undefined ? undefined : [text.bound(low, unit), text.bound(high, unit)];
    const { inside, off } = missOf(bet ?? NaN, outcome);
    return [
      none ? text.noSaving : atLeast ? text.atLeast(amount) : text.came(amount, interval),
      bet === undefined ? text.noBet : inside ? text.inside : text.off(off),
      ...(smoke ? [text.smoke] : []),
      ...(recorded === undefined ? [] : [text.recorded(recorded)]),
    ];
  }
}

customElements.define('lesson-panel', LessonPanel);

declare global {
  interface HTMLElementTagNameMap {
    'lesson-panel': LessonPanel;
  }
}
