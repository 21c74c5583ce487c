/** Starting, pausing and stopping, the choice of a budget with the time it will take, progress, the result. */
import { css, html, LitElement } from 'lit';
import type { BudgetName } from '../config/run-spec';
import type { Amount } from '../experiments/experiment';
import { resultFileName, resultText } from '../share/result-file';
import { text } from '../text/text';
import { CommandEvent, type Command } from './command-event';
import { download } from './download';
import { canStart, INITIAL_STATE, isActive, showsElsewhere, showsRecorded, type LabState } from './store';
import { base, button } from './styles';

export class BudgetEvent extends Event {
  constructor(readonly budget: BudgetName) {
    super('lab-budget', { bubbles: true, composed: true });
  }
}

/** What the large button, and the space bar, do now. */
export function mainCommand(state: LabState): Command | undefined {
  if (state.phase === 'running') return 'pause';
  if (state.phase === 'paused') return 'resume';
  return canStart(state.phase) ? 'start' : undefined;
}

export class RunPanel extends LitElement {
  static override properties = {
    state: { attribute: false },
    budgets: { attribute: false },
    runs: { type: Number },
    label: { type: String },
  };

  declare state: LabState;
  /** What can be chosen, and what each means here. */
  declare budgets: readonly { name: BudgetName; amount: Amount }[];
  /** How many runs a start will train. */
  declare runs: number;
  /** Whose compute the budget is. */
  declare label: string;

  constructor() {
    super();
    this.state = INITIAL_STATE;
    this.budgets = [];
    this.runs = 0;
    this.label = text.run.budget.compute;
  }

  static override styles = [
    base,
    button,
    css`
      :host {
        display: grid;
        gap: 14px;
      }
      .go {
        display: flex;
        align-items: center;
        justify-content: center;
        gap: 10px;
        width: 100%;
        border: 1px solid var(--ink);
        border-radius: 12px;
        padding: 12px 16px;
        background: var(--ink);
        color: var(--card);
        font-size: var(--t-body);
        font-weight: 650;
      }
      .go:hover:not([aria-disabled='true']) {
        background: color-mix(in srgb, var(--ink) 86%, var(--card));
      }
      .go[aria-disabled='true'] {
        cursor: default;
        background: var(--grid);
        color: var(--soft);
        border-color: var(--line);
      }
      .go svg {
        width: 1em;
        height: 1em;
      }
      kbd {
        font: 500 var(--t-label) var(--mono);
        border: 1px solid currentColor;
        border-radius: 5px;
        padding: 0 5px;
        opacity: 0.75;
      }
      .row {
        display: flex;
        gap: 8px;
      }
      .row button {
        flex: 1;
      }
      label {
        display: grid;
        gap: 5px;
        font-size: var(--t-small);
      }
      select {
        font: inherit;
        font-size: var(--t-small);
        color: var(--ink);
        background: var(--card);
        border: 1px solid var(--control);
        border-radius: 9px;
        padding: 7px 8px;
        width: 100%;
      }
      /* It moves in steps: sliding it would have the whole page painted sixty times a second. */
      progress {
        appearance: none;
        display: block;
        width: 100%;
        height: 6px;
        border: 0;
        border-radius: 3px;
        overflow: hidden;
        background: var(--grid);
      }
      progress::-webkit-progress-bar {
        background: var(--grid);
      }
      progress::-webkit-progress-value {
        background: var(--focus);
      }
      progress::-moz-progress-bar {
        background: var(--focus);
      }
      @media (forced-colors: active) {
        .go {
          background: ButtonFace;
          color: ButtonText;
        }
        progress {
          appearance: auto;
        }
      }
      .status {
        display: flex;
        justify-content: space-between;
        gap: 12px;
        margin-top: 6px;
        font-size: var(--t-label);
        color: var(--soft);
        font-variant-numeric: tabular-nums;
      }
      @media (min-width: 1001px) {
        /* One row under the charts. */
        :host([theme='projector']) {
          display: flex;
          align-items: center;
          flex-wrap: wrap;
          gap: 12px 24px;
        }
        :host([theme='projector']) .go {
          width: auto;
          padding-inline: 28px;
          white-space: nowrap;
        }
        :host([theme='projector']) .row {
          flex: none;
        }
        :host([theme='projector']) .progress {
          flex: 1 1 11em;
        }
        :host([theme='projector']) :is(.note, .download) {
          display: none;
        }
        :host([theme='projector']) select {
          width: clamp(11.5em, 26vw, 18em);
        }
        :host([theme='projector']) label {
          grid-template-columns: auto auto;
          align-items: center;
          gap: 12px;
          white-space: nowrap;
        }
      }
    `,
  ];

  /** The large button takes the focus. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('.go')?.focus();
  }

  override render() {
    const { phase } = this.state;
    return html`
      ${this.#mainButton()}
      ${
        isActive(phase)
          ? html`<div class="row">
              <button ?disabled=${phase !== 'paused'} @click=${() => this.#send('step')}>${text.run.step}</button>
              <button ?disabled=${phase === 'stopping'} @click=${() => this.#send('stop')}>
                ${phase === 'stopping' ? text.run.stopping : text.run.stop}
              </button>
            </div>`
          : this.#budgetChoice()
      }
      ${this.#progress()}
      ${
        this.state.result
          ? html`<button class="download" data-part="download" @click=${this.#download}>${text.run.download}</button>`
          : null
      }
    `;
  }

  #mainButton() {
    const { phase } = this.state;
    const command = mainCommand(this.state);
    const recorded = showsRecorded(this.state);
    const shared = !recorded && showsElsewhere(this.state);
    const again = !recorded && (phase === 'done' || phase === 'stopped' || phase === 'failed');
    const [words, icon] =
      command === 'pause'
        ? [text.run.pause, 'M2 1h4v14H2zM10 1h4v14h-4z']
        : command === 'resume'
          ? [text.run.resume, 'M3 1l11 7-11 7z']
          : command === 'start'
            ? [shared ? text.run.here : again ? text.run.again : text.run.start, 'M3 1l11 7-11 7z']
            : [phase === 'stopping' ? text.run.stopping : text.run.preparing, ''];
    // Never taken from the keyboard: a button that is disabled loses the focus, and Start would lose it by starting.
    return html`
      <button
        class="go"
        aria-disabled=${command === undefined ? 'true' : 'false'}
        aria-keyshortcuts="Space"
        @click=${() => {
          if (command) this.#send(command);
        }}
      >
        ${
          icon === ''
            ? null
            : html`<svg viewBox="0 0 16 16" aria-hidden="true"><path fill="currentColor" d=${icon} /></svg>`
        }
        ${words} ${command === undefined ? null : html`<kbd aria-hidden="true">Space</kbd>`}
      </button>
    `;
  }

  #budgetChoice() {
    const { budget, estimates, phase, device } = this.state;
    const seconds = estimates[budget];
    const words = (each: BudgetName, { tokens, flops = 0 }: Amount): string => {
      const time = estimates[each];
      const amount = tokens === undefined ? text.run.flops(flops) : text.run.tokens(tokens);
      return [amount, each === 'smoke' ? text.run.smoke : '', time === undefined ? '' : text.run.takes(time)]
        .filter((part) => part !== '')
        .join(' · ');
    };
    return html`
      <label data-part="budget">
        ${this.label}
        <select
          @change=${(event: Event) => {
            const { value } = event.target as HTMLSelectElement;
            this.dispatchEvent(new BudgetEvent(value as BudgetName));
          }}
        >
          ${this.budgets.map(
            ({ name, amount }) =>
              html`<option value=${name} .selected=${name === budget}>${words(name, amount)}</option>`,
          )}
        </select>
      </label>
      <p class="note">
        ${
          seconds !== undefined
            ? text.run.willTake(seconds, this.runs)
            : phase === 'opening' || (phase === 'idle' && device)
              ? text.run.measuring(this.runs)
              : text.run.willRun(this.runs)
        }
      </p>
    `;
  }

  #progress() {
    const { phase, progress, compile, result } = this.state;
    if (phase === 'preparing') {
      return html`<div class="progress">
        <progress max=${compile?.total ?? 1} .value=${compile?.done ?? 0} aria-label=${text.run.progress}></progress>
        <div class="status"><span>${compile ? text.run.compiling(compile.done, compile.total) : ''}</span></div>
      </div>`;
    }
    if (!progress) return null;
    const over = !isActive(phase);
    return html`<div class="progress">
      <progress max="1" .value=${progress.fraction} aria-label=${text.run.progress}></progress>
      <div class="status">
        <span>${text.run.done(progress.fraction)}</span>
        <span>
          ${over ? text.run.took(result?.seconds ?? progress.secondsElapsed) : text.run.left(progress.secondsLeft)}
        </span>
      </div>
    </div>`;
  }

  #send(command: Command): void {
    this.dispatchEvent(new CommandEvent(command));
  }

  #download(): void {
    const { result } = this.state;
    if (!result) return;
    download(resultFileName(result, new Date()), resultText(result));
  }
}

customElements.define('run-panel', RunPanel);

declare global {
  interface HTMLElementTagNameMap {
    'run-panel': RunPanel;
  }
}
