/** Whether two presses of start train the same. */
import { canonicalJson } from '../config/run-spec';
import type { Subject } from './store';

export function sameRuns(a: Subject, b: Subject): boolean {
  const of = ({ experiment, budget, case: chosen, setting = {}, seeds }: Subject): string =>
    canonicalJson({ experiment, budget, chosen, setting, seeds });
  return of(a) === of(b);
}
