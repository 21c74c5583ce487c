/** What the reader guesses: nats above the floor, or per cent; see LabState.bet. */
export class BetEvent extends Event {
  constructor(readonly value: number) {
    super('lab-bet', { bubbles: true, composed: true });
  }
}
