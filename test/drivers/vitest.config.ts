import { defineConfig } from 'vitest/config';
import { Tally } from '../reporter.ts';
process.env.VK_ICD_FILENAMES ??= '/usr/share/vulkan/icd.d/lvp_icd.json';
process.env.LP_NATIVE_VECTOR_WIDTH = '128';
export default defineConfig({
  root: `${import.meta.dirname}/../..`,
  test: {
    reporters: ['default', new Tally()],
    name: 'drivers',
    include: ['test/{gpu,math,ops,plan,train}/**/*.browser.test.ts'],
    environment: 'node',
    provide: { profiles: (process.env.PROFILES ?? 'subgroup register').split(' ') },
    setupFiles: ['test/drivers/setup.ts'],
    pool: 'forks',
    testTimeout: 600_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
});
