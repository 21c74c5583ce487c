/** Claims, lessons and words with a meaning, as elements in a real browser: by mouse, by keyboard, and for the ear. */
import { userEvent } from 'vitest/browser';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CLAIMS, statusOf, toldBy } from '../../src/claims/claims';
import { EXPERIMENTS, experimentOf } from '../../src/experiments/experiments';
import { lessonOf, LESSONS } from '../../src/lessons/lessons';
import { claimsText } from '../../src/text/claims';
import { lessonsText } from '../../src/text/lessons';
import { teacherText } from '../../src/text/teacher';
import { text } from '../../src/text/text';
import type { BetEvent } from '../../src/ui/bet-event';
import { glossed } from '../../src/ui/glossed';
import type { ExhibitEvent, SheetEvent } from '../../src/ui/lab-header';
import type { LabSettingEvent, LessonEvent } from '../../src/ui/lesson-event';
import type { LessonPanel } from '../../src/ui/lesson-panel';
import '../../src/ui/lesson-panel';
import '../../src/ui/page.css';
import '../../src/ui/sheets';
import { INITIAL_STATE, type LabState } from '../../src/ui/store';
import { html, render } from 'lit';

const files = import.meta.glob('../../src/experiments/recorded/*.json');
const panelText = lessonsText.panel;

beforeAll(() => {
  document.documentElement.dataset.theme = 'light';
});

beforeEach(() => {
  localStorage.clear();
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

function all<T extends Element = HTMLElement>(element: Element, selector: string): T[] {
  return [...(element.shadowRoot?.querySelectorAll<T>(selector) ?? [])];
}

function one<T extends Element = HTMLElement>(element: Element, selector: string): T {
  const [found] = all<T>(element, selector);
  if (!found) throw new Error(`${element.localName} has no ${selector}`);
  return found;
}

function named(element: Element, name: string): HTMLButtonElement {
  const found = all<HTMLButtonElement>(element, 'button').find(
    (button) => (button.getAttribute('aria-label') ?? button.textContent.trim()) === name,
  );
  if (!found) throw new Error(`${element.localName} has no button “${name}”`);
  return found;
}

function heard<T extends Event>(type: string): Promise<T> {
  return new Promise((resolve) => {
    document.body.addEventListener(type, (event) => resolve(event as T), { once: true });
  });
}

function words(element: Element): string {
  return element.textContent.replace(/\s+/g, ' ').trim();
}

describe('lab-header', () => {
  test('asks for claims and for lessons', async () => {
    const header = await mount('lab-header', {});
    for (const sheet of ['claims', 'lessons'] as const) {
      const asked = heard<SheetEvent>('lab-sheet');
      named(header, text.sheets[sheet]).click();
      expect((await asked).sheet).toBe(sheet);
    }
  });

  test('fits on a phone', async () => {
    document.body.style.width = '328px';
    const exhibits = EXPERIMENTS.map(({ id, title }) => ({ value: id, label: title, short: text.exhibit.short[id] }));
    const header = await mount('lab-header', { exhibits, exhibit: 'race' });
    expect(header.scrollWidth).toBeLessThanOrEqual(328);
    document.body.style.width = '';
  });
});

describe('claims-sheet', () => {
  test('has a card for each claim, with its status and sources', async () => {
    const sheet = await mount('claims-sheet', {});
    await sheet.open();
    const cards = all(sheet, '.claim');
    expect(cards).toHaveLength(28);
    for (const claim of CLAIMS) {
      const card = cards.find((each) => each.querySelector('.number')?.textContent === String(claim.number))!;
      const { title, says, sources } = claimsText.cards[claim.id];
      expect(words(card)).toContain(title);
      expect(words(card)).toContain(says);
      for (const source of sources) expect(words(card)).toContain(source);
      expect(words(card.querySelector('.status')!)).toBe(claimsText.status[statusOf(claim)]);
    }
  });

  test('filters by status, and says how many are left', async () => {
    const sheet = await mount('claims-sheet', {});
    await sheet.open();
    const choice = one(sheet, 'segmented-choice');
    one<HTMLInputElement>(choice, 'input[value=closed]').click();
    await sheet.updateComplete;
    expect(all(sheet, '.claim')).toHaveLength(1);
    expect(words(one(sheet, '[role=status]'))).toBe(claimsText.filter.shown(1, 28));
  });

  test('opens an experiment, and closes for it', async () => {
    const sheet = await mount('claims-sheet', {});
    await sheet.open();
    expect(sheet.hasAttribute('open')).toBe(true);
    const asked = heard<ExhibitEvent>('lab-exhibit');
    named(sheet, claimsText.openLabel(experimentOf('noise')!.title)).click();
    expect((await asked).id).toBe('noise');
    expect(one<HTMLDialogElement>(sheet, 'dialog').open).toBe(false);
    await expect.poll(() => sheet.hasAttribute('open')).toBe(false);
  });

  test('while runs are under way it says why nothing opens', async () => {
    const sheet = await mount('claims-sheet', { locked: true });
    await sheet.open();
    expect(all<HTMLButtonElement>(sheet, '.opens button').every((button) => button.disabled)).toBe(true);
    expect(words(one(sheet, '[role=status]'))).toBe(claimsText.locked);
  });

  test('draws what was recorded, and tells it', async () => {
    const sheet = await mount('claims-sheet', {});
    await sheet.open();
    expect(all(sheet, 'svg.plot')).toHaveLength(1);
    expect(all(sheet, '.plot circle')).toHaveLength(6);
    expect(one(sheet, '.plot').getAttribute('aria-label')).toMatch(/dense (\d\.\d\d, ){2}\d\.\d\d, sparse/);
    expect(words(one(sheet, '.shown .recorded'))).toMatch(/^Recorded on .*times less compute/);
  });

  test('tells what was recorded of laws, with how sure it is, and nothing that readers bet on', async () => {
    const sheet = await mount('claims-sheet', {});
    await sheet.open();
    const told = CLAIMS.filter((claim) => `../../src/experiments/recorded/${toldBy(claim)?.id}.json` in files);
    expect(told.length).toBeGreaterThan(3);
    await expect.poll(() => all(sheet, '.recorded').length).toBe(1 + told.length);
    const card = all(sheet, '.claim').find((each) => words(each).includes(claimsText.cards.balance.title))!;
    expect(words(card.querySelector('.recorded')!)).toMatch(
      /^Recorded on .*At each compute one size is best: .* FLOPs: .*90 %: .* three seeds\.$/,
    );
  });
});

describe('lessons-sheet', () => {
  test('offers three lessons, and begins one', async () => {
    const sheet = await mount('lessons-sheet', {});
    await sheet.open();
    expect(all(sheet, '.lesson')).toHaveLength(3);
    const asked = heard<LessonEvent>('lab-lesson');
    named(sheet, lessonsText.beginLabel(lessonsText.begin, lessonsText.lessons.predict.title)).click();
    expect((await asked).id).toBe('predict');
  });

  test('goes on where the reader was, or begins again', async () => {
    localStorage.setItem('scaling-lab-lesson-law', JSON.stringify({ step: 3, answers: {}, outcomes: {} }));
    const sheet = await mount('lessons-sheet', {});
    await sheet.open();
    const { title } = lessonsText.lessons.law;
    named(sheet, lessonsText.beginLabel(lessonsText.goOn(4, 8), title));
    named(sheet, lessonsText.beginLabel(lessonsText.again, title)).click();
    expect(localStorage.getItem('scaling-lab-lesson-law')).toBeNull();
  });

  test.each(LESSONS.map(({ id }) => id))('has notes for the teacher of %s, with the answers', async (id) => {
    const sheet = await mount('lessons-sheet', {});
    await sheet.open();
    named(sheet, lessonsText.beginLabel(lessonsText.notes, lessonsText.lessons[id].title)).click();
    await sheet.updateComplete;
    const shown = words(one(sheet, '.notes'));
    const { course, questions, misconceptions, withoutWebGpu } = teacherText.notes[id];
    for (const part of [...course.map(([, what]) => what), ...questions.flat(), ...misconceptions.flat()]) {
      expect(shown).toContain(part);
    }
    for (const part of withoutWebGpu) expect(shown).toContain(part);
    expect(all(sheet, '.notes ol > li')).toHaveLength(lessonOf(id)!.steps.length);
    expect(course.reduce((sum, [minutes]) => sum + minutes, 0)).toBe(lessonOf(id)!.minutes);
    named(sheet, teacherText.back).click();
    await sheet.updateComplete;
    expect(all(sheet, '.lesson')).toHaveLength(3);
  });
});

const idle: LabState = {
  ...INITIAL_STATE,
  phase: 'idle',
  exhibit: 'race',
  wanted: { case: 'race', setting: {} },
  device: { name: 'any' } as LabState['device'],
};

function slide(input: HTMLInputElement, value: number): void {
  input.value = String(value);
  input.dispatchEvent(new Event('input'));
}

function feedback(panel: LessonPanel): string {
  return words(one(panel, '.said'));
}

async function go(panel: LessonPanel, button: string): Promise<void> {
  named(panel, button).click();
  await panel.updateComplete;
}

describe('lesson-panel', () => {
  const { sparse } = lessonsText.lessons;

  test('sets the lab for its step, and gives its heading the focus', async () => {
    const asked = heard<LabSettingEvent>('lab-set');
    const panel = await mount('lesson-panel', { lesson: 'sparse', state: idle });
    expect((await asked).lab).toEqual(lessonOf('sparse')!.steps[0]!.lab);
    expect(panel.shadowRoot?.activeElement).toBe(one(panel, 'h2'));
    expect(words(one(panel, 'h2'))).toBe(sparse.steps.share.title);
  });

  test('checks a number: wrong, then right, by keyboard', async () => {
    const panel = await mount('lesson-panel', { lesson: 'sparse', state: idle });
    one<HTMLInputElement>(panel, 'input').focus();
    await userEvent.keyboard('50{Enter}');
    await expect.poll(() => feedback(panel)).toBe(`✗ ${sparse.steps.share.wrong}`);
    one<HTMLInputElement>(panel, 'input').select();
    await userEvent.keyboard('12.5{Enter}');
    await expect.poll(() => feedback(panel)).toBe(`✓ ${sparse.steps.share.right}`);
  });

  test('checks a choice, says why, and remembers it', async () => {
    const panel = await mount('lesson-panel', { lesson: 'sparse', state: idle });
    await go(panel, panelText.next);
    expect(named(panel, panelText.check).disabled).toBe(true);
    const { options } = sparse.steps.fair;
    for (const [i, mark] of [
      [0, '✗'],
      [2, '✓'],
    ] as const) {
      all(panel, 'input')[i]!.click();
      await panel.updateComplete;
      await go(panel, panelText.check);
      expect(feedback(panel)).toBe(`${mark} ${options[i].because}`);
    }
    panel.remove();
    const again = await mount('lesson-panel', { lesson: 'sparse', state: idle, resumed: true });
    expect(words(one(again, 'h2'))).toBe(sparse.steps.fair.title);
    expect(feedback(again)).toBe(`✓ ${options[2].because}`);
    // Nobody has asked for it just now, so it takes no focus.
    expect(again.shadowRoot?.activeElement ?? null).toBeNull();
  });

  test('takes a bet', async () => {
    const panel = await mount('lesson-panel', { lesson: 'sparse', state: idle });
    await go(panel, panelText.toStep(3, sparse.steps.bet.title));
    const slider = one<HTMLInputElement>(panel, 'input');
    slide(slider, 3);
    await panel.updateComplete;
    await go(panel, panelText.place);
    expect(feedback(panel)).toContain('3.0 times less compute');
    named(panel, panelText.start);
  });

  test('where nothing can be trained, a bet is compared with what was recorded, and not before it is placed', async () => {
    const state: LabState = { ...INITIAL_STATE, exhibit: 'race', wanted: idle.wanted, phase: 'failed' };
    const panel = await mount('lesson-panel', { lesson: 'sparse', state });
    await go(panel, panelText.toStep(3, sparse.steps.bet.title));
    expect(feedback(panel)).toBe(panelText.willBeRecorded);
    const slider = one<HTMLInputElement>(panel, 'input');
    slide(slider, 3);
    await panel.updateComplete;
    await go(panel, panelText.place);
    expect(feedback(panel)).toMatch(/It came to \d\.\d times less compute \(interval .*Nothing can be trained/);
    expect(slider.disabled).toBe(true);
  });

  test('a bet that the lab asks for itself is drawn there too', async () => {
    const state = { ...idle, exhibit: 'predict', wanted: { case: 'predict', setting: {} } };
    const panel = await mount('lesson-panel', { lesson: 'predict', state });
    await go(panel, panelText.next);
    expect(named(panel, panelText.place).disabled).toBe(true);
    slide(one<HTMLInputElement>(panel, 'input'), 0.9);
    await panel.updateComplete;
    const asked = heard<BetEvent>('lab-bet');
    await go(panel, panelText.place);
    expect((await asked).value).toBeCloseTo(0.9, 6);
  });

  test('says so when the lab shows something else, and sets it back', async () => {
    const panel = await mount('lesson-panel', { lesson: 'sparse', state: { ...idle, exhibit: 'size' } });
    expect(words(one(panel, '.notice'))).toContain(panelText.moved);
    const asked = heard<LabSettingEvent>('lab-set');
    await go(panel, panelText.set);
    expect((await asked).lab.experiment).toBe('race');
    panel.state = { ...idle, exhibit: 'size', phase: 'running' };
    await panel.updateComplete;
    expect(words(one(panel, '.notice'))).toBe(panelText.busy);
  });

  test('goes back and on, marks where it is, and ends', async () => {
    const panel = await mount('lesson-panel', { lesson: 'sparse', state: idle });
    expect(named(panel, panelText.back).disabled).toBe(true);
    await go(panel, panelText.toStep(8, sparse.steps.end.title));
    expect(one(panel, '[aria-current=step]').getAttribute('aria-label')).toBe(
      panelText.toStep(8, sparse.steps.end.title),
    );
    const left = heard<LessonEvent>('lab-lesson');
    await go(panel, panelText.finish);
    expect((await left).id).toBeUndefined();
    await go(panel, panelText.back);
    expect(words(one(panel, 'h2'))).toBe(sparse.steps.nothing.title);
  });
});

describe('words with a meaning', () => {
  async function show(sentence: string): Promise<HTMLElement> {
    const place = document.createElement('p');
    document.body.append(place);
    render(html`${glossed(sentence)}`, place);
    await Promise.all([...place.querySelectorAll('term-tip')].map((tip) => tip.updateComplete));
    return place;
  }

  const open = (tip: Element): boolean => one(tip, '#tip').matches(':popover-open');

  test('a sentence keeps its words, and marks each term once', async () => {
    const sentence = 'Seeds, the floor, two seeds; flooring has no floor. FLOPs.';
    const place = await show(sentence);
    expect(place.textContent).toBe(sentence);
    expect([...place.querySelectorAll('term-tip')].map((tip) => tip.textContent)).toEqual(['Seeds', 'floor', 'FLOPs']);
  });

  test('the focus shows the meaning; Escape takes it away and does nothing else', async () => {
    const place = await show('Loss above the floor.');
    const tip = place.querySelector('term-tip')!;
    one(tip, 'button').focus();
    expect(open(tip)).toBe(true);
    let reached = false;
    document.addEventListener('keydown', () => (reached = true), { once: true });
    await userEvent.keyboard('{Escape}');
    expect(open(tip)).toBe(false);
    expect(reached).toBe(false);
    await userEvent.keyboard('{Escape}');
    expect(reached).toBe(true);
  });

  test('a word that the focus brings into view shows its meaning beside it', async () => {
    const far = document.createElement('div');
    far.style.height = '3000px';
    document.body.append(far);
    const place = await show('the floor');
    const tip = place.querySelector('term-tip')!;
    one(tip, 'button').focus();
    await expect.poll(() => window.scrollY).toBeGreaterThan(0);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    expect(open(tip)).toBe(true);
    const [word, meaning] = [one(tip, 'button'), one(tip, '#tip')].map((each) => each.getBoundingClientRect());
    expect(Math.min(Math.abs(meaning!.top - word!.bottom), Math.abs(word!.top - meaning!.bottom))).toBeLessThan(12);
    window.scrollTo(0, 0);
  });

  test('so does the pointer, and it stays inside the window', async () => {
    const place = await show('the floor');
    place.style.cssText = 'position: fixed; right: 0; bottom: 0; margin: 0';
    const tip = place.querySelector('term-tip')!;
    await userEvent.hover(one(tip, 'button'));
    expect(open(tip)).toBe(true);
    const box = one(tip, '#tip').getBoundingClientRect();
    expect(box.right).toBeLessThanOrEqual(window.innerWidth);
    expect(box.bottom).toBeLessThanOrEqual(window.innerHeight);
    await userEvent.unhover(one(tip, 'button'));
    await expect.poll(() => open(tip)).toBe(false);
  });
});
