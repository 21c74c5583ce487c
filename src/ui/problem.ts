/** Failures, as they cross the worker boundary and as the reader is told of them. */
import type { LabErrorCode } from '../protocol';
import { text } from '../text/text';
import type { Problem } from './store';

const PREFIX = 'LabError/';
const CODES: readonly string[] = Object.keys(text.problem.title);

/** The same form that the worker throws: the code in `name`, the sentence in `message`. */
export class LabError extends Error {
  constructor(code: LabErrorCode, sentence: string) {
    super(sentence);
    this.name = `${PREFIX}${code}`;
  }

  static from(error: unknown): LabError {
    if (error instanceof LabError) return error;
    const { code, sentence } = problemOf(error);
    return new LabError(code, sentence);
  }
}

function isCode(value: string): value is LabErrorCode {
  return CODES.includes(value);
}

export function problemOf(error: unknown): Problem {
  if (error instanceof Error && error.name.startsWith(PREFIX)) {
    const code = error.name.slice(PREFIX.length);
    if (isCode(code)) return { code, sentence: error.message };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', sentence: text.problem.internal(message) };
}
