/** Prints `N passed, N failed, N skipped` as the very last line, so that a machine can read the outcome. */
import type { Reporter, TestModule } from 'vitest/node';

export class Tally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    // An error outside any test (a file that does not load, a rejection nobody awaits) counts as a failure.
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      counts.failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        // A test that never ran to an end is one that did not pass.
        counts[state === 'pending' ? 'failed' : state]++;
      }
      for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
    }
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  }
}
