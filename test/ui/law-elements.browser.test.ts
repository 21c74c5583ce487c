/** The elements of experiments on laws in a real browser: pointing, betting, tables, and what they ask the page for. */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { articleData } from '../../src/experiments/article-data';
import { compute } from '../../src/experiments/compute';
import { EXPERIMENTS } from '../../src/experiments/experiments';
import { predict } from '../../src/experiments/predict';
import { returns } from '../../src/experiments/returns';
import { size } from '../../src/experiments/size';
import { lawChartsText } from '../../src/text/law-charts';
import { text } from '../../src/text/text';
import '../../src/ui/below';
import type { BetEvent } from '../../src/ui/bet-event';
import type { CommandEvent } from '../../src/ui/command-event';
import { Curves } from '../../src/ui/curves';
import '../../src/ui/lab-header';
import type { ExhibitEvent } from '../../src/ui/lab-header';
import type { LawPlot } from '../../src/ui/law-plot';
import '../../src/ui/page.css';
import type { PointEvent } from '../../src/ui/point-event';
import { fitted, FLOOR, power, runsOf, stateOf } from './law-runs';

const law = power(20, 0.35);
const runs = runsOf(size, 'quick', law);

beforeAll(() => {
  document.documentElement.dataset.theme = 'light';
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
  element.style.width = '900px';
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

/** Takes the next event of this kind. */
function heard<T extends Event>(type: string): Promise<T> {
  return new Promise((resolve) => {
    document.body.addEventListener(type, (event) => resolve(event as T), { once: true });
  });
}

function slide(input: HTMLInputElement, value: number): void {
  input.value = String(value);
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

/** The plots of a chart, once they have been measured and drawn. */
async function drawn(chart: HTMLElement, plots = 1): Promise<LawPlot[]> {
  await expect.poll(() => all(chart, 'law-plot').filter((plot) => all(plot, '.axis').length > 0).length).toBe(plots);
  return all<LawPlot>(chart, 'law-plot');
}

describe('law-chart', () => {
  test('draws runs, means, law, band and exponent, and says them', async () => {
    const state = stateOf({ runs, fits: [fitted('dense', 20, 0.35)] });
    const chart = await mount('law-chart', { experiment: size, state });
    const [plot] = await drawn(chart);
    expect(all(plot!, 'circle[data-run]')).toHaveLength(24);
    expect(all(plot!, 'path.mean')).toHaveLength(8);
    expect(all(plot!, 'path.line.law.s6')).toHaveLength(1);
    expect(all(plot!, 'path.band')).toHaveLength(1);
    expect(one(plot!, 'svg').textContent).toMatch(/dense ∝ N\s*−0\.35/);
    expect(one(plot!, 'svg[role=img]').getAttribute('aria-label')).toContain('to the power minus 0.35');
  });

  test('the pointer and the arrow keys light up a run, and say which', async () => {
    const chart = await mount('law-chart', { experiment: size, state: stateOf({ runs }) });
    const [plot] = await drawn(chart);
    const dot = one<SVGCircleElement>(plot!, 'circle[data-run="dense 16/2"]').getBoundingClientRect();
    const pointed = heard<PointEvent>('lab-point');
    const place = { clientX: dot.x + dot.width / 2, clientY: dot.y + dot.height / 2, bubbles: true, composed: true };
    one(plot!, '.plot').dispatchEvent(new PointerEvent('pointermove', place));
    expect((await pointed).key).toBe('dense 16/2');
    await plot!.updateComplete;
    expect(one(plot!, '.readout').textContent).toContain(lawChartsText.chart.read('dense 16', 2));
    const left = heard<PointEvent>('lab-point');
    chart.state = { ...chart.state, pointed: 'dense 16/2' };
    await chart.updateComplete;
    await plot!.updateComplete;
    expect(all(plot!, '.pointed').map((each) => each.getAttribute('data-run'))).toEqual(['dense 16/2']);
    one(plot!, '.plot').dispatchEvent(new PointerEvent('pointerleave'));
    expect((await left).key).toBeUndefined();
    const walked = heard<PointEvent>('lab-point');
    slide(one<HTMLInputElement>(plot!, 'input.runs'), 0);
    expect((await walked).key).toMatch(/^dense 8\//);
    await plot!.updateComplete;
    expect(one(plot!, 'input.runs').getAttribute('aria-valuetext')).toMatch(
      /dense 8, seed \d: \d\.\d{3} above the floor/,
    );
  });

  test('the same data on both kinds of axes, side by side', async () => {
    const state = stateOf({ runs: runsOf(returns, 'quick', law) });
    const chart = await mount('law-chart', { experiment: returns, state });
    const plots = await drawn(chart, 2);
    expect(plots.map((plot) => all(plot, 'line.rule').length)).toEqual([0, 1]);
    expect(plots.map((plot) => all(plot, 'circle[data-run]').length)).toEqual([18, 18]);
  });

  test('a bet is placed with the slider or by dragging, until the prediction is frozen', async () => {
    const measured = runsOf(predict, 'quick', law).filter(({ arm }) => arm !== 'dense 32');
    const series = {
      ...{ arm: 'dense 32', style: 0, cohort: 0, replicas: [0], seeds: [1], size: 25_000, total: 3e4, active: 25_000 },
      ...{ steps: 400, branches: [], flopsPerStep: 1e6, tokensPerStep: 512, guessing: Math.log(32), floor: FLOOR },
    };
    const state = stateOf({ runs: measured }, { series: [series] });
    const chart = await mount('law-chart', { experiment: predict, state });
    const [plot] = await drawn(chart);
    const slid = heard<BetEvent>('lab-bet');
    const slider = one<HTMLInputElement>(plot!, 'input.guess');
    expect(slider.getAttribute('aria-label')).toBe(lawChartsText.bet.label('dense 32'));
    slide(slider, 100);
    const { value } = await slid;
    expect(value).toBeGreaterThan(0.3);
    expect(value).toBeLessThan(1.5);

    const marker = one<SVGGElement>(plot!, '.bet');
    marker.setPointerCapture = () => undefined;
    marker.hasPointerCapture = () => true;
    const at = marker.getBoundingClientRect();
    const down = { clientX: at.x + 24, clientY: at.y + at.height / 2, pointerId: 1, bubbles: true, composed: true };
    marker.dispatchEvent(new PointerEvent('pointerdown', down));
    const dragged = heard<BetEvent>('lab-bet');
    marker.dispatchEvent(new PointerEvent('pointermove', { ...down, clientY: down.clientY + 40 }));
    expect((await dragged).value).toBeLessThan(value);

    const interval: [number, number] = [0.5, 0.7];
    const prediction = {
      arm: 'dense 32',
      x: 25_000,
      predicted: 0.6,
      interval,
      frozenAt: '2026-01-01T00:00:00Z',
      bet: 0.5,
    };
    chart.state = { ...state, law: { ...state.law, prediction } };
    await chart.updateComplete;
    await plot!.updateComplete;
    expect(all(plot!, 'input.guess')).toEqual([]);
    expect(one(plot!, '.bet.closed').textContent).toContain(lawChartsText.bet.yours(0.5));
  });

  test('unfolds into a table of ends and laws', async () => {
    const state = stateOf({ runs, fits: [fitted('dense', 20, 0.35), fitted('sparse', 9, 0.3, { enough: false })] });
    const chart = await mount('law-chart', { experiment: size, state });
    one<HTMLDetailsElement>(chart, 'details').open = true;
    await expect.poll(() => all(chart, 'law-table').length).toBe(1);
    const table = one<HTMLElementTagNameMap['law-table']>(chart, 'law-table');
    await table.updateComplete;
    const [ends, laws] = all(table, 'table');
    expect(ends!.querySelectorAll('tbody tr')).toHaveLength(8);
    expect(
      [...laws!.querySelectorAll('tbody tr')].map((row) => row.querySelectorAll('td')[1]!.textContent.trim()),
    ).toEqual(['0.35', lawChartsText.table.noExponent]);
  });
});

describe('curve-multiples', () => {
  test('one canvas for all arms; pointing and the keyboard light up a run', async () => {
    const state = stateOf({ runs });
    const element = await mount('curve-multiples', { experiment: size, state, curves: new Curves() });
    const canvas = one<HTMLCanvasElement>(element, 'canvas');
    await expect.poll(() => canvas.height).toBeGreaterThan(150);
    expect(canvas.getAttribute('aria-label')).toContain(lawChartsText.multiples.summary(8, 8));
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const pointed = heard<PointEvent>('lab-point');
    // The last tile of the first row: the largest dense model.
    const place = { clientX: left + width * 0.9, clientY: top + height * 0.25, bubbles: true };
    canvas.dispatchEvent(new PointerEvent('pointermove', place));
    expect((await pointed).key).toMatch(/^dense 24\/[123]$/);
    const walked = heard<PointEvent>('lab-point');
    slide(one<HTMLInputElement>(element, 'input.hidden'), 5);
    expect((await walked).key).toBe('dense 12/3');
  });
});

describe('loss-surface', () => {
  test('numbers in cells, contours of the law, and a table behind them', async () => {
    const surface = (n: number, d: number): number => 8 * n ** -0.3 + 60 * d ** -0.4;
    const parameters = { E: 0, A: 8, alpha: 0.3, B: 60, beta: 0.4 };
    const fit = fitted('dense', 0, 0, { law: 'chinchilla', x: 'n,d', parameters });
    const state = stateOf({ runs: runsOf(compute, 'quick', surface), fits: [fit] });
    const element = await mount('loss-surface', { experiment: compute, state });
    await expect.poll(() => all(element, 'rect.cell').length).toBe(25);
    expect(all(element, 'text.number')).toHaveLength(25);
    expect(all(element, 'path.contour').length).toBeGreaterThan(2);
    one<HTMLDetailsElement>(element, 'details').open = true;
    await expect.poll(() => all(element, 'tbody tr').length).toBe(25);
    const row = [...one(element, 'tbody tr').querySelectorAll('td')].map((cell) => cell.textContent.trim());
    // Measured, and by the law: the same.
    expect(row[3]).toBe(row[2]);
  });
});

describe('bet-card', () => {
  test('asks before the start, and says what it came to', async () => {
    const element = await mount('bet-card', { experiment: articleData, state: stateOf({}, { phase: 'idle' }) });
    const slider = () => one<HTMLInputElement>(element, 'input');
    expect(slider().disabled).toBe(false);
    const asked = heard<BetEvent>('lab-bet');
    slide(slider(), 12);
    expect((await asked).value).toBe(12);
    expect(all(element, '.dot')).toEqual([]);
    element.state = stateOf({ runs }, { phase: 'running', bet: 12 });
    await element.updateComplete;
    expect(slider().disabled).toBe(true);
    expect(one(element, '[role=status]').textContent.trim()).toBe(lawChartsText.bet.waits);
  });
});

describe('sweep-queue', () => {
  test('lists the sweep, marks what is under way, and can skip it', async () => {
    const series = (arm: string, cohort: number) => ({
      ...{ arm, style: 0, cohort, replicas: [0, 1], seeds: [1, 2], size: 1, total: 1, active: 1, steps: 100 },
      ...{ branches: [], flopsPerStep: 1e6 * (cohort + 1), tokensPerStep: 512, guessing: 3.4, floor: FLOOR },
    });
    const cohorts = [30, 0].map((step) => ({ step, steps: 100 }));
    const progress = { type: 'progress' as const, fraction: 0.1, secondsElapsed: 3, secondsLeft: 20, cohorts };
    const state = stateOf({}, { phase: 'running', progress, series: [series('dense 8', 0), series('dense 12', 1)] });
    const element = await mount('sweep-queue', { experiment: size, state, curves: new Curves() });
    expect(all(element, 'li')).toHaveLength(2);
    expect(one(element, 'li[aria-current=step]').textContent).toContain('dense 8');
    const asked = heard<CommandEvent>('lab-command');
    one(element, 'button').click();
    expect((await asked).command).toBe('skip');
  });
});

describe('lab-header', () => {
  test('seven questions are a press away, the others in a native list', async () => {
    const exhibits = EXPERIMENTS.map(({ id, title }) => ({ value: id, label: title, short: text.exhibit.short[id] }));
    const element = await mount('lab-header', { exhibits, exhibit: 'noise' });
    const list = one<HTMLSelectElement>(element, 'select.more');
    expect(list.options).toHaveLength(EXPERIMENTS.length - 7);
    expect(list.value).toBe('noise');
    expect(one<HTMLElementTagNameMap['segmented-choice']>(element, '.exhibits').choices).toHaveLength(7);
    const asked = heard<ExhibitEvent>('lab-exhibit');
    list.value = 'repeats';
    list.dispatchEvent(new Event('change'));
    expect((await asked).id).toBe('repeats');
  });
});
