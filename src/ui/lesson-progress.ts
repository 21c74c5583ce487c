/** How far a reader is in a lesson: the step, the answers and what was measured for bets; kept over reloads. */
import type { Lesson } from '../lessons/lessons';
import { store, stored } from './lesson-place';

/** What a bet is compared with. */
export interface Outcome {
  value: number;
  low?: number;
  high?: number;
  /** The value is a lower bound. */
  atLeast?: true;
  /** There is no saving that the seeds can show; the value is 1. */
  none?: true;
  /** Too short a run to mean anything. */
  smoke?: true;
  /** Not measured here, but recorded on this adapter. */
  recorded?: string;
}

export interface Progress {
  /** Index of the step. */
  step: number;
  /** By the step's id: the chosen option's index, the number, or the bet. */
  answers: Partial<Record<string, number>>;
  outcomes: Partial<Record<string, Outcome>>;
}

const START: Progress = { step: 0, answers: {}, outcomes: {} };

function keyOf({ id }: Lesson): string {
  return `scaling-lab-lesson-${id}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** Only what an outcome may have, or undefined. */
function readOutcome(value: unknown): Outcome | undefined {
  if (!isRecord(value) || !isNumber(value.value)) return undefined;
  return {
    value: value.value,
    ...(isNumber(value.low) && { low: value.low }),
    ...(isNumber(value.high) && { high: value.high }),
    ...(value.atLeast === true && { atLeast: true }),
    ...(value.none === true && { none: true }),
    ...(value.smoke === true && { smoke: true }),
    ...(typeof value.recorded === 'string' && { recorded: value.recorded }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is stored of a lesson, as far as it can be read; what cannot begins anew. */
export function readProgress(lesson: Lesson, text: string | undefined = stored(keyOf(lesson))): Progress {
  const value = text === undefined ? undefined : parse(text);
  if (!isRecord(value)) return START;
  const { step } = value;
  const answers = isRecord(value.answers) ? value.answers : {};
  const outcomes = isRecord(value.outcomes) ? value.outcomes : {};
  const known = lesson.steps.map(({ id }) => id);
  return {
    step: Number.isInteger(step) ? Math.min(lesson.steps.length - 1, Math.max(0, step as number)) : 0,
    answers: Object.fromEntries(known.flatMap((id) => (isNumber(answers[id]) ? [[id, answers[id]]] : []))),
    outcomes: Object.fromEntries(
      known.flatMap((id) => {
        const outcome = readOutcome(outcomes[id]);
        return outcome ? [[id, outcome]] : [];
      }),
    ),
  };
}

/** True once something was done in it. */
export function hasBegun({ step, answers }: Progress): boolean {
  return step > 0 || Object.keys(answers).length > 0;
}

export function writeProgress(lesson: Lesson, progress: Progress): void {
  store(keyOf(lesson), JSON.stringify(progress));
}

export function forgetProgress(lesson: Lesson): void {
  store(keyOf(lesson), undefined);
}
