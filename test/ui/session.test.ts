import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { expand } from '../../src/experiments/experiment';
import { verdictOf } from '../../src/experiments/verdict-of';
import type { RunResult } from '../../src/protocol';
import { belowText } from '../../src/text/below';
import { text } from '../../src/text/text';
import { answerOf } from '../../src/ui/answer';
import { Curves } from '../../src/ui/curves';
import { curveRows } from '../../src/ui/curve-rows';
import { curvesModel } from '../../src/ui/curves-model';
import { Exhibit } from '../../src/ui/exhibit';
import { makeLab, nameRuns } from '../../src/ui/lab';
import { loadLater } from '../../src/ui/later';
import { Session } from '../../src/ui/session';
import { sizesModel } from '../../src/ui/sizes-model';
import { Store, type LabState } from '../../src/ui/store';
import { fakeLink } from './fake-connection';
import { memoryKeeper } from './memory-keeper';
import { threeSizes } from './three-sizes';
import type { FakeOptions } from './fake-train-worker';

const requests = expand(threeSizes, 'smoke');
const conclude = (runs: readonly RunResult[]) => Promise.resolve({ verdict: verdictOf(threeSizes, runs) });
const subject = { experiment: threeSizes.id, budget: 'smoke' };

function make(options: FakeOptions = {}) {
  const link = fakeLink({ flopsPerSecond: Infinity, ...options });
  const store = new Store();
  const curves = new Curves();
  const session = new Session(store, curves, link.connect);
  sessions.push(session);
  return { link, store, curves, session, exhibit: new Exhibit(session, threeSizes, memoryKeeper()) };
}

beforeAll(() => loadLater());

const sessions: Session[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.close();
});

/** Resolves when the state first is so. */
function until(store: Store, condition: (state: LabState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const leave = store.subscribe(() => {
      if (condition(store.state)) {
        leave();
        resolve();
      }
    });
  });
}

test('kernels that the page was opened with are asked of the worker, and shown', async () => {
  const store = new Store();
  const session = new Session(store, new Curves(), fakeLink().connect, 'register');
  sessions.push(session);
  await session.open();
  expect(store.state.device).toMatchObject({ kernelProfile: 'register', kernelsBy: 'request' });
});

describe('a run', () => {
  test('from start to result', async () => {
    const { session, store, curves } = make();
    const result = await session.run(requests, { subject, conclude });
    expect(store.state.phase).toBe('done');
    expect(store.state.series.map(({ arm, seeds }) => [arm, seeds])).toEqual([
      ['dense 8', [1, 2, 3]],
      ['dense 16', [1, 2, 3]],
      ['dense 24', [1, 2, 3]],
    ]);
    expect(store.state.ends).toHaveLength(9);
    expect(curves.steps(0)).toBe(40);
    expect(result).toMatchObject({ schemaVersion: 1, experiment: 'size', budget: 'smoke' });
    expect(result.runs).toHaveLength(9);
    expect(result.verdict).toMatchObject({ kind: 'law', seeds: 3 });
    expect(store.state.result).toBe(result);
  });

  test('draws lines, dots and labels for every size', async () => {
    const { session, store, curves } = make();
    await session.run(requests, { subject });
    const model = curvesModel(store.state, curves, 900, 500);
    expect(model.lines.map((line) => line.name)).toEqual(['dense 8', 'dense 16', 'dense 24']);
    for (const line of model.lines) {
      expect(line.x.length).toBeGreaterThan(5);
      expect([...line.x].sort((a, b) => a - b)).toEqual(line.x);
    }
    expect(model.dots.filter((dot) => !dot.hollow)).toHaveLength(3);
    expect(model.labels.filter((label) => label.detail?.includes('±'))).toHaveLength(3);
    expect(model.hint).toBeUndefined();
    const sizes = sizesModel(store.state, curves, 300, 250);
    expect(sizes.dots.map((dot) => [dot.style, dot.hollow])).toEqual([
      [0, false],
      [1, false],
      [2, false],
    ]);
    expect(curveRows(store.state, curves).length).toBeGreaterThan(4);
  });

  test.each(['excess', 'loss'] as const)('has sound axes in every view of %s', async (vertical) => {
    const { session, store, curves } = make();
    await session.run(requests, { subject });
    for (const horizontal of ['flops', 'tokens', 'steps', 'seconds'] as const) {
      for (const scale of ['log', 'linear'] as const) {
        for (const band of ['range', 'interval'] as const) {
          const view = { vertical, horizontal, scale, band };
          const { x, y, lines } = curvesModel({ ...store.state, view }, curves, 700, 400);
          for (const axis of [x, y]) {
            expect(axis.max).toBeGreaterThan(axis.min);
            expect(Number.isFinite(axis.min) && Number.isFinite(axis.max)).toBe(true);
            if (scale === 'log') expect(axis.min).toBeGreaterThan(0);
          }
          for (const line of lines) {
            const values = [...line.x, ...line.y, ...line.low, ...line.high];
            for (const value of values) expect(Number.isFinite(value) && (scale === 'linear' || value! > 0)).toBe(true);
          }
        }
      }
    }
  });

  test('a second start is refused in a sentence, and the first goes on', async () => {
    const { session, store } = make({ flopsPerSecond: 2e10 });
    const first = session.run(requests, { subject });
    await expect(session.run(requests, { subject })).rejects.toMatchObject({
      name: 'LabError/busy',
      message: text.problem.busy,
    });
    await first;
    expect(store.state.phase).toBe('done');
  });

  test('pause, one step, resume', async () => {
    const { session, store, curves } = make({ flopsPerSecond: 2e10 });
    const run = session.run(requests, { subject });
    await until(store, (state) => state.phase === 'running');
    await session.pause();
    expect(store.state.phase).toBe('paused');
    await new Promise((resolve) => setTimeout(resolve, 60));
    const steps = () => [0, 1, 2].reduce((sum, cohort) => sum + curves.steps(cohort), 0);
    const before = steps();
    await session.step();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(steps()).toBe(before + 1);
    await session.resume();
    await run;
    expect(store.state.phase).toBe('done');
  });

  test('a stop keeps what was measured', async () => {
    const { session, store, curves } = make({ flopsPerSecond: 1e10 });
    const run = session.run(requests, { subject });
    await until(store, (state) => state.phase === 'running');
    await session.stop();
    await run;
    expect(store.state.phase).toBe('stopped');
    expect(curves.steps(0)).toBeGreaterThan(0);
    expect(store.state.result).toBeDefined();
  });

  test('a change of a hyper-parameter is marked on the chart', async () => {
    const { session, store, curves } = make({ flopsPerSecond: 2e10 });
    const run = session.run(requests, { subject });
    await until(store, (state) => state.progress !== undefined);
    await session.setHyper(0, [0, 1, 2], { lr: 0.01 });
    await run;
    expect(store.state.changes).toHaveLength(3);
    const { marks } = curvesModel(store.state, curves, 900, 500);
    expect(marks).toHaveLength(1);
    expect(marks[0]).toMatchObject({ style: 0, kind: 'change', text: 'rate 0.01' });
  });
});

describe('when something goes wrong', () => {
  test('an impossible spec: the worker’s sentence, and the next start works', async () => {
    const { session, store, link } = make({ fail: { method: 'describe', code: 'spec', sentence: 'No such width.' } });
    await expect(session.run(requests, { subject })).rejects.toMatchObject({ name: 'LabError/spec' });
    expect(store.state).toMatchObject({ phase: 'failed', problem: { code: 'spec', sentence: 'No such width.' } });
    expect(link.made).toBe(1);
  });

  test('a device lost on the way: the curves stay, and the next start makes a new worker', async () => {
    const { session, store, curves, link } = make({
      failAt: { fraction: 0.5, code: 'device-lost', sentence: 'It is gone.' },
    });
    await expect(session.run(requests, { subject })).rejects.toThrow('It is gone.');
    expect(store.state).toMatchObject({ phase: 'failed', problem: { code: 'device-lost' } });
    expect(curves.steps(0)).toBeGreaterThan(0);
    await expect(session.run(requests, { subject })).rejects.toThrow();
    expect(link.made).toBe(2);
  });

  test('a crash of the worker settles the run', async () => {
    const { session, store, link } = make({ hangAt: 0.3 });
    const run = session.run(requests, { subject });
    const outcome = expect(run).rejects.toMatchObject({ name: 'LabError/internal' });
    await until(store, (state) => state.progress !== undefined);
    link.crash('out of memory');
    await outcome;
    expect(store.state.phase).toBe('failed');
    expect(store.state.problem?.sentence).toContain('out of memory');
  });

  test('a stop that is not obeyed ends the worker', async () => {
    // It hangs with its first news: later, the stop might still reach it.
    const { session, store } = make({ hangAt: 0 });
    const run = session.run(requests, { subject });
    const outcome = expect(run).rejects.toThrow();
    await until(store, (state) => state.progress !== undefined);
    vi.useFakeTimers();
    void session.stop();
    await vi.advanceTimersByTimeAsync(9000);
    vi.useRealTimers();
    await outcome;
    expect(store.state.phase).toBe('stopped');
  });

  test('a diverged seed is marked, and the others go on', async () => {
    const { session, store, curves } = make({ diverge: { dModel: 16, seed: 2, after: 0.4 } });
    const result = await session.run(requests, { subject, conclude });
    const { marks, lines } = curvesModel(store.state, curves, 900, 500);
    expect(marks).toMatchObject([{ style: 1, kind: 'diverged', text: text.chart.diverged(2) }]);
    const middle = store.state.series[1]!;
    expect(lines[1]!.x.at(-1)).toBeGreaterThan(0.9 * middle.steps * middle.flopsPerStep);
    expect(result.runs.filter((run) => run.diverged)).toHaveLength(1);
    expect(result.verdict).toMatchObject({ diverged: 1, comparisons: [{ pairs: 3 }] });
  });

  test('no WebGPU: the sentence is shown, and nothing else happens', async () => {
    const sentence = 'This browser has no WebGPU: use Chrome or Edge.';
    const { session, store } = make({ fail: { method: 'open', code: 'no-webgpu', sentence } });
    const unrecorded = { ...threeSizes, id: 'not recorded' };
    await new Exhibit(session, unrecorded, memoryKeeper()).enter();
    expect(store.state).toMatchObject({ phase: 'failed', problem: { code: 'no-webgpu', sentence } });
    expect(answerOf(store.state, new Curves(), threeSizes).headline).toBe(text.answer.cannot);
  });
});

describe('the exhibit', () => {
  test('proposes the largest budget that fits into the reader’s patience', async () => {
    const { exhibit, store } = make({ flopsPerSecond: 6e9 });
    await exhibit.enter(false);
    expect(store.state.budget).toBe('1e11');
    // 1.0 million tokens against 0.4 million.
    expect(store.state.estimates.quick! / store.state.estimates['1e11']!).toBeCloseTo(0.4, 2);
    expect(store.state.series).toHaveLength(3);
  });

  test('on a slow machine the smallest measured budget', async () => {
    const { exhibit, store } = make({ flopsPerSecond: 1e8 });
    await exhibit.enter(false);
    expect(store.state.budget).toBe('quick');
  });

  test('says before, during and after what it knows', async () => {
    const { exhibit, store, curves } = make({ flopsPerSecond: 4e10 });
    const headline = () => answerOf(store.state, curves, threeSizes).headline;
    expect(headline()).toBe(text.answer.opening);
    await exhibit.enter(false);
    expect(headline()).toBe(text.answer.before(9));
    await exhibit.choose('quick');
    const run = exhibit.start();
    // Two sizes have ended, and the third is under way.
    await until(store, (state) => state.law.verdict !== undefined);
    expect(headline()).toMatch(/^So far: Dense 16 ended \*\d\.\d× closer\*/);
    await exhibit.session.pause();
    expect(headline()).toMatch(/^Paused\. /);
    await exhibit.session.resume();
    await run;
    expect(headline()).toMatch(/^Dense 24 ended \*\d\.\d× closer\*/);
    const { sure } = answerOf(store.state, curves, threeSizes);
    expect(sure.join(' · ')).toContain('seeds');
  });

  test('a smoke run never claims an answer', async () => {
    const { exhibit, store, curves } = make();
    await exhibit.enter(false);
    await exhibit.choose('smoke');
    await exhibit.start();
    expect(answerOf(store.state, curves, threeSizes).headline).toBe(belowText.ended.smoke);
  });
});

describe('window.lab', () => {
  test('runs a bare spec under a readable name', async () => {
    const { session, store } = make();
    const seen: number[] = [];
    const result = await makeLab(session, memoryKeeper(), () => undefined).run(requests[0]!.spec, {
      onProgress: ({ fraction }) => seen.push(fraction),
    });
    expect(result).toMatchObject({ experiment: 'custom', budget: 'custom', verdict: null });
    expect(result.runs.map((run) => run.arm)).toEqual(['width 8']);
    expect(seen.at(-1)).toBe(1);
    expect(store.state.series).toHaveLength(1);
  });

  test('describes without training', async () => {
    const { session, store } = make();
    const cohorts = await makeLab(session, memoryKeeper(), () => undefined).describe(requests.map(({ spec }) => spec));
    expect(cohorts).toHaveLength(3);
    expect(store.state.series).toHaveLength(0);
  });

  test('specs that differ only in their seed share a name; others do not', () => {
    const { spec } = requests[0]!;
    const hyper = (change: object) => ({ ...spec, hyper: { ...spec.hyper, ...change } });
    const names = nameRuns([spec, hyper({ seed: 9 }), hyper({ lr: 0.01 }), hyper({ lr: 0.01, zipf: 0 })]);
    expect(names.map(({ arm }) => arm)).toEqual(['width 8', 'width 8', 'width 8, rate 0.01', 'run 3']);
  });

  test('a value that is no spec reaches the worker, which says what is wrong', () => {
    expect(nameRuns([{ nonsense: 1 } as never])[0]?.arm).toBe('width ?');
  });
});
