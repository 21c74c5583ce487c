import { expect, test } from 'vitest';
import { pageKey } from '../../src/ui/keys';

/** The key that the page acts on when `key` is pressed in `element`. */
function press(element: HTMLElement, key: string): string | undefined {
  document.body.append(element);
  let heard: string | undefined;
  const listen = (event: Event) => (heard = pageKey(event as KeyboardEvent));
  document.addEventListener('keydown', listen, { once: true });
  element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
  element.remove();
  return heard;
}

function input(type: string, checked = false): HTMLInputElement {
  return Object.assign(document.createElement('input'), { type, checked });
}

test('the space bar belongs to the page, also on a choice that is made already', () => {
  expect(press(document.createElement('p'), ' ')).toBe(' ');
  expect(press(input('radio', true), ' ')).toBe(' ');
});

test('the space bar belongs to what it operates', () => {
  for (const element of [document.createElement('button'), input('radio'), input('checkbox', true), input('range')]) {
    expect(press(element, ' ')).toBeUndefined();
  }
});

test('letters are off while typing', () => {
  expect(press(input('text'), 's')).toBeUndefined();
  expect(press(document.createElement('button'), 's')).toBe('s');
});

test('while a dialog lies over the page its keys are off, Escape too, wherever the focus is', () => {
  const dialog = document.createElement('dialog');
  const host = document.createElement('div');
  host.attachShadow({ mode: 'open' }).append(dialog);
  document.body.append(host);
  dialog.showModal();
  expect(press(document.createElement('p'), 'Escape')).toBeUndefined();
  dialog.close();
  expect(press(document.createElement('p'), 'Escape')).toBe('Escape');
  host.remove();
});
