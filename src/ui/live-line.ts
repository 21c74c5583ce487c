/** A polite line for screen readers every few seconds while something is happening. */
import { html, LitElement } from 'lit';
import { belowText as text } from '../text/below';
import { answerOf } from './answer';
import { plain } from './emphasis';
import type { Curves } from './curves';
import { hasFloor } from '../config/flops';
import type { Experiment } from '../experiments/experiment';
import { standingWords } from './standing';
import type { LabState, Phase, Store } from './store';
import { hidden } from './styles';

/** Milliseconds between two lines. */
const EVERY = 6000;

export class LiveLine extends LitElement {
  static override properties = {
    store: { attribute: false },
    curves: { attribute: false },
    experiment: { attribute: false },
    _words: { state: true },
  };

  declare store: Store | undefined;
  declare curves: Curves | undefined;
  declare experiment: Experiment | undefined;
  declare _words: string;

  #timer: ReturnType<typeof setInterval> | undefined;
  #phase: Phase | undefined;

  constructor() {
    super();
    this._words = '';
  }

  static override styles = [hidden];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => {
      this.#speak();
    }, EVERY);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render() {
    return html`<div class="hidden" aria-live="polite">${this._words}</div>`;
  }

  #speak(): void {
    if (!this.store || !this.curves) return;
    const { state } = this.store;
    const before = this.#phase;
    this.#phase = state.phase;
    const words = this.#wordsFor(state, before);
    if (words !== undefined) this._words = words;
  }

  #wordsFor(state: LabState, before: Phase | undefined): string | undefined {
    if (!this.curves || !this.experiment) return undefined;
    const { phase, progress } = state;
    if (phase === 'running' && progress) {
      const [series] = state.series;
      const step = series ? this.curves.steps(series.cohort) : 0;
      const what = hasFloor(this.experiment.base) ? 'excess' : 'loss';
      const parts = standingWords(state, this.curves, what);
      return text.live.progress(step, series?.steps ?? 0, progress.secondsLeft, parts, what);
    }
    if (phase === before) return undefined;
    if (phase === 'running') return text.live.started;
    if (phase === 'paused') return text.live.paused;
    if (phase === 'stopped') return text.live.stopped;
    if (phase === 'done') return text.live.done(plain(answerOf(state, this.curves, this.experiment).headline));
    return undefined;
  }
}

customElements.define('live-line', LiveLine);

declare global {
  interface HTMLElementTagNameMap {
    'live-line': LiveLine;
  }
}
