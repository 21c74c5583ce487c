/** Moves the focus along a row of elements by the arrow keys. */
export function walkSiblings(event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (step === undefined || !(event.target instanceof HTMLElement)) return;
  const next = step > 0 ? event.target.nextElementSibling : event.target.previousElementSibling;
  event.preventDefault();
  if (next instanceof HTMLElement) next.focus();
}
