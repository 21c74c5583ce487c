/** A worker that says nothing for long, and a tab that was asleep: each has its own sentence. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { expand } from '../../src/experiments/experiment';
import { text } from '../../src/text/text';
import { Curves } from '../../src/ui/curves';
import { Session } from '../../src/ui/session';
import { Store } from '../../src/ui/store';
import { fakeLink } from './fake-connection';
import { threeSizes } from './three-sizes';

let clock = 0;
let session: Session;
let store: Store;
let over: Promise<unknown>;

beforeEach(async () => {
  clock = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  store = new Store();
  session = new Session(store, new Curves(), fakeLink({ flopsPerSecond: Infinity, hangAt: 0.3 }).connect);
  over = session
    .run(expand(threeSizes, 'smoke'), {
      subject: { experiment: threeSizes.id, budget: 'smoke' },
      conclude: () => Promise.resolve({ verdict: null }),
    })
    .catch(() => undefined);
  await vi.waitUntil(() => (store.state.progress?.fraction ?? 0) >= 0.3, 20_000);
});

afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  session.close();
  await over;
});

/** Lets the page's clock and its timers go on for so many seconds. */
function goOn(seconds: number): void {
  for (let i = 0; i < seconds; i++) {
    clock += 1000;
    vi.advanceTimersByTime(1000);
  }
}

test('twenty seconds without news are said, and what was measured stays', () => {
  goOn(19);
  expect(store.state.problem).toBeUndefined();
  goOn(3);
  expect(store.state.problem).toEqual({ code: 'held-up', sentence: text.problem.silent });
  expect(store.state).toMatchObject({ phase: 'running' });
  expect(store.state.progress!.fraction).toBeGreaterThan(0.2);
});

test('a clock that stood still was a tab asleep: that is said instead, and the worker is waited for anew', () => {
  goOn(5);
  clock += 600_000;
  goOn(1);
  expect(store.state.problem).toEqual({ code: 'held-up', sentence: text.problem.asleep });
  goOn(19);
  expect(store.state.problem?.sentence).toBe(text.problem.asleep);
  goOn(3);
  expect(store.state.problem?.sentence).toBe(text.problem.silent);
});
