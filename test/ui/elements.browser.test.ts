/** Elements in a real browser: what they show, what they say to assistive technology, what they ask the page for. */
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { amountOf, expand } from '../../src/experiments/experiment';
import type { DeviceInfo, TrainOutcome } from '../../src/protocol';
import { assembleResult } from '../../src/share/result-file';
import { belowText } from '../../src/text/below';
import { offlineText } from '../../src/text/offline';
import { text } from '../../src/text/text';
import '../../src/ui/below';
import type { StepTimes } from '../../src/bench-result';
import type { MeasureStep } from '../../src/ui/call-bench';
import { Curves } from '../../src/ui/curves';
import type { HyperEvent } from '../../src/ui/hyper-panel';
import { loadLater } from '../../src/ui/later';
import '../../src/ui/loss-curves';
import type { ViewEvent } from '../../src/ui/view-event';
import '../../src/ui/page.css';
import '../../src/ui/problem-note';
import '../../src/ui/version-note';
import type { CommandEvent } from '../../src/ui/command-event';
import { mainCommand, type BudgetEvent } from '../../src/ui/run-panel';
import { Session } from '../../src/ui/session';
import { INITIAL_STATE, Store, type LabState, type Phase } from '../../src/ui/store';
import { fakeLink } from './fake-connection';
import { threeSizes } from './three-sizes';

const device: DeviceInfo = {
  name: 'Some adapter',
  vendor: 'any',
  architecture: 'any',
  software: false,
  kernelProfile: 'register',
  kernelsBy: 'adapter',
  probe: [],
  features: [],
};
const nothing: TrainOutcome = { complete: true, seconds: 3, runs: [] };

/** A finished smoke run of the fake worker, for everything that shows measurements. */
const store = new Store();
const curves = new Curves();

beforeAll(async () => {
  document.documentElement.dataset.theme = 'light';
  await loadLater();
  const session = new Session(store, curves, fakeLink({ flopsPerSecond: Infinity }).connect);
  const subject = { experiment: threeSizes.id, budget: 'smoke' };
  await session.run(expand(threeSizes, 'smoke'), { subject });
  session.close();
});

afterEach(() => {
  document.body.replaceChildren();
});

/** Puts an element on the page and waits until it has rendered. */
async function mount<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
): Promise<HTMLElementTagNameMap[K]> {
  const element = document.createElement(tag);
  Object.assign(element, properties);
  document.body.append(element);
  await (element as unknown as { updateComplete: Promise<boolean> }).updateComplete;
  return element;
}

function state(change: Partial<LabState>): LabState {
  return { ...INITIAL_STATE, device, ...change };
}

function inside(element: HTMLElement, selector: string): HTMLElement {
  const found = element.shadowRoot?.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`${element.localName} has no ${selector}`);
  return found;
}

/** The next event of this kind. */
function heard<T extends Event>(target: EventTarget, type: string): Promise<T> {
  return new Promise((resolve) => {
    target.addEventListener(type, (event) => resolve(event as T), { once: true });
  });
}

describe('segmented-choice', () => {
  test('is a native radio group with a name', async () => {
    const element = await mount('segmented-choice', {
      label: 'Scale',
      value: 'log',
      choices: [
        { value: 'log', label: 'log' },
        { value: 'linear', label: 'linear' },
      ],
    });
    expect(inside(element, 'legend').textContent).toBe('Scale');
    expect((inside(element, 'input:checked') as HTMLInputElement).value).toBe('log');
    const change = heard(element, 'change');
    inside(element, 'input[value=linear]').click();
    await change;
    expect(element.value).toBe('linear');
  });
});

describe('run-panel', () => {
  const budgets = threeSizes.budgets.map((name) => ({ name, amount: amountOf(threeSizes, name) }));

  test('says how long it will take before the start', async () => {
    const estimates = { smoke: 2, quick: 41 };
    const element = await mount('run-panel', { state: state({ phase: 'idle', estimates }), budgets, runs: 9 });
    expect(inside(element, '.note').textContent).toContain(text.run.willTake(41, 9));
    const options = [...(inside(element, 'select') as HTMLSelectElement).options].map((option) => option.text);
    expect(options).toHaveLength(3);
    expect(options[1]).toContain(text.run.takes(41));
  });

  test('asks for another budget', async () => {
    const element = await mount('run-panel', { state: state({ phase: 'idle' }), budgets });
    const select = inside(element, 'select') as HTMLSelectElement;
    const asked = heard<BudgetEvent>(document.body, 'lab-budget');
    select.value = '1e11';
    select.dispatchEvent(new Event('change'));
    expect((await asked).budget).toBe('1e11');
  });

  test.each([
    ['idle', 'start'],
    ['running', 'pause'],
    ['paused', 'resume'],
    ['done', 'start'],
    ['failed', 'start'],
  ] as const)('when %s, the large button means %s', async (phase, command) => {
    expect(mainCommand(state({ phase }))).toBe(command);
    const element = await mount('run-panel', { state: state({ phase }), budgets });
    const asked = heard<CommandEvent>(document.body, 'lab-command');
    inside(element, '.go').click();
    expect((await asked).command).toBe(command);
  });

  test('one step only while paused, and no start while getting ready', async () => {
    const element = await mount('run-panel', { state: state({ phase: 'running' }), budgets });
    const step = () => inside(element, '.row button') as HTMLButtonElement;
    expect(step().disabled).toBe(true);
    element.state = state({ phase: 'paused' });
    await element.updateComplete;
    expect(step().disabled).toBe(false);
    element.state = state({ phase: 'preparing' });
    await element.updateComplete;
    // Not disabled, or the press that starts would cost the focus.
    expect(inside(element, '.go').getAttribute('aria-disabled')).toBe('true');
    const heard = vi.fn();
    element.addEventListener('lab-command', heard);
    (inside(element, '.go') as HTMLButtonElement).click();
    expect(heard).not.toHaveBeenCalled();
  });

  test('offers the result of a finished run', async () => {
    const header = { experiment: 'x', budget: 'smoke', device, version: '0' };
    const result = assembleResult(header, nothing, { verdict: null });
    const element = await mount('run-panel', { state: state({ phase: 'done', result }), budgets });
    expect(inside(element, '.download').textContent).toContain(text.run.download);
  });
});

describe('loss-curves', () => {
  test('draws on a canvas, and says in words and in a table what it shows', async () => {
    const element = await mount('loss-curves', { state: store.state, curves });
    const chart = inside(element, 'lab-chart');
    await expect.poll(() => chart.shadowRoot?.querySelector('canvas')?.width ?? 0).toBeGreaterThan(100);
    expect(inside(chart, '[role=img]').getAttribute('aria-label')).toMatch(/dense 8 \d\.\d\d/);
    const details = inside(element, 'details') as HTMLDetailsElement;
    details.open = true;
    await expect.poll(() => element.shadowRoot?.querySelector('curve-table')).not.toBeNull();
    const table = inside(element, 'curve-table');
    await expect.poll(() => table.shadowRoot?.querySelectorAll('tbody tr').length ?? 0).toBeGreaterThan(4);
  });

  test('the keyboard walks along the curve, with the values said', async () => {
    const element = await mount('loss-curves', { state: store.state, curves });
    const chart = inside(element, 'lab-chart');
    await expect.poll(() => (inside(chart, 'input') as HTMLInputElement).hidden).toBe(false);
    const range = inside(chart, 'input') as HTMLInputElement;
    expect(Number(range.max)).toBeGreaterThan(10);
    range.value = '12';
    range.dispatchEvent(new Event('input'));
    await expect.poll(() => range.getAttribute('aria-valuetext')).toMatch(/FLOPs: dense/);
    expect(inside(chart, '.readout').textContent).toMatch(/dense/);
  });

  test('a switch asks the page for another view', async () => {
    const element = await mount('loss-curves', { state: store.state, curves, horizontals: ['flops', 'steps'] });
    const asked = heard<ViewEvent>(document.body, 'lab-view');
    const scale = element.shadowRoot!.querySelectorAll('segmented-choice')[2]!;
    await scale.updateComplete;
    inside(scale, 'input[value=linear]').click();
    expect((await asked).change).toEqual({ scale: 'linear' });
  });
});

describe('hyper-panel', () => {
  test('is off until something runs, then sends a factor of the rate', async () => {
    const element = await mount('hyper-panel', { state: { ...store.state, phase: 'idle' } });
    expect((inside(element, 'fieldset') as HTMLFieldSetElement).disabled).toBe(true);
    element.state = { ...store.state, phase: 'running' };
    await element.updateComplete;
    const asked = heard<HyperEvent>(document.body, 'lab-hyper');
    const rate = inside(element, 'input[type=range]') as HTMLInputElement;
    rate.value = '-1';
    rate.dispatchEvent(new Event('input'));
    rate.dispatchEvent(new Event('change'));
    expect((await asked).change).toEqual({ series: undefined, rateFactor: 0.5 });
  });
});

describe('plan-table', () => {
  test('shows every dispatch and the sums, once it is opened', async () => {
    const { cohorts, series } = store.state;
    const element = await mount('plan-table', { cohorts, series });
    expect(element.shadowRoot!.querySelector('table')).toBeNull();
    (inside(element, 'details') as HTMLDetailsElement).open = true;
    await expect.poll(() => element.shadowRoot!.querySelectorAll('tbody tr').length).toBe(6);
    const flops = cohorts[0]!.plan.executedFlops;
    expect(inside(element, 'tfoot').textContent).toContain(belowText.plan.flops(flops));
  });

  const measure = belowText.plan.measure;

  /** The table, unfolded, of a page whose measurements end when and as the test wants. */
  async function measured(phase: Phase) {
    const { cohorts, series } = store.state;
    const calls: { call: Parameters<MeasureStep>; resolve: (times: StepTimes) => void }[] = [];
    const measureStep: MeasureStep = (...call) =>
      new Promise((resolve, reject) => {
        call[3].addEventListener('abort', () => {
          reject(call[3].reason as Error);
        });
        calls.push({ call, resolve });
      });
    const element = await mount('plan-table', { cohorts, series, phase, kernels: 'register', measure: measureStep });
    (inside(element, 'details') as HTMLDetailsElement).open = true;
    await expect.poll(() => element.shadowRoot!.querySelector('button')).not.toBeNull();
    const button = inside(element, 'button') as HTMLButtonElement;
    const said = () => inside(element, '[role=status]').textContent;
    const cells = (row: string) => [...element.shadowRoot!.querySelectorAll(`${row} :is(th, td)`)];
    return { element, calls, button, said, cells, cohort: cohorts[0]! };
  }

  test('measures the step that it shows, and adds times and what they make of FLOPs and bytes', async () => {
    const { element, calls, button, said, cells, cohort } = await measured('done');
    expect(cells('thead')).toHaveLength(7);
    button.click();
    const { call, resolve } = calls[0]!;
    expect(call.slice(0, 2)).toEqual([cohort.specs, 'register']);
    call[2](2, 6);
    await element.updateComplete;
    expect(said()).toBe(measure.measuring(2, 6));
    expect(button.disabled).toBe(true);
    // The page may have described the same models once more.
    element.cohorts = structuredClone(store.state.cohorts);
    resolve({ milliseconds: [1, 2, 3, 4, 5, 5], multiplyAdd: 2 });
    await expect.poll(() => cells('thead').length).toBe(12);
    expect(said()).toBe(measure.done(2));
    const row = cells('tbody tr:nth-child(2)').map((cell) => cell.textContent.trim());
    const { flops, bytes } = cohort.plan.dispatches[1]!;
    const gflops = flops / 2e6;
    expect(row.slice(3, 8)).toEqual([
      ...[measure.time(2), measure.share(0.1)],
      ...[measure.speed(gflops), measure.share(gflops / 2), measure.speed(bytes / 2e6)],
    ]);
    expect(cells('tfoot')[2]!.textContent).toBe(measure.time(20));
    expect(button.disabled).toBe(false);
    expect(button.textContent.trim()).toBe(measure.again);
  });

  test('while training runs nothing is measured, and what was begun is given up', async () => {
    const { element, calls, button, said } = await measured('paused');
    button.click();
    element.phase = 'running';
    await expect.poll(() => button.disabled && said() === measure.busy).toBe(true);
    expect(calls[0]!.call[3].aborted).toBe(true);
    element.phase = 'paused';
    await element.updateComplete;
    expect(said()).toBe(measure.givenUp);
    expect(button.disabled).toBe(false);
    button.click();
    await element.updateComplete;
    element.remove();
    expect(calls[1]!.call[3].aborted).toBe(true);
  });
});

describe('problem-note', () => {
  test('announces a problem with what to do', async () => {
    const element = await mount('problem-note', { problem: undefined });
    const alert = inside(element, '[role=alert]');
    expect(alert.textContent?.trim()).toBe('');
    element.problem = { code: 'device-lost', sentence: 'The device was lost: press start.' };
    await element.updateComplete;
    expect(alert.textContent).toContain('The device was lost: press start.');
    const dismissed = heard(document.body, 'lab-dismiss');
    inside(element, 'button').click();
    await dismissed;
  });
});

describe('keys-dialog', () => {
  test('opens as a modal dialog with a name', async () => {
    const element = await mount('keys-dialog', {});
    element.open();
    const dialog = inside(element, 'dialog') as HTMLDialogElement;
    expect(dialog.open).toBe(true);
    expect(inside(element, '#title').textContent).toBe(belowText.keys.title);
    dialog.close();
  });
});

describe('version-note', () => {
  const source = { kind: 'text', vocabSize: 30, length: 9000, hash: '0123456789abcdef' } as const;
  const own = { ...INITIAL_STATE.subject, setting: { text: source } };
  test.each([
    ['nothing runs', {}, offlineText.waits],
    ['runs are under way', { phase: 'running' }, offlineText.underWay],
    ['they read the reader’s own text', { phase: 'running', subject: own }, offlineText.ownText],
    ['nothing is kept', { phase: 'paused', notKept: 'The disk is full.' }, offlineText.notKept],
  ] as const)('says what a reload means while %s', async (_, change, sentence) => {
    const note = await mount('version-note', { state: state({ newVersion: true, ...change }) });
    expect(inside(note, '[role=status]').textContent).toContain(sentence);
  });

  test('is not there while there is no newer version', async () => {
    const note = await mount('version-note', { state: state({ phase: 'running' }) });
    expect(note.shadowRoot!.querySelector('section')).toBeNull();
  });
});
