/**
 * Guided lessons as data: what each step sets in the lab, and what it checks. Their words are in text/lessons.ts, under
 * the same names.
 */
import type { BudgetName } from '../config/run-spec';
import type { Setting } from '../experiments/experiment';
import type { LessonId } from '../text/lessons';

/** How the lab is to stand; what is absent stays as it is, and settings are the case's own. */
export interface LabSetting {
  experiment: string;
  /** The experiment's first case if absent. */
  case?: string;
  setting?: Setting;
  /** If absent, what the lab proposes for this machine. */
  budget?: BudgetName;
  view?: { scale?: 'log' | 'linear'; vertical?: 'excess' | 'loss' };
}

/**
 * What a bet is about. `saving`: how many times less compute the sparse arm needs; `size`: how many times closer to the
 * floor the largest dense size ends than the smallest; `prediction`: the excess of the run to come, in nats;
 * `doubling`: what twice the compute takes off, in per cent.
 */
export type Measure = 'saving' | 'size' | 'prediction' | 'doubling';

export type Check =
  | { kind: 'choice'; right: number }
  /** A number, right from `low` to `high`. */
  | { kind: 'number'; low: number; high: number }
  /** A bet on what the step's experiment will measure; the slider's range. */
  | { kind: 'bet'; measure: Measure; from: number; to: number; step: number };

export interface Step {
  id: string;
  lab?: LabSetting;
  check?: Check;
}

export interface Lesson {
  id: LessonId;
  /** In class, talking included. */
  minutes: number;
  steps: readonly Step[];
}

const choice = (right: number): Check => ({ kind: 'choice', right });

const log: LabSetting = { experiment: 'size', view: { scale: 'log', vertical: 'excess' } };
const linear: LabSetting = { experiment: 'size', view: { scale: 'linear', vertical: 'excess' } };

export const LESSONS: readonly Lesson[] = [
  {
    id: 'law',
    minutes: 40,
    steps: [
      { id: 'floor', lab: log, check: choice(0) },
      {
        id: 'bet',
        lab: { ...log, budget: 'quick' },
        check: { kind: 'bet', measure: 'size', from: 1, to: 8, step: 0.1 },
      },
      { id: 'linear', lab: linear, check: choice(1) },
      { id: 'log', lab: log, check: choice(0) },
      { id: 'price', lab: log, check: { kind: 'number', low: 62, high: 66 } },
      { id: 'returns', lab: log, check: choice(1) },
      { id: 'doubt', lab: log, check: choice(1) },
      { id: 'end' },
    ],
  },
  {
    id: 'sparse',
    minutes: 45,
    steps: [
      { id: 'share', lab: { experiment: 'race' }, check: { kind: 'number', low: 12, high: 13 } },
      { id: 'fair', lab: { experiment: 'race' }, check: choice(2) },
      {
        id: 'bet',
        lab: { experiment: 'race', budget: 'quick', view: { scale: 'log', vertical: 'excess' } },
        check: { kind: 'bet', measure: 'saving', from: 0.5, to: 5, step: 0.1 },
      },
      { id: 'memory', lab: { experiment: 'race' }, check: choice(1) },
      { id: 'control', lab: { experiment: 'race', case: 'controls' }, check: choice(2) },
      { id: 'table', lab: { experiment: 'race', case: 'lag-1' }, check: choice(0) },
      { id: 'nothing', lab: { experiment: 'race', case: 'shared' }, check: choice(1) },
      { id: 'end', lab: { experiment: 'race' }, check: choice(1) },
    ],
  },
  {
    id: 'predict',
    minutes: 40,
    steps: [
      { id: 'idea', lab: { experiment: 'predict' }, check: choice(1) },
      {
        id: 'bet',
        lab: { experiment: 'predict', view: { scale: 'log', vertical: 'excess' } },
        check: { kind: 'bet', measure: 'prediction', from: 0.1, to: 1.5, step: 0.01 },
      },
      { id: 'margin', lab: { experiment: 'predict' }, check: { kind: 'number', low: 1, high: 1 } },
      { id: 'frozen', lab: { experiment: 'predict' }, check: choice(0) },
      { id: 'far', lab: { experiment: 'predict' }, check: choice(1) },
      {
        id: 'article',
        lab: { experiment: 'article-compute' },
        check: { kind: 'bet', measure: 'doubling', from: 0, to: 60, step: 1 },
      },
      { id: 'end' },
    ],
  },
];

export function lessonOf(id: string): Lesson | undefined {
  return LESSONS.find((lesson) => lesson.id === id);
}

/** True where the answer is right; undefined where nothing is right or wrong. */
export function isRight(check: Check | undefined, answer: number): boolean | undefined {
  if (check?.kind === 'choice') return answer === check.right;
  if (check?.kind === 'number') return answer >= check.low && answer <= check.high;
  return undefined;
}
