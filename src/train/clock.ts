/** Shares wall-clock time among work that overlaps in the queue: every millisecond is counted once. */
export class Clock {
  #last = 0;

  /** Milliseconds since `started`, or since the previous lap where that is later. */
  lap(started: number): number {
    const now = performance.now();
    const elapsed = now - Math.max(started, this.#last);
    this.#last = now;
    return elapsed;
  }
}
