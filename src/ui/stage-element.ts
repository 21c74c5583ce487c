/** What every stage is given: the exhibit that it shows, the state of the lab, and the curves. */
import { LitElement } from 'lit';
import type { Curves } from './curves';
import type { Exhibit } from './exhibit';
import { INITIAL_STATE, type LabState } from './store';

export abstract class StageElement extends LitElement {
  static override properties = {
    exhibit: { attribute: false },
    state: { attribute: false },
    curves: { attribute: false },
  };

  declare exhibit: Exhibit | undefined;
  declare state: LabState;
  declare curves: Curves | undefined;

  constructor() {
    super();
    this.exhibit = undefined;
    this.state = INITIAL_STATE;
    this.curves = undefined;
  }
}
