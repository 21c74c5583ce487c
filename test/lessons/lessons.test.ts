/** Lessons as data: every step has its words, asks for what exists, and what it calls right was measured. */
import { describe, expect, test } from 'vitest';
import { parseRunSpec } from '../../src/config/validate';
import { expand } from '../../src/experiments/experiment';
import { caseOf, experimentOf } from '../../src/experiments/experiments';
import { countParameters } from '../../src/config/flops';
import { predict } from '../../src/experiments/predict';
import { race } from '../../src/experiments/race';
import { recordedCase } from '../../src/experiments/recorded';
import { size } from '../../src/experiments/size';
import { isRight, lessonOf, LESSONS, type Lesson, type Step } from '../../src/lessons/lessons';
import { mean } from '../../src/math/statistics';
import { lessonsText, type StepWords } from '../../src/text/lessons';

function wordsOf(lesson: Lesson, { id }: Step): StepWords | undefined {
  return (lessonsText.lessons[lesson.id].steps as Record<string, StepWords>)[id];
}

test('there are three, and they are plain data', () => {
  expect(LESSONS.map(({ id }) => id)).toEqual(Object.keys(lessonsText.lessons));
  expect(JSON.parse(JSON.stringify(LESSONS))).toEqual(LESSONS);
  expect(lessonOf('sparse')?.id).toBe('sparse');
  expect(lessonOf('no such')).toBeUndefined();
});

describe.each(LESSONS.map((lesson): [string, Lesson] => [lesson.id, lesson]))('%s', (_id, lesson) => {
  test('has six to ten steps, and words for each and for no other', () => {
    expect(lesson.steps.length).toBeGreaterThanOrEqual(6);
    expect(lesson.steps.length).toBeLessThanOrEqual(10);
    expect(lesson.steps.map(({ id }) => id)).toEqual(Object.keys(lessonsText.lessons[lesson.id].steps));
  });

  test('asks for experiments, cases and budgets that exist and can be run', () => {
    for (const { id, lab } of lesson.steps) {
      if (!lab) continue;
      const experiment = experimentOf(lab.experiment);
      expect(experiment, id).toBeDefined();
      const chosen = lab.case === undefined ? experiment!.cases[0] : caseOf(experiment!, lab.case);
      expect(chosen, id).toBeDefined();
      if (lab.budget) expect(experiment!.budgets, id).toContain(lab.budget);
      const runs = expand(experiment!, lab.budget ?? 'quick', {
        case: chosen!,
        ...(lab.setting && { setting: lab.setting }),
      });
      for (const { spec } of runs) expect(parseRunSpec(spec)).toEqual(spec);
    }
  });

  test('a check has what it needs to be asked and answered', () => {
    for (const step of lesson.steps) {
      const words = wordsOf(lesson, step);
      expect(words?.title.length, step.id).toBeLessThanOrEqual(40);
      expect(words?.say, step.id).toMatch(/^[A-Z].*[.?]$/);
      const { check } = step;
      expect(words?.ask === undefined, step.id).toBe(check === undefined);
      expect(words?.options?.length ?? 0, step.id).toBe(check?.kind === 'choice' ? (words?.options?.length ?? -1) : 0);
      if (check?.kind === 'choice') {
        expect(words!.options!.length).toBeGreaterThanOrEqual(2);
        expect(words!.options![check.right]!.because).toMatch(/^Yes/);
        expect(words!.options!.filter(({ because }) => because.startsWith('Yes'))).toHaveLength(1);
      }
      if (check?.kind === 'number') expect([words!.unit, words!.right, words!.wrong]).not.toContain(undefined);
      if (check?.kind === 'bet') {
        expect(words!.unit).toBeDefined();
        expect(check.from).toBeLessThan(check.to);
        expect(step.lab).toBeDefined();
      }
    }
  });

  test('the right answers are not always in the same place', () => {
    const places = lesson.steps.flatMap(({ check }) => (check?.kind === 'choice' ? [check.right] : []));
    expect(new Set(places).size).toBeGreaterThan(1);
  });
});

test('an answer is right or wrong, a bet is neither', () => {
  expect(isRight({ kind: 'choice', right: 1 }, 1)).toBe(true);
  expect(isRight({ kind: 'choice', right: 1 }, 0)).toBe(false);
  expect(isRight({ kind: 'number', low: 12, high: 13 }, 12.5)).toBe(true);
  expect(isRight({ kind: 'number', low: 12, high: 13 }, 13.1)).toBe(false);
  expect(isRight({ kind: 'number', low: 12, high: 13 }, NaN)).toBe(false);
  expect(isRight({ kind: 'bet', measure: 'saving', from: 0, to: 1, step: 1 }, 1)).toBeUndefined();
  expect(isRight(undefined, 1)).toBeUndefined();
});

describe('what the lesson on experts calls right is what was recorded', () => {
  /** Mean final excess of an arm in a recorded case. */
  function recorded(id: string, arm: string): number {
    const { ends } = recordedCase(caseOf(race, id)!)!;
    const last = Math.max(...ends.filter((end) => end.arm === arm).map(({ trainFlops }) => trainFlops));
    return mean(ends.filter((end) => end.arm === arm && end.trainFlops === last).map(({ excess }) => excess));
  }

  test('a table by token is worse than dense on lag 2, and as good as a router on lag 1', () => {
    expect(recorded('controls', 'table by token')).toBeGreaterThan(recorded('controls', 'dense'));
    expect(recorded('lag-1', 'table by token')).toBeLessThanOrEqual(recorded('lag-1', 'sparse'));
  });

  test('where topics share their rules the two end less than a hundredth of a nat apart', () => {
    expect(Math.abs(recorded('shared', 'dense') - recorded('shared', 'sparse'))).toBeLessThan(0.01);
  });

  test('the saving lies well inside the slider', () => {
    const { factor } = recordedCase(race.cases[0])!.verdict!.computeSaved!;
    expect(factor).toBeGreaterThan(1.5);
    expect(factor).toBeLessThan(4.5);
  });
});

test('the sizes that the lessons name are those of the experiments', () => {
  const active = (experiment: typeof size, arm: string): number =>
    countParameters(expand(experiment, 'quick').find((run) => run.arm === arm)!.spec).active;
  expect(active(size, 'dense 8') / 1800).toBeCloseTo(1, 1);
  expect(active(size, 'dense 24') / active(size, 'dense 8')).toBeCloseTo(8, 0);
  expect(active(predict, 'dense 32') / 26_000).toBeCloseTo(1, 1);
  expect(active(predict, 'dense 32') / active(predict, 'dense 24')).toBeGreaterThan(1.6);
});
