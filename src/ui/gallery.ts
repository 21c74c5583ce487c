/** The exhibits of the page, of which one is shown. */
import type { Exhibit } from './exhibit';
import { isActive } from './store';

export class Gallery {
  constructor(readonly exhibits: readonly Exhibit[]) {}

  /** The exhibit that the page shows; before it has shown one, the first. */
  get current(): Exhibit | undefined {
    const [first] = this.exhibits;
    const shown = first?.session.store.state.exhibit;
    return this.exhibits.find(({ experiment }) => experiment.id === shown) ?? first;
  }

  /** Shows the first exhibit. */
  async begin(): Promise<void> {
    await this.exhibits[0]?.enter();
  }

  /** Shows an exhibit; while runs are under way, nothing happens. */
  async open(id: string): Promise<void> {
    const { current } = this;
    const next = this.exhibits.find(({ experiment }) => experiment.id === id);
    if (!next || !current || next === current || isActive(current.session.store.state.phase)) return;
    current.leave();
    await next.enter();
  }
}
