/** Sweeps of the page with a worker that only pretends to train: what is kept, what goes on, what is frozen when. */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openArchive } from '../../src/archive/archive';
import { expand, type Experiment } from '../../src/experiments/experiment';
import { dense, denseName } from '../../src/experiments/ladder';
import { predict } from '../../src/experiments/predict';
import type { ResultFile } from '../../src/protocol';
import { archiveText } from '../../src/text/archive';
import { Curves } from '../../src/ui/curves';
import { Exhibit } from '../../src/ui/exhibit';
import { Gallery } from '../../src/ui/gallery';
import { Keeper } from '../../src/ui/keeper';
import { lawsOf } from '../../src/ui/laws';
import { loadLater } from '../../src/ui/later';
import { Session } from '../../src/ui/session';
import { Store, type LabState } from '../../src/ui/store';
import { runSweep } from '../../src/ui/sweep';
import { fakeLink } from './fake-connection';
import type { FakeOptions } from './fake-train-worker';
import { memoryKeeper } from './memory-keeper';
import { threeSizes } from './three-sizes';

const sessions: Session[] = [];

beforeAll(() => loadLater());

afterEach(() => {
  for (const session of sessions.splice(0)) session.close();
});

function make(experiment: Experiment, options: FakeOptions = {}, keeper: Keeper = memoryKeeper()) {
  const link = fakeLink({ flopsPerSecond: Infinity, ...options });
  const [store, curves] = [new Store(), new Curves()];
  const session = new Session(store, curves, link.connect);
  sessions.push(session);
  const exhibit = new Exhibit(session, experiment, keeper);
  return { link, store, curves, session, keeper, exhibit, gallery: new Gallery([exhibit], keeper) };
}

function until(store: Store, condition: (state: LabState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const leave = store.subscribe(() => {
      if (!condition(store.state)) return;
      leave();
      resolve();
    });
  });
}

/** But for times, and for curves, which the pretended worker does not save: those are the engine's tests. */
function timeless({ date: _date, seconds: _seconds, runs, ...rest }: ResultFile): unknown {
  return { ...rest, runs: runs.map(({ seconds: _own, curve: _curve, ...run }) => run) };
}

/** Several ends a run, so that a crash falls between them. */
const branched: Experiment = { ...threeSizes, base: { ...threeSizes.base, branches: [0.25, 0.5, 1] } };

describe('a sweep that is broken off', () => {
  test('is offered, goes on, and ends as if nothing had happened', async () => {
    const whole = make(branched);
    await whole.gallery.begin();
    await whole.exhibit.choose('quick');
    await whole.exhibit.start();

    const { gallery, exhibit, store, link, curves } = make(branched, { flopsPerSecond: 1e11 });
    await gallery.begin();
    await exhibit.choose('quick');
    const broken = exhibit.start();
    await until(store, ({ progress }) => (progress?.fraction ?? 0) > 0.3);
    link.crash('gone');
    await broken;
    expect(store.state).toMatchObject({ phase: 'failed', problem: { code: 'internal' } });
    await until(store, ({ unfinished }) => unfinished.length > 0);
    const before = store.state.law.runs.length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(27);

    await gallery.goOn(store.state.unfinished[0]!.id, true);
    expect(store.state).toMatchObject({ phase: 'done', unfinished: [], problem: undefined });
    expect(timeless(store.state.result!)).toEqual(timeless(whole.store.state.result!));
    expect(store.state.ends).toHaveLength(27);
    for (const { cohort } of store.state.cohorts) expect(curves.steps(cohort)).toBe(whole.curves.steps(cohort));
  });

  test('and broken off again before anything has ended, it is still offered', async () => {
    const { gallery, exhibit, store, link, keeper } = make(branched, { flopsPerSecond: 2e10 });
    await gallery.begin();
    await exhibit.choose('quick');
    for (const press of [() => exhibit.start(), () => gallery.goOn(store.state.unfinished[0]!.id, true)]) {
      const run = press();
      await until(store, ({ phase }) => phase === 'running');
      link.crash('gone');
      await run;
      await keeper.review(store);
      expect(store.state.unfinished).toHaveLength(1);
    }
    await gallery.goOn(store.state.unfinished[0]!.id, false);
    expect(store.state.unfinished).toEqual([]);
  });

  test('a stopped one is over, and so is a whole one', async () => {
    const { gallery, exhibit, store, session, keeper } = make(branched, { flopsPerSecond: 2e10 });
    await gallery.begin();
    await exhibit.choose('quick');
    const run = exhibit.start();
    await until(store, ({ phase }) => phase === 'running');
    await session.stop();
    await run;
    await keeper.review(store);
    expect(store.state).toMatchObject({ phase: 'stopped', unfinished: [] });
  });

  test('of the sweeps in the archive each end is kept once', async () => {
    const { exhibit, gallery, keeper } = make(branched);
    await gallery.begin();
    await exhibit.choose('quick');
    await exhibit.start();
    const archive = await keeper.archive;
    // Events come by a way of their own, and may be a little later than the result.
    await expect.poll(async () => (await archive.rows()).filter(({ weights }) => weights).length).toBe(9);
    const rows = await archive.rows();
    expect(rows).toHaveLength(27);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(27);
  });
});

test('why nothing is kept is said, and runs go on', async () => {
  const { store, keeper, exhibit, gallery } = make(threeSizes);
  await keeper.watch(store);
  expect(store.state.notKept).toBe(archiveText.problem.forbidden);
  await gallery.begin();
  await exhibit.choose('smoke');
  await exhibit.start();
  expect(store.state.phase).toBe('done');
});

describe('a prediction', () => {
  const WIDTHS = [8, 16, 24];
  const short: Experiment = {
    ...predict,
    varies: { ...predict.varies, arms: [...WIDTHS.map(dense), { ...dense(32), seeds: 1 }] },
    cases: [{ ...predict.cases[0], arms: [...WIDTHS, 32].map(denseName) }],
  };

  test('is asked for when all else has ended, and before its run begins', async () => {
    const { session, store, keeper, curves } = make(short, { flopsPerSecond: 1e12 });
    const law = lawsOf(store);
    const asked: { ended: string[]; begun: boolean }[] = [];
    law.freeze = () => {
      const { runs } = store.state.law;
      const target = store.state.series.find(({ arm }) => arm === 'dense 32')!;
      asked.push({ ended: [...new Set(runs.map(({ arm }) => arm))], begun: curves.steps(target.cohort) > 0 });
      const prediction = {
        ...{ arm: 'dense 32', x: 1, predicted: 0.1, interval: [0, 9] as [number, number] },
        frozenAt: '2026-01-31T12:00:00.000Z',
      };
      store.update({ law: { ...store.state.law, prediction } });
      return Promise.resolve(prediction);
    };
    const requests = expand(short, 'quick');
    const result = await runSweep({ session, keeper }, requests, {
      subject: { experiment: short.id, budget: 'quick' },
      experiment: short,
    });
    expect(asked).toEqual([{ ended: ['dense 8', 'dense 16', 'dense 24'], begun: false }]);
    expect(result.runs).toHaveLength(10);
    const target = result.runs.at(-1)!;
    expect(target.arm).toBe('dense 32');
    expect(result.predictions).toMatchObject([{ arm: 'dense 32', measured: target.excess, hit: true }]);
    expect(result.verdict).toMatchObject({ answer: 'prediction' });
    const [row] = await (await keeper.archive).rows();
    expect((await (await keeper.archive).sweep(row!.sweep))?.predictions).toMatchObject([{ hit: true }]);
  });
});

test('a sweep held by another tab cannot be gone on with', async () => {
  const held = new Set<string>();
  const locks = {
    request: async (name: string, _options: unknown, body: (lock: object | null) => Promise<unknown>) => {
      const free = !held.has(name);
      held.add(name);
      return body(free ? {} : null);
    },
    query: () => Promise.resolve({ held: [] }),
  } as unknown as LockManager;
  const open = () => Promise.reject(new DOMException('No store in a test.', 'SecurityError'));
  const keeper = new Keeper(() => openArchive({ open, locks }));
  const { gallery, exhibit, store, link } = make(threeSizes, { flopsPerSecond: 2e10 }, keeper);
  await gallery.begin();
  await exhibit.choose('quick');
  const run = exhibit.start();
  await until(store, ({ phase }) => phase === 'running');
  link.crash('gone');
  await run;
  store.update({ problem: undefined });
  const [sweep] = await (await keeper.archive).unfinished();
  held.add(`scaling-lab/sweep/${sweep!.id}`);
  await gallery.goOn(sweep!.id, true);
  expect(store.state.problem).toMatchObject({ code: 'busy' });
});
