/** Asks the page that models be looked into token by token, or no more. */
export class LookingEvent extends Event {
  constructor(readonly looking: boolean) {
    super('lab-looking', { bubbles: true, composed: true });
  }
}
