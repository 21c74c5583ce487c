/** The archive on the browser's own IndexedDB and locks, and on storages that fail. */
import { deleteDB, openDB } from 'idb';
import { afterEach, expect, test } from 'vitest';
import { openArchive, type Archive } from '../../src/archive/archive';
import { openDatabase } from '../../src/archive/database';
import { rowKey, type RowKey } from '../../src/archive/records';
import type { Change, Storage, StorageEvents } from '../../src/archive/storage';
import type { RunResult, WeightsEvent } from '../../src/protocol';
import { archiveText } from '../../src/text/archive';
import { checkpointOf, pointsOf, resultOf, sweepOf } from './sweeps';

const open: Archive[] = [];
const databases = new Set<string>();

/** An archive in a database of its own; a second one of the same name is another tab's. */
async function tab(name: string, around: (storage: Storage) => Storage = (storage) => storage): Promise<Archive> {
  databases.add(name);
  const archive = await openArchive({ open: async (events) => around(await openDatabase(events, name)) });
  open.push(archive);
  return archive;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((archive) => archive.close()));
  await Promise.all([...databases].map((name) => deleteDB(name)));
  databases.clear();
});

const runs = [
  resultOf('dense', 1),
  resultOf('dense', 2, { loss: NaN, excess: Infinity, diverged: true, changes: [{ step: 3, patch: { lr: 0.1 } }] }),
  resultOf('sparse', 1),
];
const [first] = runs as [RunResult, ...RunResult[]];

const weights: WeightsEvent = {
  type: 'weights',
  cohort: 0,
  tensors: [
    { name: 'a', shape: [2, 2] },
    { name: 'b', shape: [1] },
  ],
  replicas: [new Float32Array([1, 2, 3, 4, 5]), new Float32Array([-1, NaN, 3, 4, 5])],
};

const byKey = (a: { key: RowKey }, b: { key: RowKey }) => (String(a.key) < String(b.key) ? -1 : 1);

test('what was kept comes back exactly, after a reload', async () => {
  const before = await tab('all');
  const sweep = sweepOf('s1', runs, {
    predictions: [{ arm: 'd 32', frozenAt: '2026-03-01', interval: [0.1, 0.2], predicted: 0.15, x: 5000, bet: 0.3 }],
  });
  before.begin(sweep);
  before.points('s1', 'c0', pointsOf(1, 10));
  before.points('s1', 'c0', pointsOf(11, 5));
  before.checkpoint('s1', checkpointOf('c0', 10));
  before.checkpoint('s1', checkpointOf('c0', 15));
  before.checkpoint('s1', checkpointOf('c1', 7));
  before.ended('s1', runs);
  before.weights('s1', runs, weights);
  await before.flush();
  before.points('s1', 'c0', pointsOf(16, 5));
  await before.close();

  const after = await tab('all');
  expect(await after.unfinished()).toEqual([sweep]);
  const { finished, points, checkpoints, sweep: back } = await after.resume('s1');
  expect(back).toEqual(sweep);
  expect(finished).toHaveLength(3);
  expect(new Set(finished)).toEqual(new Set(runs));
  expect(points).toEqual({ c0: [pointsOf(1, 10), pointsOf(11, 5), pointsOf(16, 5)] });
  expect(checkpoints).toEqual([checkpointOf('c0', 15), checkpointOf('c1', 7)]);
  expect(await after.weightsOf(rowKey('s1', runs[1]!))).toEqual({
    tensors: weights.tensors,
    data: weights.replicas[1],
  });
  expect(await after.weightsOf(rowKey('s1', runs[2]!))).toBeUndefined();
  expect(await after.result(rowKey('s1', runs[2]!))).toEqual(runs[2]);
  expect(await after.curve(rowKey('s1', first))).toEqual(first.curve);
  const rows = await after.rows();
  expect(rows.map(({ run, weights }) => [run.arm, run.loss, weights])).toEqual([
    ['dense', first.loss, true],
    ['dense', NaN, true],
    ['sparse', first.loss, false],
  ]);
  expect(after.unreadable).toBe(0);
});

test('points reach the disk within a second by themselves', async () => {
  const one = await tab('late');
  one.begin(sweepOf('s1', runs));
  one.points('s1', 'c0', pointsOf(1, 3));
  const raw = await openDB('late');
  const begun = performance.now();
  await expect.poll(() => raw.count('points'), { interval: 20, timeout: 1000 }).toBe(1);
  expect(performance.now() - begun).toBeLessThan(1000);
  raw.close();
});

test('an end that comes again replaces the one before, and keeps its name and pin', async () => {
  const archive = await tab('twice');
  archive.begin(sweepOf('s1', runs));
  archive.ended('s1', runs);
  archive.rename(rowKey('s1', first), ' mine ');
  archive.pin(rowKey('s1', first), true);
  await archive.flush();
  archive.ended('s1', [{ ...first, seconds: 99 }]);
  const expectRows = async () => {
    const rows = await archive.rows();
    expect(rows).toHaveLength(3);
    expect(rows.filter(({ pinned }) => pinned)).toMatchObject([{ name: 'mine', run: { seconds: 99 } }]);
  };
  // Before it is written, and after.
  await expectRows();
  await archive.flush();
  await expectRows();
  // Runs of one name and seed that differ otherwise, as those of a tuning do, are two.
  archive.ended('s1', [{ ...first, identity: 'another rate', lr: 1 }]);
  expect(await archive.rows()).toHaveLength(4);
  archive.rename(rowKey('s1', first), '');
  archive.pin(rowKey('s1', first), false);
  expect((await archive.rows()).some(({ name, pinned }) => name || pinned)).toBe(false);
});

test('an ended sweep gives up its points and checkpoints, and comes no more', async () => {
  const archive = await tab('ended');
  const raw = await openDB('ended');
  archive.begin(sweepOf('s1', runs));
  archive.begin(sweepOf('s2', runs));
  for (const id of ['s1', 's2']) {
    archive.points(id, 'c0', pointsOf(1, 3));
    archive.checkpoint(id, checkpointOf('c0', 3));
    archive.ended(id, [first]);
  }
  await archive.flush();
  archive.update('s1', { state: 'done', seconds: 5 });
  // Stragglers.
  archive.points('s1', 'c0', pointsOf(4, 3));
  archive.checkpoint('s1', checkpointOf('c0', 6));
  await archive.flush();
  expect(await raw.getAllKeys('points')).toMatchObject([['s2', 'c0', expect.any(Number)]]);
  expect(await raw.getAllKeys('checkpoints')).toEqual([['s2', 'c0']]);
  expect(await archive.sweep('s1')).toMatchObject({ state: 'done', seconds: 5 });
  await archive.close();
  raw.close();
  const later = await tab('ended');
  expect((await later.unfinished()).map(({ id }) => id)).toEqual(['s2']);
  // The offer is declined.
  later.update('s2', { state: 'stopped' });
  await later.flush();
  expect(await later.unfinished()).toEqual([]);
  expect(await later.rows()).toHaveLength(2);
});

test('deleted is deleted, with all that belongs to it', async () => {
  const archive = await tab('deleted');
  const raw = await openDB('deleted');
  for (const id of ['s1', 's2']) {
    archive.begin(sweepOf(id, runs));
    archive.ended(id, runs);
    archive.weights(id, runs, weights);
    archive.rename(rowKey(id, first), id);
    archive.update(id, { state: 'done' });
  }
  await archive.flush();
  await archive.delete([rowKey('s1', first)]);
  expect((await archive.rows()).map(({ key }) => key[0])).toEqual(['s1', 's1', 's2', 's2', 's2']);
  expect(await raw.get('sweeps', ['s1'])).toBeDefined();
  await archive.delete(runs.map((run) => rowKey('s1', run)));
  expect((await archive.rows()).sort(byKey).map(({ key }) => key)).toEqual(runs.map((run) => rowKey('s2', run)));
  for (const store of ['sweeps', 'runs', 'curves', 'names', 'weights'] as const) {
    const keys = (await raw.getAllKeys(store)) as string[][];
    expect(keys.length, store).toBeGreaterThan(0);
    expect(
      keys.filter(([id]) => id === 's1'),
      store,
    ).toEqual([]);
  }
  raw.close();
});

test('two tabs do not disturb each other, and only one trains a sweep', async () => {
  const [one, other] = [await tab('tabs'), await tab('tabs')];
  one.begin(sweepOf('s1', runs));
  other.begin(sweepOf('s2', runs));
  one.ended('s1', runs);
  other.ended('s2', [first]);
  await Promise.all([one.flush(), other.flush()]);
  expect(await one.rows()).toEqual(await other.rows());
  expect(await one.rows()).toHaveLength(4);
  expect(await one.unfinished()).toEqual([]);
  expect(await other.unfinished()).toEqual([]);
  await expect(other.resume('s1')).rejects.toMatchObject({
    name: 'LabError/busy',
    message: archiveText.problem.held,
  });
  // Deleting from beside leaves a sweep under way its record.
  await other.delete(runs.map((run) => rowKey('s1', run)));
  expect(await one.sweep('s1')).toBeDefined();
  // The tab closes: the browser lets go of its sweeps.
  await one.close();
  expect((await other.unfinished()).map(({ id }) => id)).toEqual(['s1']);
  expect((await other.resume('s1')).finished).toEqual([]);
  expect(await other.unfinished()).toEqual([]);
  // Its device was lost: it may be taken up again, in the same tab.
  other.leave('s1');
  expect((await other.unfinished()).map(({ id }) => id)).toEqual(['s1']);
  await other.resume('s1');
});

test('a tab hears when another lets go of a sweep', async () => {
  const [one, other] = [await tab('let go'), await tab('let go')];
  one.begin(sweepOf('s1', runs));
  await one.flush();
  let heard = 0;
  await other.watchOthers(() => heard++);
  expect(await other.unfinished()).toEqual([]);
  expect(heard).toBe(0);
  await one.close();
  await expect.poll(() => heard).toBe(1);
  expect((await other.unfinished()).map(({ id }) => id)).toEqual(['s1']);
});

test('a damaged record is left out and said, and stays where it is', async () => {
  const archive = await tab('damaged');
  archive.begin(sweepOf('s1', runs));
  archive.begin(sweepOf('s2', runs));
  archive.ended('s1', runs);
  archive.weights('s1', runs, weights);
  archive.points('s1', 'c0', pointsOf(1, 3));
  archive.checkpoint('s1', checkpointOf('c0', 3));
  await archive.close();
  const raw = await openDB('damaged');
  const [keys, points] = [await raw.getAllKeys('runs'), await raw.getAllKeys('points')];
  await raw.put('runs', { schemaVersion: 2, of: 'a later version' }, keys[0]);
  await raw.put('curves', { curve: { step: 'none' } }, keys[1]);
  await raw.put('sweeps', null, ['s2']);
  await raw.put('points', [{ type: 'points', data: [1, 2] }], points[0]);
  await raw.put('checkpoints', 7, ['s1', 'c0']);
  await raw.put('weights', { tensors: weights.tensors, data: new Float32Array(2) }, rowKey('s1', first));

  const again = await tab('damaged');
  expect(await again.rows()).toHaveLength(2);
  expect(again.unreadable).toBe(1);
  expect(await again.curve(rowKey('s1', runs[1]!))).toBeUndefined();
  expect(await again.weightsOf(rowKey('s1', first))).toBeUndefined();
  expect((await again.unfinished()).map(({ id }) => id)).toEqual(['s1']);
  await expect(again.resume('s2')).rejects.toThrow(archiveText.problem.unreadableSweep);
  const { finished, checkpoints, points: kept } = await again.resume('s1');
  expect(finished).toEqual([runs[2]]);
  expect(checkpoints).toEqual([]);
  expect(kept).toEqual({ c0: [] });
  expect(again.unreadable).toBe(4);
  await again.flush();
  expect(await raw.count('runs')).toBe(3);
  expect(await raw.get('sweeps', ['s2'])).toBeNull();
  raw.close();
});

/** Refuses to write while it is full; deleting makes room. */
function filling(storage: Storage): Storage & { full: boolean } {
  const full = Object.assign(Object.create(storage) as Storage, {
    full: true,
    write: async (changes: readonly Change[]) => {
      const adds = changes.some((change) => 'key' in change && change.value !== undefined);
      if (full.full && adds) throw new DOMException('No room.', 'QuotaExceededError');
      full.full = full.full && adds;
      await storage.write(changes);
    },
  });
  return full;
}

test('a full store is said, runs stay in memory, and are written once there is room', async () => {
  const before = await tab('full');
  before.begin(sweepOf('old', [first], { state: 'done' }));
  before.ended('old', [first]);
  await before.close();

  const archive = await tab('full', filling);
  let heard = 0;
  archive.addEventListener('problem', () => heard++);
  archive.begin(sweepOf('s1', runs));
  archive.ended('s1', runs);
  archive.points('s1', 'c0', pointsOf(1, 3));
  archive.weights('s1', runs, weights);
  await archive.flush();
  expect(archive.problem).toBe(archiveText.problem.full);
  expect(heard).toBe(1);
  expect(await archive.rows()).toHaveLength(4);
  expect(await archive.weightsOf(rowKey('s1', first))).toMatchObject({ data: weights.replicas[0] });
  archive.leave('s1');
  expect(await archive.resume('s1')).toMatchObject({ points: { c0: [pointsOf(1, 3)] } });
  // What is old is deleted.
  await archive.delete([rowKey('old', first)]);
  await archive.flush();
  expect(archive.problem).toBeUndefined();
  expect(heard).toBe(2);
  await archive.close();
  expect(await (await tab('full')).rows()).toHaveLength(3);
});

test('a write is all or nothing', async () => {
  const storage = await openDatabase({ blocked: fail, superseded: fail, terminated: fail }, 'transaction');
  databases.add('transaction');
  // Half of it cannot be cloned: then nothing is written.
  const half: Change[] = [
    { store: 'names', key: ['s', 'a'], value: 'kept?' },
    { store: 'names', key: ['s', 'b'], value: () => undefined },
  ];
  await expect(storage.write(half)).rejects.toThrow(/could not be cloned/);
  expect(await storage.keys('names')).toEqual([]);
  storage.close();
});

function fail(): never {
  throw new Error('not to be called');
}

test.each([
  ['SecurityError', archiveText.problem.forbidden],
  ['VersionError', archiveText.problem.newer],
  ['UnknownError', archiveText.problem.failed('why')],
])('a store that does not open with %s is said, and all goes on in memory', async (name, sentence) => {
  const archive = await openArchive({ open: () => Promise.reject(new DOMException('why', name)) });
  expect(archive.problem).toBe(sentence);
  archive.begin(sweepOf('s1', runs));
  archive.ended('s1', runs);
  archive.points('s1', 'c0', pointsOf(1, 3));
  archive.pin(rowKey('s1', first), true);
  await archive.flush();
  expect(await archive.rows()).toHaveLength(3);
  expect(await archive.result(rowKey('s1', runs[1]!))).toEqual(runs[1]);
  await archive.delete([rowKey('s1', first)]);
  expect(await archive.rows()).toHaveLength(2);
  archive.leave('s1');
  expect(await archive.unfinished()).toHaveLength(1);
  expect((await archive.resume('s1')).finished).toHaveLength(2);
  expect(archive.problem).toBe(sentence);
  await archive.close();
});

test('a newer lab in another tab gets the database, and an older one says that it was kept by a newer', async () => {
  const archive = await tab('newer');
  archive.begin(sweepOf('s1', runs));
  archive.ended('s1', [first]);
  await archive.flush();
  const newer = await openDB('newer', 99, { upgrade: () => undefined });
  expect(archive.problem).toBe(archiveText.problem.superseded);
  archive.ended('s1', runs);
  await archive.flush();
  // What was written before is the newer lab's now.
  expect(await archive.rows()).toHaveLength(3);
  expect(await newer.count('runs')).toBe(1);
  expect((await tab('newer')).problem).toBe(archiveText.problem.newer);
  newer.close();
});

test('a storage that opens late is waited for no longer than it is useful, and used from then on', async () => {
  let let_in: (() => void) | undefined;
  const gate = new Promise<void>((resolve) => (let_in = resolve));
  databases.add('slow');
  let events: StorageEvents | undefined;
  const archive = await openArchive({
    open: async (given) => {
      events = given;
      given.blocked();
      await gate;
      return openDatabase(given, 'slow');
    },
  });
  open.push(archive);
  expect(archive.problem).toBe(archiveText.problem.blocked);
  archive.begin(sweepOf('s1', runs));
  archive.ended('s1', runs);
  let_in!();
  await expect.poll(() => archive.problem).toBeUndefined();
  const raw = await openDB('slow');
  await expect.poll(() => raw.count('runs')).toBe(3);
  raw.close();
  events!.terminated();
  expect(archive.problem).toBe(archiveText.problem.terminated);
});

test('500 runs open within a second, and no task in between is long', async () => {
  const writer = await tab('many');
  for (let sweep = 0; sweep < 20; sweep++) {
    const many = Array.from({ length: 25 }, (_, seed) => resultOf(seed % 2 ? 'sparse' : 'dense', seed, {}, 400));
    writer.begin(sweepOf(`s${sweep}`, many));
    writer.ended(`s${sweep}`, many);
    writer.weights(`s${sweep}`, many, {
      ...weights,
      replicas: many.map(() => new Float32Array(5)),
    });
    await writer.flush();
  }
  await writer.close();

  const tasks: number[] = [];
  const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)));
  observer.observe({ type: 'longtask' });
  const begun = performance.now();
  const archive = await tab('many');
  const rows = await archive.rows();
  const took = performance.now() - begun;
  await new Promise((resolve) => setTimeout(resolve, 50));
  observer.disconnect();
  expect(rows).toHaveLength(500);
  expect(took).toBeLessThan(1000);
  expect(Math.max(0, ...tasks)).toBeLessThan(200);
});
