/** A progress bar on standard error: redrawn in a terminal, a line every tenth elsewhere. */

const WIDTH = 30;

/** `1 h 2 min`, `3 min 20 s`, `12 s`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

export class ProgressBar {
  #lastTenth = -1;

  update(fraction: number, secondsLeft: number): void {
    const percent = `${Math.floor(fraction * 100)} %`.padStart(5);
    const left = Number.isFinite(secondsLeft) ? `${duration(secondsLeft)} left` : '';
    if (process.stderr.isTTY) {
      const full = Math.round(fraction * WIDTH);
      process.stderr.write(`\r[${'#'.repeat(full)}${'-'.repeat(WIDTH - full)}] ${percent}  ${left}\x1b[K`);
    } else if (Math.floor(fraction * 10) > this.#lastTenth) {
      this.#lastTenth = Math.floor(fraction * 10);
      process.stderr.write(`${percent}  ${left}\n`);
    }
  }

  /** Leaves the bar behind, so that what follows starts on a line of its own. */
  end(): void {
    if (process.stderr.isTTY) process.stderr.write('\n');
  }
}
