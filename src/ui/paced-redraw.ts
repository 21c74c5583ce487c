/**
 * One redraw a frame at most, and fewer where a redraw is dear: training may share this very processor. The wait is a
 * timer's, for asking for frames costs as much as drawing them.
 */

/**
 * How many times longer than a redraw the wait before the next one is: where training shares the processor, a chart
 * that took a fifth of it would make every curve slower. Redraws of a millisecond or two still look continuous.
 */
const IDLE_PER_REDRAW = 40;

export class PacedRedraw {
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #notBefore = 0;

  constructor(private readonly draw: () => void) {}

  schedule(): void {
    if (this.#frame !== 0 || this.#timer !== undefined) return;
    const wait = this.#notBefore - performance.now();
    if (wait > 0) this.#timer = setTimeout(this.#ask, wait);
    else this.#ask();
  }

  /** At the next frame, however dear the last redraw was: what is shown is of the wrong size. */
  atOnce(): void {
    this.#notBefore = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.schedule();
  }

  cancel(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = 0;
    this.#timer = undefined;
  }

  readonly #ask = (): void => {
    this.#timer = undefined;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const start = performance.now();
      this.draw();
      const spent = performance.now() - start;
      this.#notBefore = start + spent * (1 + IDLE_PER_REDRAW);
    });
  };
}
