/** How far a lesson is, over reloads and against broken storage, and what it reads from the lab. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { compute } from '../../src/experiments/compute';
import { predict } from '../../src/experiments/predict';
import { race } from '../../src/experiments/race';
import { recordedCase } from '../../src/experiments/recorded';
import { size } from '../../src/experiments/size';
import { verdictOf } from '../../src/experiments/verdict-of';
import { LESSONS, lessonOf, type LabSetting } from '../../src/lessons/lessons';
import type { FrozenPrediction } from '../../src/protocol';
import { glossary } from '../../src/text/glossary';
import { missOf, outcomeOf, stands, withoutDevice } from '../../src/ui/lesson-model';
import { openLesson, rememberLesson } from '../../src/ui/lesson-place';
import { forgetProgress, hasBegun, readProgress, writeProgress } from '../../src/ui/lesson-progress';
import { INITIAL_STATE, type LabState } from '../../src/ui/store';
import { power, runsOf } from './law-runs';

const law = lessonOf('law')!;

/** As much of localStorage as the page uses. */
function memory(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as unknown as Storage;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('progress', () => {
  const somewhere = {
    step: 3,
    answers: { floor: 0, bet: 1.6 },
    outcomes: { bet: { value: 1.5, low: 1.4, high: 1.6 } },
  };

  test('comes back as it was, lesson by lesson', () => {
    vi.stubGlobal('localStorage', memory());
    expect(hasBegun(readProgress(law))).toBe(false);
    writeProgress(law, somewhere);
    expect(readProgress(law)).toEqual(somewhere);
    expect(hasBegun(readProgress(law))).toBe(true);
    expect(hasBegun(readProgress(lessonOf('sparse')!))).toBe(false);
    forgetProgress(law);
    expect(hasBegun(readProgress(law))).toBe(false);
    rememberLesson('law');
    expect(openLesson()).toBe('law');
    rememberLesson(undefined);
    expect(openLesson()).toBeUndefined();
  });

  test('where storage is forbidden the lesson goes on without', () => {
    vi.stubGlobal('localStorage', undefined);
    rememberLesson('law');
    writeProgress(law, somewhere);
    expect(openLesson()).toBeUndefined();
    expect(readProgress(law)).toEqual({ step: 0, answers: {}, outcomes: {} });
  });

  test.each([
    ['no JSON', '{', { step: 0, answers: {}, outcomes: {} }],
    ['a list', '[]', { step: 0, answers: {}, outcomes: {} }],
    ['a step too far', '{"step":99}', { step: law.steps.length - 1, answers: {}, outcomes: {} }],
    ['half a step', '{"step":1.5}', { step: 0, answers: {}, outcomes: {} }],
    [
      'answers of other steps and of other kinds',
      '{"step":1,"answers":{"floor":"0","bet":2,"no such":1,"__proto__":3},"outcomes":{"bet":{"value":"x"},"log":7}}',
      { step: 1, answers: { bet: 2 }, outcomes: {} },
    ],
  ])('%s is read as far as it can be', (_what, text, expected) => {
    expect(readProgress(law, text)).toEqual(expected);
  });
});

function stateOf(experiment: string, chosen: string, change: Partial<LabState>): LabState {
  return {
    ...INITIAL_STATE,
    exhibit: experiment,
    wanted: { case: chosen, setting: {} },
    subject: { experiment, budget: 'quick', case: chosen, setting: {} },
    phase: 'done',
    device: {} as LabState['device'],
    ...change,
  };
}

describe('what a lesson reads from the lab', () => {
  test('the lab stands as a step wants it, or not', () => {
    const state = stateOf('race', 'controls', {});
    expect(stands(state, { experiment: 'race', case: 'controls' })).toBe(true);
    expect(stands(state, { experiment: 'race' })).toBe(false);
    expect(stands(state, { experiment: 'size' })).toBe(false);
    expect(
      stands(
        { ...state, wanted: { case: 'controls', setting: { topK: 1 } } },
        { experiment: 'race', case: 'controls' },
      ),
    ).toBe(false);
    // Whatever a lesson asks for can be stood.
    for (const { lab } of LESSONS.flatMap(({ steps }) => steps)) {
      if (lab?.case === undefined) continue;
      expect(stands(stateOf(lab.experiment, lab.case, {}), lab)).toBe(true);
    }
  });

  const sizes: LabSetting = { experiment: 'size' };
  const runs = runsOf(size, 'quick', power(20, 0.35));
  const verdict = verdictOf(size, runs) as LabState['law']['verdict'];

  test('a bet on sizes is compared with the dense ends, smallest against largest', () => {
    const state = stateOf('size', 'sizes', { law: { ...INITIAL_STATE.law, runs, verdict } });
    const outcome = outcomeOf('size', sizes, state);
    const active = (arm: string): number => runs.find((run) => run.arm === arm)!.paramsActive;
    expect(outcome?.value).toBeCloseTo((active('dense 24') / active('dense 8')) ** 0.35, 6);
    expect(outcome?.smoke).toBeUndefined();
  });

  test.each([
    ['while it runs', { phase: 'running' }],
    ['of another case', { subject: { experiment: 'size', budget: 'quick', case: 'other', setting: {} } }],
    ['of a changed setting', { subject: { experiment: 'size', budget: 'quick', case: 'sizes', setting: { topK: 1 } } }],
    ['of another experiment', { subject: { experiment: 'race', budget: 'quick', case: 'sizes', setting: {} } }],
  ] satisfies [string, Partial<LabState>][])('nothing is taken %s', (_what, change) => {
    const state = stateOf('size', 'sizes', { law: { ...INITIAL_STATE.law, runs, verdict }, ...change });
    expect(outcomeOf('size', sizes, state)).toBeUndefined();
  });

  test('a quick check is called one', () => {
    const subject = { experiment: 'size', budget: 'smoke', case: 'sizes', setting: {} };
    const state = stateOf('size', 'sizes', { law: { ...INITIAL_STATE.law, runs, verdict }, subject });
    expect(outcomeOf('size', sizes, state)?.smoke).toBe(true);
  });

  test('a prediction is compared with its run, once that has ended', () => {
    const prediction: FrozenPrediction = {
      arm: 'dense 32',
      x: 26_000,
      predicted: 0.8,
      interval: [0.75, 0.85],
      frozenAt: '2026-11-22T12:00:00Z',
    };
    const state = (made: FrozenPrediction): LabState =>
      stateOf(predict.id, predict.cases[0].id, { law: { ...INITIAL_STATE.law, prediction: made } });
    const lab = { experiment: predict.id };
    expect(outcomeOf('prediction', lab, state(prediction))).toBeUndefined();
    expect(outcomeOf('prediction', lab, state({ ...prediction, measured: 0.82, hit: true }))).toEqual({ value: 0.82 });
  });

  test('twice the compute is told in per cent', () => {
    const gained = runsOf(compute, 'quick', (n, d) => 20 * n ** -0.2 * (d / 1e5) ** -0.2);
    const found = verdictOf(compute, gained) as LabState['law']['verdict'];
    const state = stateOf('compute', compute.cases[0].id, {
      law: { ...INITIAL_STATE.law, runs: gained, verdict: found },
    });
    const { value } = outcomeOf('doubling', { experiment: 'compute' }, state)!;
    expect(value).toBeGreaterThan(5);
    expect(value).toBeLessThan(25);
  });

  test('a machine that cannot train is told what was recorded, and only where something was', () => {
    const state: LabState = { ...INITIAL_STATE, phase: 'failed' };
    expect(withoutDevice(state)).toBe(true);
    const recorded = recordedCase(race.cases[0])!;
    expect(outcomeOf('saving', { experiment: 'race' }, state)).toMatchObject({
      value: recorded.verdict!.computeSaved!.factor,
      recorded: recorded.device,
    });
    expect(outcomeOf('size', sizes, state)).toBeUndefined();
  });

  test('how far off a bet is', () => {
    expect(missOf(2, { value: 2.5, low: 1.9, high: 3 })).toEqual({ inside: true, off: 0.2 });
    expect(missOf(4, { value: 2.5, low: 1.9, high: 3 }).inside).toBe(false);
    expect(missOf(2, { value: 2 })).toEqual({ inside: false, off: 0 });
  });
});

test('no word has two meanings, and each meaning is a sentence', () => {
  const forms = glossary.flatMap((term) => term.forms.map((form) => form.toLowerCase()));
  expect(new Set(forms).size).toBe(forms.length);
  for (const { meaning } of glossary) expect(meaning).toMatch(/^[A-Z].*\.$/);
  for (const word of 'excess floor nats FLOPs exponent interval seed expert router budget'.split(' ')) {
    expect(forms).toContain(word.toLowerCase());
  }
});
