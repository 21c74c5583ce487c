import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { browserFlags, findBrowser } from './scripts/browser.mjs';
import { contentSecurityPolicy } from './scripts/content-security-policy.ts';
import { offlineFiles } from './scripts/offline-files.ts';
import { Tally } from './test/reporter.ts';

// Only tests start a browser, and only they wait for it to be found.
const executablePath = process.env.VITEST ? await findBrowser() : undefined;

// `npm start` opens the page only for somebody who sees it.
const interactive = process.stdout.isTTY && !process.env.CI && !process.env.VITEST;

const browserTests = 'test/**/*.browser.test.ts';
const pageTests = 'test/e2e/**/*.e2e.test.ts';
// Page tests that hold the page to milliseconds.
const timedTests = 'test/e2e/**/*.timed.test.ts';
// Those of `npm run test:drivers`, which has a configuration of its own.
const driverTests = 'test/drivers/**/*.driver.test.ts';

/** Tests that visit the built page. */
function builtPage(name: string, include: string, groupOrder: number): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      include: [include],
      environment: 'node',
      globalSetup: 'test/serve-built-page.ts',
      testTimeout: 240_000,
      hookTimeout: 120_000,
      maxWorkers: 1,
      sequence: { groupOrder },
    },
  };
}

export default defineConfig({
  base: './',
  server: { open: interactive },
  plugins: [contentSecurityPolicy(), offlineFiles()],
  build: { target: 'es2023', chunkSizeWarningLimit: 200, rolldownOptions: { input: ['index.html', 'bench.html'] } },
  worker: { format: 'es' },
  optimizeDeps: { include: ['comlink', 'idb', 'lean-qr', 'lean-qr/extras/svg', 'lit', 'uplot', 'valibot'] },
  test: {
    reporters: ['default', new Tally()],
    // Beside the browser's tests, which mostly wait for its graphics process, the others go one file at a time. Last and
    // alone are those that measure time.
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [browserTests, pageTests, timedTests, driverTests],
          environment: 'node',
          testTimeout: 30_000,
          maxWorkers: 1,
          // As with the browser's: modules are read once.
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: [browserTests],
          // Compiling takes 14 s of a test at most, and five times that where others keep the cores busy.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          provide: { profiles: ['subgroup', 'register', 'workgroup'] },
          sequence: { groupOrder: 1 },
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            // Modules are read once, in place of forty seconds: files share caches, and take from the page what they put there.
            isolate: false,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { executablePath, args: browserFlags('software') } }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      builtPage('e2e', pageTests, 1),
      builtPage('timed', timedTests, 2),
    ],
  },
});
