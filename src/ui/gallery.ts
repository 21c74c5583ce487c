/** The exhibits of the page, of which one is shown. */
import type { LinkState } from '../share/link-state';
import type { Exhibit } from './exhibit';
import type { Keeper } from './keeper';
import { problemOf } from './problem';
import { isActive, type Shared } from './store';
import { runSweep } from './sweep';

export class Gallery {
  /** Whether an exhibit on which nothing was measured shows what was recorded with the lab. */
  withRecorded = true;

  constructor(
    readonly exhibits: readonly Exhibit[],
    private readonly keeper: Keeper,
  ) {}

  /** The exhibit that the page shows; before it has shown one, the first. */
  get current(): Exhibit | undefined {
    const [first] = this.exhibits;
    const shown = first?.session.store.state.exhibit;
    return this.exhibits.find(({ experiment }) => experiment.id === shown) ?? first;
  }

  /** Shows the first exhibit. */
  async begin(): Promise<void> {
    await this.exhibits[0]?.enter(this.withRecorded);
  }

  /** Goes on with a sweep that was broken off, on the page of its experiment, or gives it up. */
  async goOn(id: string, goOn: boolean): Promise<void> {
    const [first] = this.exhibits;
    if (!first) return;
    const { session } = first;
    const { store } = session;
    if (isActive(store.state.phase)) return;
    try {
      if (!goOn) {
        await this.keeper.giveUp(id);
        await this.keeper.review(store);
        return;
      }
      const resumed = await this.keeper.resumption(id);
      store.update({ unfinished: store.state.unfinished.filter((each) => each.id !== id) });
      const exhibit = this.exhibits.find(({ experiment }) => experiment.id === resumed.sweep.experiment);
      if (exhibit) {
        await this.open(exhibit.experiment.id);
        await exhibit.goOn(resumed);
      } else {
        const { requests, experiment, budget } = resumed.sweep;
        await runSweep({ session, keeper: this.keeper }, requests, {
          subject: { experiment, budget },
          experiment: undefined,
          resumed,
        });
      }
    } catch (error) {
      // The session has said what it could not do; what is left is a record that could not be taken up.
      if (!store.state.problem) store.update({ problem: problemOf(error) });
    }
    await this.keeper.review(store);
  }

  /** Shows what a link or a file asks for; false while runs are under way, when nothing happens. */
  async show(state: LinkState, shared?: Shared): Promise<boolean> {
    const { current } = this;
    const next = this.exhibits.find(({ experiment }) => experiment.id === state.experiment);
    if (!next || !current || isActive(current.session.store.state.phase)) return false;
    if (current.session.store.state.exhibit !== '') current.leave();
    next.arrange(state, shared);
    await next.enter(this.withRecorded);
    return true;
  }

  /** Shows an exhibit; while runs are under way, nothing happens. */
  async open(id: string): Promise<void> {
    const { current } = this;
    const next = this.exhibits.find(({ experiment }) => experiment.id === id);
    if (!next || !current || next === current || isActive(current.session.store.state.phase)) return;
    current.leave();
    await next.enter(this.withRecorded);
  }
}
