/** The table of runs in a real browser, on an archive in memory. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openArchive, type Archive } from '../../src/archive/archive';
import type { RunResult } from '../../src/protocol';
import { archiveText as text } from '../../src/text/archive';
import '../../src/ui/page.css';
import { prepare } from '../../src/ui/runs-model';
import '../../src/ui/runs-table';
import type { PointEvent } from '../../src/ui/point-event';
import { runKey } from '../../src/ui/law-points';
import type { RunsTable } from '../../src/ui/runs-table';
import { resultOf, sweepOf } from '../archive/sweeps';

const runs = [
  resultOf('dense', 1),
  resultOf('dense', 2, { loss: NaN, excess: NaN, diverged: true }),
  resultOf('sparse', 1),
] as [RunResult, RunResult, RunResult];

let archive: Archive;

beforeEach(async () => {
  archive = await openArchive({ open: () => Promise.reject(new DOMException('', 'SecurityError')) });
});

afterEach(() => {
  document.body.replaceChildren();
});

function keep(results: readonly RunResult[], id = 's'): void {
  archive.begin(sweepOf(id, results));
  archive.ended(id, results);
}

async function mount(): Promise<RunsTable> {
  const element = document.createElement('runs-table');
  element.archive = archive;
  document.body.append(element);
  await expect.poll(() => element._rows).toBeDefined();
  await element.updateComplete;
  return element;
}

function all<T extends HTMLElement>(element: Element, selector: string): T[] {
  return [...(element.shadowRoot?.querySelectorAll<T>(selector) ?? [])];
}

function one<T extends HTMLElement>(element: Element, selector: string): T {
  const [found] = all<T>(element, selector);
  if (!found) throw new Error(`${element.localName} has no ${selector}`);
  return found;
}

/** Cells of a column, from top to bottom. */
function column(element: Element, label: string): string[] {
  const at = all(element, 'thead th').findIndex((head) => head.textContent.includes(label));
  return all(element, 'tbody tr').map((row) => row.children[at]?.textContent.trim() ?? '');
}

function press(element: Element, label: string): void {
  const button = all<HTMLButtonElement>(element, 'button').find((each) => each.textContent.trim().startsWith(label));
  if (!button) throw new Error(`no button ${label}`);
  expect(button.disabled).toBe(false);
  button.click();
}

async function tick(element: RunsTable, ...rows: number[]): Promise<void> {
  const boxes = all<HTMLInputElement>(element, 'tbody input');
  for (const row of rows) boxes[row]?.click();
  await element.updateComplete;
}

test('an empty archive says what will come, and a problem is said', async () => {
  const element = await mount();
  expect(element.shadowRoot!.textContent).toContain(text.empty);
  expect(one(element, '.problem').textContent).toBe(text.problem.forbidden);
});

test('a run that ends appears by itself', async () => {
  const element = await mount();
  keep(runs);
  await expect.poll(() => all(element, 'tbody tr').length).toBe(3);
  expect(column(element, text.columns.arm)).toEqual(['dense', 'dense', 'sparse']);
  expect(column(element, text.columns.experts)).toEqual([text.dense, text.dense, text.experts(16, 2)]);
  expect(column(element, text.columns.loss)).toEqual(['1.3000', '–', '1.3000']);
});

test('columns sort, and say so', async () => {
  keep(runs);
  const element = await mount();
  const head = () => all(element, 'thead th').find((each) => each.textContent.includes(text.columns.seed))!;
  expect(head().ariaSort).toBe('none');
  for (const [order, seeds] of [
    ['ascending', ['1', '1', '2']],
    ['descending', ['2', '1', '1']],
  ] as const) {
    press(element, text.columns.seed);
    await element.updateComplete;
    expect(head().ariaSort).toBe(order);
    expect(column(element, text.columns.seed)).toEqual(seeds);
  }
});

test('the filter leaves what has all words, and says how many', async () => {
  keep(runs);
  const element = await mount();
  const input = one<HTMLInputElement>(element, 'input[type=search]');
  const type = async (value: string) => {
    input.value = value;
    input.dispatchEvent(new InputEvent('input'));
    await element.updateComplete;
  };
  await type('sparse race');
  expect(column(element, text.columns.arm)).toEqual(['sparse']);
  expect(element.shadowRoot!.textContent).toContain(text.shown(1, 3));
  await type('nobody');
  expect(element.shadowRoot!.textContent).toContain(text.noMatch);
});

test('many runs come in pages', async () => {
  keep(Array.from({ length: 120 }, (_, seed) => resultOf('dense', seed)));
  const element = await mount();
  expect(column(element, text.columns.seed)).toEqual(Array.from({ length: 50 }, (_, i) => String(i)));
  press(element, text.pages.next);
  await element.updateComplete;
  press(element, text.pages.next);
  await element.updateComplete;
  expect(column(element, text.columns.seed)).toHaveLength(20);
  expect(one(element, 'nav').textContent).toContain(text.pages.at(3, 3));
  // All that are shown, not only this page.
  one(element, 'thead input').click();
  await element.updateComplete;
  expect(element.shadowRoot!.textContent).toContain(text.selected(120));
});

test('two runs are compared by what differs between them', async () => {
  keep(runs);
  const element = await mount();
  await tick(element, 0);
  const compare = () =>
    all<HTMLButtonElement>(element, 'button').find((b) => b.textContent.includes(text.actions.compare));
  expect(compare()!.disabled).toBe(true);
  await tick(element, 2);
  press(element, text.actions.compare);
  await element.updateComplete;
  const table = one(element, 'runs-compare');
  await (table as RunsTable).updateComplete;
  const fields = all(table, 'tbody th code').map((code) => code.textContent);
  expect(fields).toContain('spec.model.moe.nExperts');
  expect(fields).not.toContain('spec.model.dModel');
  press(table, text.compare.close);
  await element.updateComplete;
  expect(all(element, 'runs-compare')).toEqual([]);
});

test('a run is pinned and named', async () => {
  keep(runs);
  const element = await mount();
  all(element, '.star')[2]!.click();
  await expect.poll(() => column(element, text.columns.arm)).toEqual(['sparse', 'dense', 'dense']);
  expect(all(element, '.star').map((star) => star.ariaPressed)).toEqual(['true', 'false', 'false']);

  const dialog = one(element, 'name-dialog');
  const name = async (value: string, button: string) => {
    one(element, 'tbody td:nth-child(2) button').click();
    await expect.poll(() => one<HTMLDialogElement>(dialog, 'dialog').open).toBe(true);
    one<HTMLInputElement>(dialog, 'input').value = value;
    press(dialog, button);
  };
  await name('Mine', text.name.confirm);
  await expect.poll(() => column(element, text.columns.name)[0]).toBe('Mine');
  await name('Not mine', text.name.cancel);
  await expect.poll(() => one<HTMLDialogElement>(dialog, 'dialog').open).toBe(false);
  expect((await archive.rows()).map((row) => row.name)).toEqual(['', '', 'Mine']);
});

test('runs are deleted only after a question', async () => {
  keep(runs);
  const element = await mount();
  await tick(element, 0, 1);
  const dialog = one(element, 'delete-dialog');
  const ask = async (answer: string) => {
    press(element, text.actions.delete);
    await expect.poll(() => one<HTMLDialogElement>(dialog, 'dialog').open).toBe(true);
    expect(one(dialog, 'h2').textContent).toBe(text.remove.title(2));
    press(dialog, answer);
  };
  await ask(text.remove.cancel);
  await expect.poll(() => one<HTMLDialogElement>(dialog, 'dialog').open).toBe(false);
  expect(await archive.rows()).toHaveLength(3);
  await ask(text.remove.confirm);
  await expect.poll(() => column(element, text.columns.arm)).toEqual(['sparse']);
  expect(element.shadowRoot!.textContent).toContain(text.remove.done(2));
  expect(element._selected.size).toBe(0);
});

test('files are handed over, weights only where there are any', async () => {
  keep(runs);
  const tensors = [{ name: 'w', shape: [2] }];
  archive.weights('s', runs, { type: 'weights', cohort: 0, tensors, replicas: [new Float32Array(2)] });
  const element = await mount();
  const files: string[] = [];
  const clicked = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    files.push(this.download);
  });
  try {
    await tick(element, 2);
    const weights = () =>
      all<HTMLButtonElement>(element, 'button').find((b) => b.textContent.trim() === text.actions.weights);
    expect(weights()!.disabled).toBe(true);
    await tick(element, 0);
    press(element, text.actions.csv);
    press(element, text.actions.json);
    await expect.poll(() => files.length).toBe(2);
    weights()!.click();
    await expect.poll(() => files.length).toBe(4);
    expect(files.map((name) => name.split('.').at(-1))).toEqual(['csv', 'json', 'safetensors', 'json']);
    await expect.poll(() => element._said).toBe(text.exported(2));
  } finally {
    clicked.mockRestore();
  }
});

test('pointing at a row is told, and a row that is pointed at elsewhere is lit up', async () => {
  keep(runs);
  const element = await mount();
  element.sweep = 's';
  const heard: (string | undefined)[] = [];
  element.addEventListener('lab-point', (event) => heard.push((event as PointEvent).key));
  await element.updateComplete;
  all(element, 'tbody tr')[2]!.dispatchEvent(new PointerEvent('pointerenter'));
  one(element, 'tbody').dispatchEvent(new PointerEvent('pointerleave'));
  all<HTMLInputElement>(element, 'tbody input')[0]!.focus();
  expect(heard).toEqual(
    [2, undefined, 0].map((row) => (row === undefined ? row : runKey(runs[row]!.arm, runs[row]!.seed))),
  );
  element.pointed = runKey(runs[1].arm, runs[1].seed);
  await element.updateComplete;
  expect(all(element, 'tbody tr').map((row) => row.className)).toEqual(['', 'pointed', '']);
});

test('three thousand runs are sorted and filtered without being noticed', async () => {
  keep(Array.from({ length: 3000 }, (_, seed) => resultOf(seed % 2 ? 'dense' : 'sparse', seed, {}, 1)));
  const element = await mount();
  await prepare(element._rows!);
  const took = async (action: () => void) => {
    const begun = performance.now();
    action();
    await element.updateComplete;
    return performance.now() - begun;
  };
  const sort = await took(() => {
    press(element, text.columns.loss);
  });
  const input = one<HTMLInputElement>(element, 'input[type=search]');
  const filter = async (value: string) =>
    took(() => {
      input.value = value;
      input.dispatchEvent(new InputEvent('input'));
    });
  const [first, next] = [await filter('s'), await filter('sp')];
  expect(Math.max(sort, first, next)).toBeLessThan(250);
});
