/** Asks for a case of the experiment on the chart, and perhaps to run it at once. */
export class CaseEvent extends Event {
  constructor(
    readonly id: string,
    readonly start: boolean,
  ) {
    super('lab-case', { bubbles: true, composed: true });
  }
}
