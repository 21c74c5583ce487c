/** What a key press means on this page, if anything. */

/** Elements that use keys themselves: while one of them has the focus, the page's keys are off. */
const TAKES_KEYS = 'input:not([type="radio"]), select, textarea, [contenteditable], dialog[open] *, dialog[open]';
/** Elements that the space bar operates; a choice that is made already it leaves alone. */
const TAKES_SPACE = 'button, summary, a, input:not([type="radio"]:checked), select, textarea';

/** True while a dialog lies over the page, in whichever shadow root. */
function isCovered(root: ParentNode): boolean {
  if (root.querySelector('dialog:modal')) return true;
  return [...root.querySelectorAll('*')].some(({ shadowRoot }) => shadowRoot !== null && isCovered(shadowRoot));
}

/** The key to act on, or undefined when the press belongs to somebody else. */
export function pageKey(event: KeyboardEvent): string | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return undefined;
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return event.key;
  if (target.closest(TAKES_KEYS)) return undefined;
  // The focus may have left the dialog for the browser's own buttons: Escape is still the dialog's.
  if (isCovered(document)) return undefined;
  if (event.key === ' ' && target.closest(TAKES_SPACE)) return undefined;
  return event.key;
}
