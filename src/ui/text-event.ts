/** Asks for another text: what was pasted, a file, or the novel. */
export class TextEvent extends Event {
  constructor(readonly what: { pasted: string } | { file: File } | 'novel') {
    super('lab-text', { bubbles: true, composed: true });
  }
}
