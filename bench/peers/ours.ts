/** The lab's own engine, as the lab itself uses it. */
import { caseReplay, product as productCase } from '../../src/bench/kernels';
import { Allocator } from '../../src/gpu/allocator';
import { openDevice } from '../../src/gpu/device';
import { timeReplay } from '../../src/plan/timing';
import { Cohort, METRIC_COLUMNS, planCohort } from '../../src/train/cohort';
import { RING_STEPS } from '../../src/train/step';
import type { Library } from './library';
import { SPECS } from './problem';

const LABELS = { y: 'product', dx: 'backward / product dx', dw: 'backward / product dW' } as const;

export async function openOurs(): Promise<Library> {
  const { device, profile, bundled } = await openDevice();
  const allocator = new Allocator(device);
  let cohort: Cohort;
  let products: Awaited<ReturnType<typeof caseReplay>>;
  return {
    async open(step) {
      cohort = await Cohort.create(allocator, planCohort([SPECS[step]], profile, bundled));
    },
    async run(count) {
      let loss = NaN;
      for (let left = count; left > 0; left -= RING_STEPS) {
        const metrics = await cohort.run(Math.min(left, RING_STEPS));
        loss = metrics.at(-METRIC_COLUMNS)!;
      }
      return loss;
    },
    async operands({ rows, inputs, outputs }) {
      products = await caseReplay(allocator, profile, productCase(rows, inputs, outputs));
    },
    async multiply(product, count) {
      const { plan, replay } = products;
      const index = plan.dispatches.findIndex(({ label }) => label === LABELS[product]);
      if (index < 0) throw new Error(`No dispatch is called ${LABELS[product]}.`);
      await timeReplay(device, replay, count, index, index + 1);
    },
  };
}
