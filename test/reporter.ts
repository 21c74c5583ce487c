/** Prints `N passed, N failed, N skipped` as the very last line, so that a machine can read the outcome. */
import type { Reporter, TestModule } from 'vitest/node';

export class Tally implements Reporter {
  #counts = { passed: 0, failed: 0, skipped: 0 };

  onInit(): void {
    process.once('exit', (code) => {
      const { passed, failed, skipped } = this.#counts;
      // A run that never got as far as a test has failed too.
      console.log(`${passed} passed, ${code === 0 ? failed : Math.max(1, failed)} failed, ${skipped} skipped`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    // An error outside any test (a file that does not load, a rejection nobody awaits) counts as a failure.
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      counts.failed += module.errors().length;
      for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        // A test that never ran to its end did not pass.
        counts[state === 'pending' ? 'failed' : state]++;
      }
    }
    this.#counts = counts;
  }
}
