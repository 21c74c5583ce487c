/** The choice of a text, and what models write, in a real browser. */
import { afterEach, expect, test } from 'vitest';
import { expand } from '../../src/experiments/experiment';
import { ownText } from '../../src/experiments/own-text';
import type { LookEvent } from '../../src/protocol';
import { connectText } from '../../src/ui/connect';
import { Library } from '../../src/ui/library';
import { INITIAL_STATE } from '../../src/ui/store';
import '../../src/ui/text-chooser';
import type { TextEvent } from '../../src/ui/text-event';
import '../../src/ui/written-text';
import { wordsText } from '../config/texts';

afterEach(() => {
  document.body.replaceChildren();
});

async function chooser(properties: Partial<HTMLElementTagNameMap['text-chooser']> = {}) {
  const element = Object.assign(document.createElement('text-chooser'), properties);
  const asked: TextEvent['what'][] = [];
  element.addEventListener('lab-text', (event) => asked.push((event as TextEvent).what));
  document.body.append(element);
  await element.updateComplete;
  return { asked, root: element.renderRoot as ShadowRoot };
}

test('the novel, a paste and a dropped file are each asked for', async () => {
  const { asked, root } = await chooser();
  const [novel] = root.querySelectorAll('button');
  novel!.click();
  root.querySelector('textarea')!.value = 'some words';
  root.querySelector<HTMLButtonElement>('button:not([type])')!.click();
  const file = new File(['words'], 'words.txt');
  const data = new DataTransfer();
  data.items.add(file);
  root.querySelector('form')!.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
  expect(asked).toEqual(['novel', { pasted: 'some words' }, { file }]);
});

test('nothing can be chosen while runs are under way', async () => {
  const { asked, root } = await chooser({ disabled: true });
  const data = new DataTransfer();
  data.items.add(new File(['words'], 'words.txt'));
  root.querySelector('form')!.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
  expect([...root.querySelectorAll('button')].every((button) => button.disabled)).toBe(true);
  expect(asked).toEqual([]);
});

test('what is written stands beside the text, as text and never as markup', async () => {
  const written = [{ beginning: 'Call <b>me', truth: ' Ishmael\n', likely: '<img src=x>', drawn: ' the whale' }];
  const look: LookEvent = { type: 'look', cohort: 0, step: 7, documents: [], written, routing: [] };
  const series = [{ arm: 'dense', cohort: 0 }] as never;
  const element = Object.assign(document.createElement('written-text'), {
    state: { ...INITIAL_STATE, series, looks: { 0: look } },
  });
  document.body.append(element);
  await element.updateComplete;
  const root = element.renderRoot as ShadowRoot;
  expect(root.querySelectorAll('img, b')).toHaveLength(0);
  const lines = [...root.querySelectorAll('dd')].map((line) => line.textContent.trim());
  expect(lines).toEqual(['Call <b>me Ishmael↵', 'Call <b>me<img src=x>', 'Call <b>me the whale']);
});

test('the worker reads a file and counts on it', async () => {
  const library = new Library(connectText);
  const text = wordsText(12_000);
  const read = await library.read(new File([text], 'words.txt'));
  expect(read.text).toBe(text);
  const { spec } = expand(ownText, 'quick', { setting: { text: read.source } })[0]!;
  const references = await library.references(read, { ...spec, source: read.source });
  expect(references.map(({ order }) => order)).toEqual([1, 2, 3, 4, 5]);
  expect(references.every(({ loss }) => loss > 0 && loss < 4)).toBe(true);
});

test('Moby-Dick comes with the page, and is what the experiment says', async () => {
  const read = await new Library(connectText).novel();
  expect(read.text).toContain('Call me Ishmael.');
  expect(ownText.base.source).toEqual(read.source);
});
