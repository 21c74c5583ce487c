/** `npm run test:drivers`: the browser's tests of kernels and of training once more, in Node on another driver. */
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { Tally } from '../reporter.ts';

/** What is left out, and why. */
const LEFT_OUT = [
  // Kernels of profile `subgroup` and nothing else, see below.
  'test/ops/panel-matmul.browser.test.ts',
  // Scheduling, pausing and reporting, which no driver knows of; every kernel and step is in the other files.
  'test/train/trainer.browser.test.ts',
];

export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    name: 'drivers',
    reporters: ['default', new Tally()],
    include: ['test/{gpu,math,ops,plan,train}/**/*.browser.test.ts', 'test/drivers/**/*.driver.test.ts'],
    exclude: LEFT_OUT,
    // `subgroup` needs subgroups of four; lavapipe has them in these short vectors, but took minutes and more to compile
    // kernels that long.
    provide: { profiles: ['register', 'workgroup'] },
    setupFiles: ['test/drivers/setup.ts'],
    // A process for each file: the settings of a driver are those of its process.
    pool: 'forks',
    fileParallelism: false,
    // Nearly all of it goes into compiling, the first time.
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
