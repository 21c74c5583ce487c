/** Asks the page to draw differently. */
import type { View } from './store';

export class ViewEvent extends Event {
  constructor(readonly change: Partial<View>) {
    super('lab-view', { bubbles: true, composed: true });
  }
}
