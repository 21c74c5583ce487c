/** The race as an exhibit: what it says, draws and keeps, with a worker that only pretends to train. */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EXPERIMENTS } from '../../src/experiments/experiments';
import { expand } from '../../src/experiments/experiment';
import { race } from '../../src/experiments/race';
import { size } from '../../src/experiments/size';
import { insideText } from '../../src/text/inside';
import { text } from '../../src/text/text';
import { answerOf, questionOf } from '../../src/ui/answer';
import { DENSE, SPARSE } from '../../src/ui/arm-style';
import { caseBars, caseFinding } from '../../src/ui/case-model';
import { Curves } from '../../src/ui/curves';
import { curvesModel } from '../../src/ui/curves-model';
import { evidenceOf } from '../../src/ui/evidence';
import { Exhibit } from '../../src/ui/exhibit';
import { savingBracket } from '../../src/ui/finished';
import { Gallery } from '../../src/ui/gallery';
import { heatModel, routedOf } from '../../src/ui/heat-model';
import { loadLater } from '../../src/ui/later';
import { Session } from '../../src/ui/session';
import { sizesModel } from '../../src/ui/sizes-model';
import { Store, type LabState } from '../../src/ui/store';
import { tokensModel } from '../../src/ui/token-model';
import { fakeLink } from './fake-connection';
import type { FakeOptions } from './fake-train-worker';
import { memoryKeeper } from './memory-keeper';

const sessions: Session[] = [];

function make(options: FakeOptions = {}) {
  const store = new Store();
  const curves = new Curves();
  const session = new Session(store, curves, fakeLink({ flopsPerSecond: Infinity, ...options }).connect);
  sessions.push(session);
  const keeper = memoryKeeper();
  const gallery = new Gallery(
    EXPERIMENTS.map((experiment) => new Exhibit(session, experiment, keeper)),
    keeper,
  );
  const answer = () => answerOf(store.state, curves, gallery.current!.experiment);
  return { store, curves, session, gallery, answer };
}

/** A gallery whose race is ready at the smallest budget that is measured. */
async function open(options: FakeOptions = {}) {
  const made = make(options);
  await made.gallery.begin();
  const exhibit = made.gallery.current!;
  await exhibit.choose('quick');
  return { ...made, exhibit };
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

beforeAll(() => loadLater());

afterEach(() => {
  for (const session of sessions.splice(0)) session.close();
});

describe('a whole race', () => {
  test('says what was saved, at which budget, and what it holds in memory; and draws it', async () => {
    const { store, exhibit, answer } = await open();
    expect(answer().headline).toBe(text.answer.before(6));
    await exhibit.start();
    expect(store.state.phase).toBe('done');

    const { headline, sure } = answer();
    expect(headline).toMatch(
      /^\*The sparse model\* reached the dense model’s final loss with \*\d\.\d× less compute\*\.$/,
    );
    const small = sure.join(' · ');
    expect(small).toMatch(/95 % interval .* three seeds · 3.×.10¹⁰ FLOPs each/);
    expect(small).toContain('sparse holds 37,200 numbers, dense 8,016');

    const bracket = savingBracket(store.state, race)!;
    expect(bracket.to / bracket.from).toBeGreaterThan(1.2);
    expect(bracket.style).toBe(SPARSE);
    expect(headline).toContain(bracket.text.replace(' less', ''));
    expect(store.state.result?.verdict).toMatchObject({ kind: 'race', outcome: 'sparse-wins' });
  });

  test('each arm has its own look, its branches and a dot for each of its ends', async () => {
    const { store, curves, exhibit } = await open();
    await exhibit.start();
    const { lines, dots, labels, marks } = curvesModel(store.state, curves, 900, 500);
    expect(lines.slice(0, 2).map(({ name, style }) => [name, style])).toEqual([
      ['dense', DENSE],
      ['sparse', SPARSE],
    ]);
    const branches = lines.slice(2);
    expect(branches).toHaveLength(4);
    for (const [i, line] of branches.entries()) {
      expect(line.faint).toBe(true);
      expect(line.x.length).toBeGreaterThan(4);
      expect(line.style).toBe(i < 2 ? DENSE : SPARSE);
      // It leaves its run's line and falls to its dot.
      const dot = dots.filter(({ style }) => style === line.style)[i % 2]!;
      expect(line.x.at(-1)).toBeLessThanOrEqual(dot.x * 1.01);
      expect(line.y.at(-1)).toBeLessThan(line.y[0]!);
    }
    expect(dots.map(({ style, hollow }) => [style, hollow])).toEqual([
      ...[DENSE, DENSE, DENSE].map((style) => [style, false]),
      ...[SPARSE, SPARSE, SPARSE].map((style) => [style, false]),
    ]);
    expect(labels.map(({ text: name }) => name)).toEqual(['dense', 'sparse']);
    expect(marks).toEqual([]);
  });

  test('every axis is sound, the one of sizes included', async () => {
    const { store, curves, exhibit } = await open();
    await exhibit.start();
    for (const scale of ['log', 'linear'] as const) {
      for (const horizontal of ['flops', 'tokens', 'seconds', 'parameters'] as const) {
        const state = { ...store.state, view: { ...store.state.view, horizontal, scale } };
        const model =
          horizontal === 'parameters'
            ? sizesModel(state, curves, 800, 400, 'memory')
            : curvesModel(state, curves, 800, 400);
        for (const { min, max, ticks } of [model.x, model.y]) {
          expect(max).toBeGreaterThan(min);
          expect(ticks.length).toBeGreaterThan(1);
        }
        for (const { x, y } of model.lines) {
          expect([...x, ...y].every((value) => Number.isFinite(value))).toBe(true);
          expect([...x].sort((a, b) => a - b)).toEqual(x);
        }
      }
    }
    const { dots, lines } = sizesModel(store.state, curves, 800, 400, 'memory');
    expect(dots.map(({ x, hollow }) => [x, hollow])).toEqual([
      [6736, false],
      [7248, false],
    ]);
    expect(lines.at(-1)!.x).toEqual([7248, 37200]);
  });

  test('under way it compares where both have spent as much compute', async () => {
    const { store, curves, exhibit, session, answer } = await open({ flopsPerSecond: 4e11 });
    const run = exhibit.start();
    await until(store, (state) => (state.progress?.fraction ?? 0) > 0.4);
    await session.pause();
    const { headline, sure } = answer();
    expect(headline).toMatch(
      /^Paused\. So far \*sparse\* is \*1\.\d× closer\* to the floor than dense, at equal compute\.$/,
    );
    const spent = Math.min(...store.state.series.map((each) => curves.steps(each.cohort) * each.flopsPerStep));
    expect(sure[0]).toBe(text.sure.at.compute(spent));
    await session.stop();
    await run;
    // Both had ended a branch.
    expect(answer().headline).toMatch(/^Stopped early\. \*The sparse model\*/);
    expect(answer().sure.join()).toMatch(/(7\.\d.×.10⁹|1\.5.×.10¹⁰) FLOPs each/);
  });

  test('stopped before anything has ended, there is no answer', async () => {
    const { store, exhibit, session, answer } = await open({ flopsPerSecond: 2e11 });
    const run = exhibit.start();
    await until(store, (state) => (state.progress?.fraction ?? 0) > 0.02);
    await session.stop();
    await run;
    expect(answer().headline).toBe(text.answer.stopped);
    expect(store.state.measured).toEqual({});
  });

  test('a diverged run is marked, and the rest has its answer', async () => {
    const { store, curves, exhibit, answer } = await open({ diverge: { dModel: 16, seed: 2, after: 0.6 } });
    await exhibit.start();
    const { marks } = curvesModel(store.state, curves, 900, 500);
    expect(marks.map(({ kind, text: words }) => [kind, words])).toEqual([
      ['diverged', text.chart.diverged(2)],
      ['diverged', text.chart.diverged(2)],
    ]);
    expect(answer().sure.join()).toMatch(/two seeds.*two runs diverged and are left out/);
  });
});

describe('cases', () => {
  test('a case is run on the chart, and its card has what was measured', async () => {
    const { store, exhibit, answer } = await open();
    await exhibit.start();
    const curvesOfRace = store.state.series;
    await exhibit.select('lag-1');
    expect(store.state.phase).toBe('idle');
    expect(questionOf(store.state, race)).toBe(exhibit.case.question);
    await exhibit.start();
    expect(store.state.series.map(({ arm }) => arm)).toEqual(['dense', 'sparse', 'table by token']);
    expect(
      store.state.cohorts.every(({ specs }) =>
        specs.every(({ source }) => source.kind === 'topics' && source.lag === 1),
      ),
    ).toBe(true);

    const evidence = evidenceOf(store.state, exhibit.case)!;
    expect(evidence.recorded).toBeUndefined();
    const bars = caseBars(exhibit.case, evidence.ends, evidence.budget);
    expect(bars.map(({ arm, seeds, diverged }) => [arm, seeds, diverged])).toEqual([
      ['dense', 3, 0],
      ['sparse', 3, 0],
      ['table by token', 3, 0],
    ]);
    expect(caseFinding(exhibit.case, evidence.ends, evidence.budget)).toMatch(
      /^Sparse ended \d\.\d× closer.*than dense;/,
    );

    // Back to the race: its curves and its answer were not lost.
    await exhibit.select('race');
    expect(store.state.phase).toBe('done');
    expect(store.state.series).toBe(curvesOfRace);
    expect(answer().headline).toContain('less compute');
  });

  test('a smoke run tells nothing, so no card shows it', async () => {
    const { store, exhibit } = await open();
    await exhibit.choose('smoke');
    await exhibit.select('shared');
    await exhibit.start();
    expect(store.state.measured).toEqual({});
  });

  test('findings follow from the numbers, whatever they are', () => {
    const [shared] = race.cases.filter(({ id }) => id === 'shared');
    const ends = (dense: number[], sparse: number[]) =>
      Object.entries({ dense, sparse }).flatMap(([arm, values]) =>
        values.map((excess, i) => ({ arm, seed: i + 1, trainFlops: 3e10, excess, seconds: 1, diverged: false })),
      );
    const finding = (dense: number[], sparse: number[]) => caseFinding(shared!, ends(dense, sparse), 'quick');
    expect(finding([0.1, 0.12, 0.11], [0.1, 0.13, 0.1])).toBe('No difference between sparse and dense.');
    expect(finding([0.1, 0.12, 0.11], [0.2, 0.24, 0.22])).toBe('Dense ended 2.0× closer to the floor than sparse.');
    expect(finding([0.4], [0.2])).toBe('Sparse ended at 0.5 of the distance of dense, by one seed.');
    // Clear as such a difference may be, it is not worth a ratio.
    expect(finding([0.021, 0.022, 0.02], [0.014, 0.015, 0.013])).toBe(
      'Dense and sparse both all but reach the floor, 0.021 and 0.014 nats above it, so there is little left to gain.',
    );
    expect(finding([], [])).toBe('');
    // The middle of a run is not its end.
    expect(caseBars(shared!, ends([0.1], [0.2]), '1e11')).toEqual([]);
  });
});

describe('the gallery', () => {
  test('another exhibit and back: nothing is lost', async () => {
    const { store, curves, gallery, exhibit } = await open();
    await exhibit.start();
    const steps = curves.steps(0);
    await gallery.open('size');
    // Nothing of the race is left; what comes with the lab is shown, and more than that is proposed for a fast machine.
    expect(store.state).toMatchObject({ exhibit: 'size', budget: '1e11', shared: { origin: 'recorded' } });
    expect(store.state.ends).toHaveLength(24);
    expect(store.state.series.map(({ arm }) => arm)).toEqual(
      expand(size, 'quick', { seeds: [1] }).map(({ arm }) => arm),
    );
    await gallery.open('race');
    expect(store.state).toMatchObject({ exhibit: 'race', phase: 'done', budget: 'quick' });
    expect(curves.steps(0)).toBe(steps);
    expect(store.state.measured.race?.runs.length).toBeGreaterThan(0);
  });

  test('while runs are under way the page stays with them', async () => {
    const { store, gallery, exhibit, session } = await open({ flopsPerSecond: 2e11 });
    const run = exhibit.start();
    await until(store, (state) => state.phase === 'running');
    await gallery.open('size');
    await exhibit.select('shared');
    await exhibit.set({ share: 0.5 });
    expect(store.state).toMatchObject({ exhibit: 'race', phase: 'running', wanted: { case: 'race', setting: {} } });
    await session.stop();
    await run;
  });

  test('a change of exhibits while the first is still measured', async () => {
    const { store, gallery } = make({ flopsPerSecond: 6e9 });
    const first = gallery.begin();
    await gallery.open('size');
    await first;
    expect(store.state).toMatchObject({ exhibit: 'size', phase: 'done', budget: 'quick' });
    expect(store.state.series).toHaveLength(8);
  });

  test('recorded results: a lesson takes them off the page, a bet is not given away, another case has none', async () => {
    const { store, gallery } = make();
    await gallery.begin();
    await gallery.open('size');
    expect(store.state).toMatchObject({ phase: 'done', shared: { origin: 'recorded' } });
    expect(store.state.law.verdict).toBeDefined();
    await gallery.current!.withdrawRecorded();
    expect(store.state).toMatchObject({ phase: 'idle', shared: undefined, result: undefined, ends: [] });
    expect(store.state.series.map(({ arm }) => arm)).toEqual(
      expand(size, store.state.budget, { seeds: [1] }).map(({ arm }) => arm),
    );
    await gallery.open('predict');
    expect(store.state).toMatchObject({ phase: 'idle', shared: undefined });
    gallery.withRecorded = false;
    await gallery.open('balance');
    expect(store.state).toMatchObject({ phase: 'idle', shared: undefined });
  });
});

describe('a setting', () => {
  test('is what the next start runs, and is said in the answer', async () => {
    const { store, exhibit, answer } = await open();
    await exhibit.set({ nExperts: 4, dModel: 8 });
    expect(store.state.cohorts.map(({ specs }) => specs[0]!.model.dModel)).toEqual([8, 8]);
    await exhibit.start();
    expect(answer().sure).toContain('changed from the race as tuned: the learning rate is by rule');
    // A card tells of the experiment as it is.
    expect(store.state.measured).toEqual({});
  });

  test('that cannot be run: the worker’s sentence, and nothing is lost', async () => {
    const { store, curves, exhibit, session } = await open();
    await exhibit.start();
    const { result } = store.state;
    const steps = curves.steps(0);
    const refuse = new Session(
      store,
      curves,
      fakeLink({ fail: { method: 'describe', code: 'spec', sentence: 'No.' } }).connect,
    );
    sessions.push(refuse);
    session.close();
    const other = new Exhibit(refuse, race, memoryKeeper());
    await other.set({ dModel: 48 });
    expect(store.state.problem).toEqual({ code: 'spec', sentence: 'No.' });
    await other.start();
    expect(store.state).toMatchObject({ phase: 'done', result, problem: { sentence: 'No.' } });
    expect(curves.steps(0)).toBe(steps);
  });
});

describe('looks inside', () => {
  test('who visits which expert, by topic and in all', async () => {
    const { store, exhibit } = await open();
    expect(routedOf(store.state)).toMatchObject([{ arm: 'sparse', layers: [] }]);
    await exhibit.start();
    const [sparse] = routedOf(store.state);
    expect(sparse).toMatchObject({ arm: 'sparse', nExperts: 16, topK: 2, table: false, diverged: false });
    expect(sparse!.layers).toHaveLength(2);
    const model = heatModel(sparse!, sparse!.layers[1]!);
    expect(model.rows).toHaveLength(16);
    // Each token visits two, and no expert twice.
    for (const { cells } of model.rows) {
      expect(cells!.reduce((a, b) => a + b, 0)).toBeLessThan(2.001);
      expect(Math.max(...cells!)).toBeLessThanOrEqual(1);
    }
    const even = { load: [0.5, 0.25, 0.25], byTopic: [[0.5, 0.3, 0.2]], entropy: 1, dead: 0 };
    const [row] = heatModel({ ...sparse!, nExperts: 3 }, even).rows;
    expect(row!.cells).toEqual([1, 0.6, 0.4]);
    expect(model.fair).toBe(0.125);
    expect(model.favourite).toBeGreaterThan(0.5);
    expect(model.dead).toEqual([15]);
    expect(model.mostEntropy).toBeCloseTo(Math.log(16), 6);
  });

  test('a topic that did not occur, and a router that is lost', () => {
    const routed = { arm: 'x', step: 1, layers: [], nExperts: 2, topK: 1, topics: 2, table: false, diverged: false };
    const routing = { load: [0.75, 0.25], byTopic: [[1, 0], [0, 0]], entropy: 0.1, dead: 0 }; // prettier-ignore
    expect(heatModel(routed, routing).rows).toEqual([
      { topic: 0, cells: [1, 0] },
      { topic: 1, cells: undefined },
    ]);
    const store = new Store();
    const series = { arm: 'sparse', cohort: 0, seeds: [1] } as never;
    const moe = { nExperts: 2, topK: 1, router: 'learned' };
    const cohorts = [{ cohort: 0, specs: [{ model: { moe }, source: { topics: 2 } }] }] as never;
    const look = { type: 'look', cohort: 0, step: 3, documents: [], routing: [{ ...routing, entropy: NaN }] } as const;
    const state = { ...store.state, series: [series], cohorts, looks: { 0: look as never } };
    expect(routedOf(state)[0]).toMatchObject({ diverged: true });
  });

  test('what two models make of the same texts', async () => {
    const { store, exhibit } = await open();
    expect(tokensModel(store.state, race)).toBeUndefined();
    await exhibit.start();
    const model = tokensModel(store.state, race)!;
    expect(model.arms.map(({ arm }) => arm)).toEqual(['dense', 'sparse']);
    expect(model.documents).toHaveLength(3);
    for (const { tokens } of model.documents) {
      expect(tokens).toHaveLength(32);
      expect(tokens.map(({ scored }) => scored).indexOf(true)).toBe(2);
      for (const { scored, odds, opinions, before } of tokens) {
        expect([0.7, 0.15, 0.1, 0.05].includes(odds)).toBe(scored);
        expect(opinions).toHaveLength(scored ? 2 : 0);
        expect(before).toHaveLength(scored ? 2 : 0);
      }
    }
    const [dense, sparse] = model.scores;
    expect(dense).toMatchObject({ arm: 'dense', all: 90 });
    expect(sparse!.hits).toBeGreaterThan(dense!.hits);
  });

  test('32 syllables and 16 topics that differ', () => {
    const syllables = Array.from({ length: 32 }, (_, i) => insideText.syllable(i));
    expect(new Set(syllables).size).toBe(32);
    expect(syllables.every((syllable) => /^[a-z]{2,3}$/.test(syllable))).toBe(true);
    expect(new Set(Array.from({ length: 40 }, (_, i) => insideText.topic(i))).size).toBe(40);
  });
});
