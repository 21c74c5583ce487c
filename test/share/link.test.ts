/** Links: what is put in comes out, and whatever else comes in does no harm. */
import { describe, expect, test } from 'vitest';
import { parseRunSpec } from '../../src/config/validate';
import { branchesOf, tokensPerStep, trainFlopsPerStep } from '../../src/config/flops';
import { expand } from '../../src/experiments/experiment';
import { caseOf, EXPERIMENTS, experimentOf } from '../../src/experiments/experiments';
import { EXPERTS, LAGS, SHARES, TOP_K, WIDTHS } from '../../src/experiments/setting-model';
import { size } from '../../src/experiments/size';
import { race } from '../../src/experiments/race';
import { threefry, uniform } from '../../src/math/rng';
import type { ResultFile } from '../../src/protocol';
import { configLink, LONGEST_LINK, openLink, resultLink, type OpenedLink } from '../../src/share/link';
import { MOST_SEEDS, stateOf, type LinkState } from '../../src/share/link-state';
import { LARGEST_TEXT, LONGEST_PAYLOAD, payloadOf } from '../../src/share/payload';
import { CURVE_ERROR } from '../../src/share/packed-curve';
import { unpackResults } from '../../src/share/packed-results';
import { readableValue } from '../../src/share/readable-link';
import { shareText } from '../../src/text/share';
import { fitted, power, runsOf } from '../ui/law-runs';

/** Whole numbers below n, the same in every run of the tests. */
class Draw {
  #counter = 0;
  constructor(private readonly key: number) {}
  below(n: number): number {
    return uniform(threefry([this.key, 0], [this.#counter++, 0])[0], n);
  }
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
  maybe(): boolean {
    return this.below(2) === 0;
  }
}

/** A state that a link may set, as far as its fields are concerned; checks decide what is left of it. */
function drawState(draw: Draw): LinkState {
  const experiment = draw.of(EXPERIMENTS);
  const wanted = {
    experiment: experiment.id,
    case: draw.of(experiment.cases).id,
    ...(draw.maybe() && { budget: draw.of(experiment.budgets) }),
    setting: {
      ...(draw.maybe() && { nExperts: draw.of(EXPERTS) }),
      ...(draw.maybe() && { topK: draw.of(TOP_K) }),
      ...(draw.maybe() && { dModel: draw.of(WIDTHS) }),
      ...(draw.maybe() && { lag: draw.of(LAGS) }),
      ...(draw.maybe() && { share: draw.of(SHARES) }),
    },
    ...(draw.maybe() && { seeds: Array.from({ length: 1 + draw.below(4) }, () => draw.below(2 ** 32 - 1)) }),
    view: {
      ...(draw.maybe() && { vertical: draw.of(['excess', 'loss']) }),
      ...(draw.maybe() && { horizontal: draw.of(['flops', 'tokens', 'seconds', 'parameters']) }),
      ...(draw.maybe() && { scale: draw.of(['log', 'linear']) }),
      ...(draw.maybe() && { band: draw.of(['range', 'interval']) }),
    },
  };
  return stateOf(wanted).state!;
}

const allowed = { nExperts: EXPERTS, topK: TOP_K, dModel: WIDTHS, lag: LAGS, share: SHARES };

/** What in an opened link is not possible. */
function impossible({ state, result, notes }: OpenedLink): string[] {
  const found: string[] = [];
  if (notes.some((note) => /[<>{}]|undefined|NaN|\[object/.test(note))) found.push('a note with data in it');
  if (!state) return found;
  const experiment = experimentOf(state.experiment);
  if (!experiment || !caseOf(experiment, state.case)) return [...found, 'no such experiment or case'];
  if (state.budget && !experiment.budgets.includes(state.budget)) found.push('budget');
  for (const [key, value] of Object.entries(state.setting)) {
    if (!(allowed[key as keyof typeof allowed] as readonly number[]).includes(value)) found.push(key);
  }
  const seeds = state.seeds ?? [1];
  if (seeds.length < 1 || seeds.length > MOST_SEEDS || seeds.some((seed) => !(seed >= 0 && seed < 2 ** 32)))
    found.push('seeds');
  for (const run of result?.runs ?? []) {
    const numbers = [run.trainFlops, run.tokens, run.paramsActive, ...run.curve.step, ...run.curve.excess];
    if (!numbers.every(Number.isFinite)) found.push('a number of a run');
    if (!(run.diverged || Math.abs(run.excess) <= 100)) found.push('an excess');
  }
  return found;
}

function resultOf(experiment: typeof size, budget: 'smoke' | 'quick'): ResultFile {
  return {
    ...{ schemaVersion: 1, experiment: experiment.id, budget, case: experiment.cases[0].id, setting: {} },
    date: '2026-11-22T10:00:00.000Z',
    device: {
      ...{ name: 'Some adapter', vendor: 'any', architecture: 'any', software: false, kernelProfile: 'register' },
      ...{ kernelsBy: 'adapter', probe: [], features: [] },
    },
    ...{ version: '0.1.0', seconds: 61.5, runs: runsOf(experiment, budget, power(30, 0.4)), verdict: null },
    fits: experiment.law ? [fitted('dense', 30, 0.4)] : [],
  };
}

describe('round trips', () => {
  test('2,000 states come back as they were', async () => {
    const draw = new Draw(1);
    for (let i = 0; i < 2000; i += 50) {
      const states = Array.from({ length: 50 }, () => drawState(draw));
      const links = await Promise.all(states.map(configLink));
      const back = await Promise.all(links.map(openLink));
      expect(back).toEqual(states.map((state) => ({ state, result: undefined, notes: [] })));
    }
  });

  test('what a link sets can be trained', () => {
    const draw = new Draw(2);
    for (let i = 0; i < 150; i++) {
      const { experiment: id, case: caseId, budget = 'quick', setting } = drawState(draw);
      const experiment = experimentOf(id)!;
      for (const { spec } of expand(experiment, budget, { case: caseOf(experiment, caseId)!, setting, seeds: [1] })) {
        expect(parseRunSpec(spec)).toEqual(spec);
      }
    }
  });

  test('a link that sets a little is short enough for a QR code', async () => {
    const link = await configLink(stateOf({ experiment: 'size', budget: '1e11', setting: { lag: 2 } }).state!);
    expect(link.length).toBeLessThan(140);
  });

  test.each([
    ['a ladder of sizes', size],
    ['a race', race],
  ] as const)('results of %s come back within the errors that are stated', async (_name, experiment) => {
    const result = resultOf(experiment, 'quick');
    const { state } = stateOf({ experiment: experiment.id, budget: 'quick' });
    const link = await resultLink(state!, result);
    expect(link!.length).toBeLessThan(LONGEST_LINK);
    const back = await openLink(`https://lab.example/${link}`);
    expect(back.notes).toEqual([]);
    expect(impossible(back)).toEqual([]);
    const { runs, device, date, version, seconds, fits } = back.result!;
    expect({ name: device.name, date, version, seconds }).toEqual({
      ...{ name: 'Some adapter', date: result.date, version: '0.1.0', seconds: 61.5 },
    });
    expect(runs).toHaveLength(result.runs.length);
    runs.forEach((run, i) => {
      const was = result.runs[i]!;
      const same = [
        'arm',
        'seed',
        'spec',
        'tokens',
        'trainFlops',
        'paramsTotal',
        'paramsActive',
        'evalTokens',
      ] as const;
      for (const key of same) expect(run[key]).toEqual(was[key]);
      expect(run.excess / was.excess).toBeCloseTo(1, 4);
      expect(run.loss / was.loss).toBeCloseTo(1, 4);
      expect(run.branch.budgetFlops).toBeCloseTo(was.branch.budgetFlops, -3);
      if (run.curve.step.length === 0) return;
      expect(run.curve.step).toEqual(was.curve.step);
      run.curve.excess.forEach((y, n) => {
        const bound = CURVE_ERROR * Math.hypot(was.curve.excess[n]!, 1e-3);
        expect(Math.abs(y - was.curve.excess[n]!)).toBeLessThan(bound);
      });
    });
    expect(fits?.map(({ parameters }) => parameters)).toEqual(result.fits?.map(({ parameters }) => parameters));
  });

  test('a long curve keeps the mean of every stretch, and one below the floor its sign', async () => {
    const result = resultOf(race, 'quick');
    const [first] = result.runs;
    const spec = first!.spec;
    const step = Array.from({ length: 200 }, (_, i) => Math.round(branchesOf(spec).at(-1)!.steps ** ((i + 1) / 200)));
    const steps = [...new Set(step)];
    const excess = steps.map((_, i) => 2.5 * 0.9 ** i - 0.002);
    const flops = steps.map((each) => each * trainFlopsPerStep(spec));
    result.runs = result.runs.map((run) => ({ ...run, curve: { step: steps, flops, loss: excess, excess } }));
    const back = await openLink((await resultLink(stateOf({ experiment: 'race', budget: 'quick' }).state!, result))!);
    const { curve } = back.result!.runs.find(
      ({
        curve: {
          step: { length },
        },
      }) => length > 0,
    )!;
    expect(curve.step.length).toBeLessThanOrEqual(50);
    expect(curve.excess.at(-1)).toBeLessThan(0);
    const total = (c: { step: number[]; excess: number[] }): number =>
      c.excess.reduce((sum, y, i) => sum + y * (c.step[i]! - (c.step[i - 1] ?? 0)), 0);
    const weight = excess.reduce((sum, y, i) => sum + Math.hypot(y, 1e-3) * (steps[i]! - (steps[i - 1] ?? 0)), 0);
    expect(Math.abs(total(curve) - total({ step: steps, excess }))).toBeLessThan(CURVE_ERROR * weight);
    expect(curve.step.at(-1)! * tokensPerStep(spec)).toBe(spec.budget && steps.at(-1)! * tokensPerStep(spec));
  });

  test('a diverged run stays one', async () => {
    const result = resultOf(race, 'smoke');
    result.runs = result.runs.map((run) =>
      run.seed === 2
        ? {
            ...run,
            loss: NaN,
            excess: NaN,
            diverged: true,
            curve: { ...run.curve, excess: run.curve.excess.map((y, i) => (i > 1 ? NaN : y)) },
          }
        : run,
    );
    const back = await openLink((await resultLink(stateOf({ experiment: 'race', budget: 'smoke' }).state!, result))!);
    const found = back.result!.runs.filter(({ diverged }) => diverged);
    expect(found.map(({ seed }) => seed)).toEqual(Array.from({ length: 6 }, () => 2));
    expect(found.map(({ excess }) => excess)).toEqual(found.map(() => NaN));
    expect(found.at(-1)!.curve.step).toHaveLength(2);
  });

  test('a law without a number is left out, and the rest comes through', async () => {
    const result = resultOf(size, 'smoke');
    result.fits = [fitted('dense', 30, 0.4, { r2: NaN }), fitted('sparse', 20, 0.4)];
    result.seconds = NaN;
    const back = await openLink((await resultLink(stateOf({ experiment: 'size', budget: 'smoke' }).state!, result))!);
    expect(back.notes).toEqual([]);
    expect(back.result!.fits!.map(({ kind }) => kind)).toEqual(['sparse']);
    expect(back.result!.runs).toHaveLength(24);
  });

  test('results that are too many for a link are refused', async () => {
    const draw = new Draw(9);
    const result = resultOf(race, 'quick');
    const { runs } = result;
    result.runs = Array.from({ length: 200 }, (_, seed) =>
      runs
        .filter((run) => run.seed === 1)
        .map((run) => ({
          ...run,
          seed,
          curve: {
            ...run.curve,
            ...(() => {
              const step = Array.from({ length: 50 }, (_, i) => i + 1);
              const excess = step.map(() => 1 + draw.below(1e6) / 1e5);
              return { step, excess, flops: step, loss: excess };
            })(),
          },
        })),
    ).flat();
    expect(await resultLink(stateOf({ experiment: 'race', budget: 'quick' }).state!, result)).toBeUndefined();
  });
});

describe('by hand', () => {
  test('readable keys set the fields that are edited most', async () => {
    const { state, notes } = await openLink('#experiment=size&budget=quick&lag=2&experts=8');
    expect(notes).toEqual([]);
    expect(state).toEqual({
      ...{ experiment: 'size', case: 'sizes', budget: 'quick', setting: { nExperts: 8, lag: 2 }, view: {} },
    });
    const raced = await openLink('#width=24&topk=1&share=0.3&case=lag-1&seeds=4,5');
    expect(raced.state).toMatchObject({
      ...{ experiment: 'race', case: 'lag-1', setting: { dModel: 24, topK: 1, share: 0.3 }, seeds: [4, 5] },
    });
  });

  test('what is as the experiment has it is no change', async () => {
    expect((await openLink('#experiment=race&width=16&lag=2&experts=16')).state?.setting).toEqual({});
    expect((await openLink('#experiment=size&lag=1&seeds=1,2,3')).state).toMatchObject({ setting: {} });
  });

  test.each([
    ['#experts=1000', { nExperts: 64 }, shareText.notes.clamped(shareText.fields.nExperts, 64)],
    ['#share=-3', {}, shareText.notes.clamped(shareText.fields.share, 0)],
    ['#width=many', {}, shareText.notes.noNumber(shareText.fields.dModel)],
    ['#experts=2&topk=4', { nExperts: 2 }, shareText.notes.fewerExperts],
    ['#experiment=size&width=16', {}, shareText.notes.widthVaries],
    ['#experiment=data&experts=4', {}, shareText.notes.noExperts],
    ['#experiment=own-text&share=0.4&width=24', { dModel: 24 }, shareText.notes.asWritten],
    ['#experiment=own-text&lag=2', {}, shareText.notes.asWritten],
    ['#experiment=size&case=none', {}, shareText.notes.case],
    ['#experiment=size&budget=1e99', {}, shareText.notes.budget],
    ['#seeds=1.5,-1,x', {}, shareText.notes.seeds(MOST_SEEDS)],
  ])('%s is corrected, and said', async (link, setting, note) => {
    const opened = await openLink(link);
    expect(opened.notes).toContain(note);
    expect(opened.state?.setting).toEqual(setting);
  });

  test.each([
    ['#experiment=none', shareText.notes.experiment],
    ['#experiment=__proto__', shareText.notes.experiment],
    ['#anything', shareText.notes.unknown],
    ['#v2.abc', shareText.notes.version],
    ['#v0.abc', shareText.notes.version],
    ['#v1.%%%', shareText.notes.damaged],
    ['#v1.', shareText.notes.damaged],
    ['#v1', shareText.notes.unknown],
  ])('%s opens the page as without it, with a sentence', async (link, note) => {
    expect(await openLink(link)).toEqual({ state: undefined, result: undefined, notes: [note] });
  });

  test('no link is no fault', async () => {
    expect(await openLink('')).toEqual({ state: undefined, result: undefined, notes: [] });
    expect(await openLink('#')).toEqual({ state: undefined, result: undefined, notes: [] });
  });
});

describe('hostile', () => {
  const BAD: unknown[] = [
    ...[null, true, [], {}, '', 'x', -1, 1e308, Infinity, '<img src=x onerror=alert(1)>', '__proto__', 'constructor'],
    ...[{ __proto__: { experiment: 'race' } }, [[[[]]]], 'javascript:alert(1)', '\u0000', '💥'.repeat(50), 'toString'],
    JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}') as unknown,
    ...['${1}', NaN, 0.5],
  ];

  /** A copy in which one value somewhere is another, gone, or under another name. */
  function mutated(value: unknown, draw: Draw): unknown {
    if (typeof value !== 'object' || value === null || draw.below(5) === 0) return draw.of(BAD);
    const keys = Object.keys(value);
    const key = draw.of(keys);
    if (Array.isArray(value))
      return value.map((each, i) => (String(i) === key ? mutated(each, draw) : (each as unknown)));
    const entries = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
      if (name !== key) return [[name, inner]];
      const choice = draw.below(8);
      if (choice === 0) return [];
      if (choice === 1) return [[draw.of(['__proto__', 'constructor', 'toString', 'x']), inner]];
      return [[name, mutated(inner, draw)]];
    });
    return Object.fromEntries(entries);
  }

  const full = {
    experiment: 'race',
    case: 'lag-1',
    budget: 'quick',
    setting: { nExperts: 8, topK: 1, dModel: 24, lag: 1, share: 0.5 },
    seeds: [4, 5],
    view: { vertical: 'loss', horizontal: 'tokens', scale: 'linear', band: 'interval' },
  };

  test('16,000 values that are wrong somewhere', async () => {
    const draw = new Draw(3);
    const { state } = stateOf({ experiment: 'race', budget: 'smoke' });
    const link = (await resultLink(state!, resultOf(race, 'smoke')))!;
    const { textOf } = await import('../../src/share/payload');
    const { results } = JSON.parse((await textOf(link.slice('#v1.'.length)))!) as { results: unknown };
    let refused = 0;
    for (let i = 0; i < 12_000; i++) {
      const opened = stateOf(mutated(full, draw));
      expect(impossible({ ...opened, result: undefined })).toEqual([]);
    }
    for (let i = 0; i < 4000; i++) {
      const unpacked = unpackResults(mutated(results, draw), state!);
      expect(impossible({ state, ...unpacked })).toEqual([]);
      if (!unpacked.result) refused++;
    }
    expect(refused).toBeGreaterThan(2000);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('4,000 links that are cut, overwritten or invented', async () => {
    const draw = new Draw(4);
    const characters = 'ABCxyz019-_%&=#.<>"\'\\ é\n';
    const links = [
      await configLink(stateOf(full).state!),
      '#experiment=size&budget=quick&lag=1&experts=8&width=16',
      `#v1.${await payloadOf('{"experiment":"race","view":')}`,
    ];
    const spoilt = Array.from({ length: 4000 }, () => {
      const link = draw.of(links);
      const at = draw.below(link.length);
      const noise = Array.from({ length: 1 + draw.below(6) }, () => draw.of([...characters])).join('');
      return draw.of([
        link.slice(0, at),
        link.slice(0, at) + noise + link.slice(at + noise.length),
        link.slice(0, at) + noise + link.slice(at),
        link.slice(at),
        `#v1.${noise}`,
      ]);
    });
    for (let i = 0; i < spoilt.length; i += 100) {
      const all = await Promise.all(spoilt.slice(i, i + 100).map(openLink));
      expect(all.flatMap(impossible)).toEqual([]);
    }
  });

  test('a bomb is not inflated, and an endless link not read', async () => {
    const bomb = await payloadOf(`{"experiment":"race","x":"${'0'.repeat(4 * LARGEST_TEXT)}"}`);
    expect(bomb.length).toBeLessThan(LONGEST_PAYLOAD);
    expect((await openLink(`#v1.${bomb}`)).notes).toEqual([shareText.notes.damaged]);
    expect((await openLink(`#v1.${'A'.repeat(LONGEST_PAYLOAD + 1)}`)).notes).toEqual([shareText.notes.damaged]);
    const nested = await payloadOf(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect((await openLink(`#v1.${nested}`)).state).toBeUndefined();
  });

  test('curves that lead outside their run are cut there', () => {
    const { state } = stateOf({ experiment: 'race', budget: 'smoke' });
    const run = {
      arm: 'dense',
      seed: 1,
      ends: [[2, 0.9, 1, 3, false]],
      steps: [1, 2, 1e9],
      values: [4000, -65_534, 65_534],
    };
    const results = {
      device: 'x',
      software: false,
      kernels: 'k',
      date: '2026-11-22T10:00:00.000Z',
      version: '1',
      seconds: 1,
      evalTokens: 5,
      runs: [run],
    };
    const { result, notes } = unpackResults(results, state!);
    expect(notes).toEqual([]);
    expect(result!.runs[0]!.curve.step).toEqual([1, 3]);
    expect(impossible({ state, result, notes })).toEqual([]);
    const other = unpackResults({ ...results, runs: [run, { ...run, arm: 'toString' }, { ...run, seed: 77 }] }, state!);
    expect(other.notes).toEqual([shareText.notes.runsLeftOut(2)]);
  });
});

test('readable keys that are none are no link', () => {
  expect(readableValue('colour=red')).toBeUndefined();
});
