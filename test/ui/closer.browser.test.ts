/** A model token by token, and the code of its kernels, in a real browser. */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { expand } from '../../src/experiments/experiment';
import { race } from '../../src/experiments/race';
import type { CohortDescription, KernelText } from '../../src/protocol';
import { closerText as T } from '../../src/text/closer';
import '../../src/ui/closer-look';
import { Curves } from '../../src/ui/curves';
import { LookingEvent } from '../../src/ui/looking-event';
import '../../src/ui/page.css';
import '../../src/ui/plan-table';
import { Session } from '../../src/ui/session';
import { Store } from '../../src/ui/store';
import { fakeLink } from './fake-connection';

const store = new Store();
const waiting = new Store();

beforeAll(async () => {
  document.documentElement.dataset.theme = 'light';
  const session = new Session(store, new Curves(), fakeLink({ flopsPerSecond: Infinity }).connect);
  await session.run(expand(race, 'smoke', { case: race.cases[0] }), {
    subject: { experiment: 'race', budget: 'smoke' },
  });
  session.close();
});

afterEach(() => {
  document.body.replaceChildren();
});

async function open(properties: Partial<HTMLElementTagNameMap['closer-look']> = {}) {
  const element = Object.assign(document.createElement('closer-look'), { state: store.state }, properties);
  const asked: boolean[] = [];
  element.addEventListener('lab-looking', (event) => asked.push((event as LookingEvent).looking));
  document.body.append(element);
  await element.updateComplete;
  const root = element.renderRoot as ShadowRoot;
  const details = root.querySelector('details')!;
  const fold = async (unfolded: boolean): Promise<void> => {
    details.open = unfolded;
    await new Promise((resolve) => details.addEventListener('toggle', resolve, { once: true }));
    await element.updateComplete;
  };
  await fold(true);
  return { element, root, asked, fold };
}

async function parts(root: ShadowRoot) {
  const strips = root.querySelector('expert-strips');
  const map = root.querySelector('attention-map')!;
  await strips?.updateComplete;
  await map.updateComplete;
  return { strips: strips?.renderRoot as ShadowRoot, map: map.renderRoot as ShadowRoot };
}

describe('closer-look', () => {
  test('asks for looks when it is unfolded, and for no more of them when it is folded', async () => {
    const { root, asked, fold } = await open();
    expect(asked).toEqual([true]);
    expect(root.querySelector('attention-map')).not.toBeNull();
    await fold(false);
    expect(asked).toEqual([true, false]);
    expect(root.querySelector('attention-map')).toBeNull();
  });

  test('says what it waits for: a start, or in a sweep an end', async () => {
    expect((await open({ state: waiting.state })).root.textContent).toContain(T.waiting);
    expect((await open({ state: waiting.state, sweep: true })).root.textContent).toContain(T.waitingSweep);
  });

  test('shows the sparse model first: each token with its experts, by number as well as by colour', async () => {
    const { root } = await open();
    const { strips } = await parts(root);
    const look = store.state.closer[1]!.documents[0]!;
    const tokens = [...strips.querySelectorAll('.tokens button')];
    expect(tokens).toHaveLength(32);
    const chips = [...tokens[4]!.querySelectorAll('.expert')].map((chip) => Number(chip.textContent) - 1);
    expect(chips).toEqual([...look.experts[0]!.slice(8, 10), ...look.experts[1]!.slice(8, 10)]);
    expect(tokens[4]!.textContent).toContain(`experts ${chips[0]! + 1} and ${chips[1]! + 1}`);
  });

  test('a token pointed at above is the one that reads below', async () => {
    const { root, element } = await open();
    const { strips } = await parts(root);
    strips.querySelectorAll<HTMLElement>('.tokens button')[20]!.focus();
    await element.updateComplete;
    const { map } = await parts(root);
    const [reader] = map.querySelectorAll<HTMLInputElement>('input[type=range]');
    expect(reader!.value).toBe('20');
    expect(strips.querySelector('[aria-pressed=true]')?.textContent).toContain(T.place(20));
    // Those who go another way step back.
    expect(strips.querySelectorAll('.other').length).toBeGreaterThan(0);
  });

  test('the map has a pixel for each pair, and none above the diagonal', async () => {
    const { root } = await open();
    const { map } = await parts(root);
    const canvas = map.querySelector<HTMLCanvasElement>('.plot canvas')!;
    expect([canvas.width, canvas.height]).toEqual([32, 32]);
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, 32, 32);
    const alpha = (row: number, column: number): number => data[4 * (32 * row + column) + 3]!;
    const { attention } = store.state.closer[1]!.documents[0]!;
    for (const [row, column] of [
      [0, 0],
      [9, 7],
      [31, 30],
      [31, 0],
    ] as const) {
      expect(alpha(row, column)).toBeCloseTo(255 * Math.sqrt(attention[0]![row * 32 + column]!), -0.5);
    }
    expect([alpha(3, 4), alpha(0, 31)]).toEqual([0, 0]);
  });

  test('pointing says what a pair comes to; sliders do the same for the keyboard', async () => {
    const { root, element } = await open();
    const { map } = await parts(root);
    const plot = map.querySelector<HTMLElement>('.plot')!;
    const { left, top, width, height } = plot.getBoundingClientRect();
    const at = (column: number, row: number) =>
      new PointerEvent('pointermove', {
        clientX: left + ((column + 0.5) / 32) * width,
        clientY: top + ((row + 0.5) / 32) * height,
      });
    plot.dispatchEvent(at(8, 10));
    await element.updateComplete;
    await parts(root);
    // The fake's first head looks two back.
    expect(map.querySelector('.pointed')!.textContent).toMatch(/token 11, gives 100\s%.*token 9/);
    expect(map.querySelector('.column')).not.toBeNull();
    plot.dispatchEvent(at(20, 10));
    await parts(root);
    expect(map.querySelector('.pointed')!.textContent).toContain('cannot see it');
    const [reader, looked] = map.querySelectorAll<HTMLInputElement>('input[type=range]');
    reader!.value = '5';
    reader!.dispatchEvent(new InputEvent('input'));
    await element.updateComplete;
    await parts(root);
    looked!.value = '3';
    looked!.dispatchEvent(new InputEvent('input'));
    await parts(root);
    expect(map.querySelector('.pointed')!.textContent).toMatch(/token 6, gives.*token 4/);
    expect(looked!.max).toBe('5');
  });

  test('another head has another map, and says what it does', async () => {
    const { root } = await open();
    const { map } = await parts(root);
    const says = (): string => map.querySelector('.says p')!.textContent;
    expect(says()).toContain(T.attention.habit(2, 1));
    const radios = map.querySelectorAll<HTMLInputElement>('input[type=radio]');
    expect(radios).toHaveLength(4);
    radios[1]!.click();
    await parts(root);
    expect(says()).toContain(T.attention.tag(1));
  });

  test('a dense model has a map and no experts', async () => {
    const { root, element } = await open();
    const choice = root.querySelector('segmented-choice')!;
    choice.value = 'dense';
    choice.dispatchEvent(new Event('change'));
    await element.updateComplete;
    expect(root.querySelector('expert-strips')).toBeNull();
    expect(root.textContent).toContain(T.experts.dense('dense'));
    expect(root.querySelector('attention-map')).not.toBeNull();
  });

  test('tables stand behind both pictures', async () => {
    const { root } = await open();
    const { strips, map } = await parts(root);
    for (const each of [strips, map]) {
      const details = each.querySelector('details')!;
      details.open = true;
      await new Promise((resolve) => details.addEventListener('toggle', resolve, { once: true }));
      await parts(root);
      expect(each.querySelectorAll('tbody tr')).toHaveLength(32);
    }
    expect(map.querySelectorAll('tbody tr')[1]!.querySelectorAll('td')[1]!.textContent).toMatch(/%$/);
    expect(map.querySelectorAll('tbody tr')[1]!.querySelectorAll('td')[2]!.textContent).toBe('');
  });

  test('attention that is no number is said to be none', async () => {
    const look = store.state.closer[1]!;
    const [first] = look.documents;
    const attention = first!.attention.map((layer) => layer.map(() => NaN));
    const closer = { 1: { ...look, documents: [{ ...first!, attention }] } };
    const { root } = await open({ state: { ...store.state, closer } });
    const { map } = await parts(root);
    expect(map.textContent).toContain(T.attention.broken);
  });
});

describe('the code of a kernel', () => {
  async function shown(fetch?: (specs: CohortDescription['specs'], index: number) => Promise<KernelText>) {
    const session = new Session(new Store(), new Curves(), fakeLink({ flopsPerSecond: Infinity }).connect);
    const element = Object.assign(document.createElement('plan-table'), {
      cohorts: store.state.cohorts,
      series: store.state.series,
      phase: 'idle' as const,
      kernels: 'register',
      kernelText: fetch ?? session.kernelText,
    });
    document.body.append(element);
    await element.updateComplete;
    const details = element.renderRoot.querySelector('details')!;
    details.open = true;
    await expect.poll(() => element.renderRoot.querySelectorAll('.kernel').length).toBeGreaterThan(2);
    element.renderRoot.querySelectorAll<HTMLElement>('.kernel')[2]!.click();
    const dialog = element.renderRoot.querySelector('kernel-dialog')!;
    await expect.poll(() => dialog.renderRoot?.querySelector('dialog')?.open).toBe(true);
    return { session, root: dialog.renderRoot as ShadowRoot };
  }

  test('opens from its row, beside what the row says, as text and never as markup', async () => {
    const { session, root } = await shown();
    await expect.poll(() => root.querySelector('pre')).not.toBeNull();
    expect(root.querySelector('h2')!.textContent).toBe('matmul/forward');
    expect(root.querySelector('dl')!.textContent).toContain('TILE_M = 8, BIAS = false');
    expect(root.querySelector('dl')!.textContent).toContain(T.kernel.notMeasured);
    expect(root.querySelector('pre b')).toBeNull();
    expect(root.querySelector('pre .comment')!.textContent).toBe('// <b>none</b>');
    expect(root.querySelector('pre')!.textContent).toContain('let dispatch = 2u;');
    root.querySelectorAll<HTMLElement>('.walk button')[1]!.click();
    await expect.poll(() => root.querySelector('pre')?.textContent).toContain('let dispatch = 3u;');
    session.close();
  });

  test('has the file as it was written beside it', async () => {
    const { session, root } = await shown();
    await expect.poll(() => root.querySelector('segmented-choice')).not.toBeNull();
    const choice = root.querySelector('segmented-choice')!;
    choice.value = 'matmul';
    choice.dispatchEvent(new Event('change'));
    await expect.poll(() => root.querySelector('pre')?.textContent).toContain('// C = A·B');
    session.close();
  });

  test('of thousands of lines shows some, and all on demand', async () => {
    const code = Array.from({ length: 900 }, (_, i) => `const c${i} = ${i}u;`).join('\n');
    const { root } = await shown(() =>
      Promise.resolve({ code, entry: 'main', workgroupSize: [1, 1, 1], constants: {}, extents: {}, files: [] }),
    );
    await expect.poll(() => root.querySelectorAll('.line').length).toBe(400);
    [...root.querySelectorAll('button')].find((each) => each.textContent.includes('900'))!.click();
    await expect.poll(() => root.querySelectorAll('.line').length).toBe(900);
  });

  test('that cannot be fetched is said so', async () => {
    const { root } = await shown(() => Promise.reject(new Error('no such thing')));
    await expect.poll(() => root.querySelector('[role=status]')?.textContent).toBe(T.kernel.failed('no such thing'));
  });
});
