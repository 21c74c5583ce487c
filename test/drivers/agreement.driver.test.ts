/** The same training in the browser, in Node and in float64: two drivers and the truth. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHeadless, type Headless } from '../../scripts/headless';
import { serveModules } from '../../scripts/serve-modules';
import { staticConfig, type RunSpec } from '../../src/config/run-spec';
import { ORACLE_STEPS, oracleCases } from '../oracle/cases';
import { referenceRun } from '../reference/decoder';
import { trajectory, type Trajectory } from './trajectory';

/** Of a loss after up to 20 steps, as in test/train/step.browser.test.ts. */
const ROUNDING = 3e-6;

let served: Awaited<ReturnType<typeof serveModules>>;
let browser: Headless;

beforeAll(async () => {
  served = await serveModules('drivers');
  browser = await openHeadless(served.url, ['software']);
});

afterAll(async () => {
  await browser.close();
  await served.server.close();
});

function inBrowser(spec: RunSpec): Promise<Trajectory> {
  // In words: the import of a function written here would become one of Node's.
  const words = `import('/test/drivers/trajectory.ts').then((it) => it.trajectory(${JSON.stringify(spec)}, ${ORACLE_STEPS}))`;
  return Promise.race([browser.page.evaluate<Trajectory>(words), browser.broken]);
}

/** Largest relative difference. */
function apart(left: number[], right: number[]): number {
  expect(left).toHaveLength(right.length);
  return left.reduce((worst, value, i) => Math.max(worst, Math.abs(value / right[i]! - 1)), 0);
}

// Both have a learning rate that changes from step to step.
test.each(['small', 'sparse'])('the losses of %s agree on both drivers and with float64', async (name) => {
  const spec = oracleCases[name]!;
  const here = await trajectory(spec, ORACLE_STEPS);
  const there = await inBrowser(spec);
  expect(here.adapter).toMatch(/llvmpipe/i);
  expect(there.adapter).toMatch(/swiftshader/i);
  const truth = [...referenceRun(staticConfig(spec), spec.hyper, ORACLE_STEPS)].map(({ loss }) => loss);
  const between = apart(here.losses, there.losses);
  console.log(
    `${name}: ${here.losses.length} losses on ${here.adapter} and on ${there.adapter}, largest relative differences: ` +
      `${between.toExponential(1)} from each other, ${apart(here.losses, truth).toExponential(1)} and ` +
      `${apart(there.losses, truth).toExponential(1)} from float64`,
  );
  for (const distance of [between, apart(here.losses, truth), apart(there.losses, truth)]) {
    expect(distance).toBeLessThan(ROUNDING);
  }
});
