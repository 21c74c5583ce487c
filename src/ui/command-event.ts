/** What can be asked of a training session. */
export type Command = 'start' | 'pause' | 'resume' | 'step' | 'stop' | 'skip';

export class CommandEvent extends Event {
  constructor(readonly command: Command) {
    super('lab-command', { bubbles: true, composed: true });
  }
}
