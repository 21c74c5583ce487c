/** The race's cards in a real browser: what they show and say, and what they ask the page for. */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { race } from '../../src/experiments/race';
import { insideText } from '../../src/text/inside';
import { percent } from '../../src/text/numbers';
import { text } from '../../src/text/text';
import '../../src/ui/below';
import type { CaseEvent } from '../../src/ui/case-event';
import { Curves } from '../../src/ui/curves';
import { Exhibit } from '../../src/ui/exhibit';
import { Gallery } from '../../src/ui/gallery';
import '../../src/ui/lab-page';
import { loadLater } from '../../src/ui/later';
import '../../src/ui/page.css';
import type { SettingEvent } from '../../src/ui/race-controls';
import { Session } from '../../src/ui/session';
import { INITIAL_STATE, Store } from '../../src/ui/store';
import { fakeLink } from './fake-connection';
import { memoryKeeper } from './memory-keeper';

/** A finished race of the fake worker. */
const store = new Store();
const curves = new Curves();
const session = new Session(store, curves, fakeLink({ flopsPerSecond: Infinity }).connect);
const keeper = memoryKeeper();
const exhibit = new Exhibit(session, race, keeper);
const gallery = new Gallery([exhibit], keeper);

beforeAll(async () => {
  document.documentElement.dataset.theme = 'light';
  await loadLater();
  await gallery.begin();
  await exhibit.choose('quick');
  await exhibit.start();
});

afterEach(() => {
  document.body.replaceChildren();
});

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

function inside<T extends HTMLElement>(element: Element, selector: string): T {
  const found = element.shadowRoot?.querySelector<T>(selector);
  if (!found) throw new Error(`${element.localName} has no ${selector}`);
  return found;
}

function all<T extends HTMLElement>(element: Element, selector: string): T[] {
  return [...(element.shadowRoot?.querySelectorAll<T>(selector) ?? [])];
}

function heard<T extends Event>(target: EventTarget, type: string): Promise<T> {
  return new Promise((resolve) => {
    target.addEventListener(type, (event) => resolve(event as T), { once: true });
  });
}

const wanted = { case: 'race', setting: {} };

describe('race-controls', () => {
  const controls = insideText.controls;

  test('shows what would be run, with the numbers that each model holds and uses', async () => {
    const element = await mount('race-controls', { experiment: race, wanted, budget: 'quick' });
    expect(all(element, 'fieldset .value').map((value) => value.textContent)).toEqual([
      '16',
      '2 of them',
      '16',
      percent(0),
    ]);
    expect(all(element, 'tbody tr').map((row) => row.textContent?.replace(/\s+/g, ' ').trim())).toEqual([
      'dense 8,016 6,736 1,122',
      'sparse 37,200 7,248 1,060',
    ]);
    expect(element.shadowRoot!.textContent).not.toContain(controls.back);
  });

  test('a slider says its value while it moves, and asks for it when it is let go', async () => {
    const element = await mount('race-controls', { experiment: race, wanted, budget: 'quick' });
    const [experts] = all<HTMLInputElement>(element, 'input[type=range]');
    experts!.value = '6';
    experts!.dispatchEvent(new Event('input'));
    await element.updateComplete;
    expect(inside(element, 'fieldset .value').textContent).toBe('64');
    const asked = heard<SettingEvent>(document.body, 'lab-setting');
    experts!.dispatchEvent(new Event('change'));
    expect((await asked).setting).toEqual({ nExperts: 64 });
  });

  test('fewer experts than a token visits: it visits fewer, and is told', async () => {
    const element = await mount('race-controls', { experiment: race, wanted, budget: 'quick' });
    const [experts] = all<HTMLInputElement>(element, 'input[type=range]');
    const asked = heard<SettingEvent>(document.body, 'lab-setting');
    experts!.value = '0';
    experts!.dispatchEvent(new Event('change'));
    expect((await asked).setting).toEqual({ nExperts: 1, topK: 1 });
    await element.updateComplete;
    expect(inside(element, '[role=status]').textContent).toContain(controls.clamped(1));
  });

  test('a changed race says so, and offers the way back', async () => {
    const setting = { lag: 1 as const, share: 0.9 };
    const element = await mount('race-controls', {
      experiment: race,
      wanted: { case: 'race', setting },
      budget: 'quick',
    });
    expect(inside(element, '.changed').textContent).toContain(controls.changed);
    const asked = heard<CaseEvent>(document.body, 'lab-case');
    inside(element, '.changed button').click();
    expect(await asked).toMatchObject({ id: 'race', start: false });
  });

  test('nothing can be set while runs are under way', async () => {
    const element = await mount('race-controls', { experiment: race, wanted, budget: 'quick', disabled: true });
    expect(inside<HTMLFieldSetElement>(element, 'fieldset').disabled).toBe(true);
    expect(inside(element, 'segmented-choice').shadowRoot!.querySelector('fieldset')!.disabled).toBe(true);
  });
});

describe('heat-map', () => {
  test('has a row a topic, a column an expert, the whole load, and says what it shows', async () => {
    const element = await mount('heat-map', { state: store.state });
    expect(all(element, '.cell')).toHaveLength(16 * 16);
    expect(all(element, '.total')).toHaveLength(16);
    expect(all(element, '.total.dead')).toHaveLength(1);
    const words = inside(element, '[role=img]').getAttribute('aria-label')!;
    expect(words).toMatch(/favourite expert gets \d+.%/);
    expect(words).toMatch(/undecided the router is: 1\.1 of 2\.8 nats/);
    expect(words).toContain(insideText.heat.dead(1));
  });

  test('a cell that is pointed at is told in words; a table has every number', async () => {
    const element = await mount('heat-map', { state: store.state });
    all(element, '.cell')[17]!.dispatchEvent(new PointerEvent('pointerover', { bubbles: true, composed: true }));
    await element.updateComplete;
    expect(inside(element, '.says').textContent).toMatch(/\d+.% of the tokens in the green topic visit expert 2\./);
    inside<HTMLDetailsElement>(element, 'details').open = true;
    await expect.poll(() => all(element, 'tbody td').length).toBe(17 * 16);
  });

  test('the other layer is another map', async () => {
    const element = await mount('heat-map', { state: store.state });
    const before = inside(element, '[role=img]').getAttribute('aria-label');
    const choice = inside(element, 'segmented-choice');
    choice.shadowRoot!.querySelector<HTMLInputElement>('input[value="0"]')!.click();
    await expect.poll(() => inside(element, '[role=img]').getAttribute('aria-label')).not.toBe(before);
  });

  test('without a sparse model, or before it is looked at, a sentence', async () => {
    const element = await mount('heat-map', { state: INITIAL_STATE });
    expect(inside(element, '.note').textContent).toBe(insideText.heat.none);
    element.state = { ...store.state, looks: {}, ends: [] };
    await element.updateComplete;
    expect(inside(element, '.note').textContent).toBe(insideText.heat.waiting);
  });
});

describe('token-view', () => {
  test('every token has both models’ bars, and the first ones have none', async () => {
    const element = await mount('token-view', { state: store.state, experiment: race });
    expect(all(element, 'button')).toHaveLength(3 * 32);
    expect(all(element, 'button.free')).toHaveLength(3 * 2);
    expect(all(element, '.bars i')).toHaveLength(2 * 3 * 30);
    expect(all(element, '.bars i.hit').length).toBeGreaterThan(30);
    expect(element.shadowRoot!.textContent).toMatch(/Right at the first guess: sparse \d+ of 90, dense \d+ of 90/);
  });

  test('the arrow keys walk along a text, which tells of each token', async () => {
    const element = await mount('token-view', { state: store.state, experiment: race });
    const tokens = all<HTMLButtonElement>(element, 'button');
    const stops = tokens.filter((token) => token.tabIndex === 0);
    expect(stops).toHaveLength(3);
    stops[0]!.focus();
    stops[0]!.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, composed: true }));
    await element.updateComplete;
    const says = inside(element, '.says').textContent;
    expect(says).toMatch(
      /^After \w+, then \w+, in the gold topic, comes \w+: dense says \d+.%.*, sparse says \d+.%.*; the rule’s odds: \d+.%\.$/,
    );
    expect(element.shadowRoot!.activeElement?.getAttribute('aria-label')).toBe(says);
  });

  test('before there is anything to read, a sentence', async () => {
    const element = await mount('token-view', { state: INITIAL_STATE, experiment: race });
    expect(inside(element, '.note').textContent).toBe(insideText.tokens.waiting);
  });
});

describe('case-card', () => {
  test('asks, shows and concludes; a press runs the case', async () => {
    const ends = store.state.measured.race!;
    const state = { ...store.state, measured: { shared: ends } };
    const shown = { experiment: race, secondsOf: () => 42 };
    const element = await mount('case-card', { exhibit: shown, state, about: 'less' });
    const [shared, ...others] = all(element, 'section');
    expect(others).toHaveLength(2);
    expect(shared!.textContent).toContain(race.cases.find(({ id }) => id === 'shared')!.question);
    expect([...shared!.querySelectorAll('.name')].map((name) => name.textContent)).toEqual(['dense', 'sparse']);
    expect([...shared!.querySelectorAll('.value')].every((value) => /\d\.\d+ ± \d\.\d+/.test(value.textContent))).toBe(
      true,
    );
    expect(shared!.querySelector('.finding')!.textContent).toMatch(/^Sparse ended \d\.\d× closer/);
    expect(shared!.querySelector('.foot')!.textContent).toContain(insideText.cases.measured);
    const press = shared!.querySelector('button')!;
    expect(press.textContent).toContain(insideText.cases.takes(42));
    const asked = heard<CaseEvent>(document.body, 'lab-case');
    press.click();
    expect(await asked).toMatchObject({ id: 'shared', start: true });
  });

  test('while runs are under way no case can be started', async () => {
    const state = { ...store.state, phase: 'running' as const };
    const element = await mount('case-card', { exhibit, state, about: 'router' });
    expect(all<HTMLButtonElement>(element, 'button').every((press) => press.disabled)).toBe(true);
  });
});

describe('the page', () => {
  test('shows the race with its answer; the exhibits are locked while runs are under way', async () => {
    const page = await mount('lab-page', { gallery, curves });
    const headline = inside(page, 'answer-headline');
    await expect.poll(() => headline.shadowRoot?.querySelector('.answer')?.textContent).toContain('less compute');
    const stage = inside(page, 'race-stage');
    await expect.poll(() => stage.shadowRoot?.querySelectorAll('case-card').length).toBe(2);
    const chart = stage.shadowRoot!.querySelector('loss-curves')!;
    expect(chart.bracket?.text).toMatch(/less$/);
    const header = inside(page, 'lab-header');
    const choice = inside<HTMLElementTagNameMap['segmented-choice']>(header, '.exhibits');
    expect(choice.choices.map(({ label }) => label)).toEqual([text.exhibit.short.race]);
    expect(choice.disabled).toBe(false);
    store.update({ phase: 'running' });
    await expect.poll(() => choice.disabled).toBe(true);
    store.update({ phase: 'done' });
  });

  test('the x axis of sizes draws what is held against what is used', async () => {
    store.update({ view: { ...store.state.view, horizontal: 'parameters' } });
    const element = await mount('loss-curves', { state: store.state, curves, horizontals: ['flops', 'parameters'] });
    expect(inside(element, 'h2').textContent).toBe(text.chart.memory.excess);
    expect(element.shadowRoot!.textContent).toContain(text.chart.memoryNote);
    const chart = inside(element, 'lab-chart');
    await expect.poll(() => chart.shadowRoot?.querySelector('canvas')?.width ?? 0).toBeGreaterThan(100);
    store.update({ view: INITIAL_STATE.view });
  });
});
