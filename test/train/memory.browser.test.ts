/** GPU memory: known before it is allocated, and given back. */
import { expect, it } from 'vitest';
import { Allocator } from '../../src/gpu/allocator';
import { Cohort, planCohort } from '../../src/train/cohort';
import type { Router, RunSpec } from '../../src/config/run-spec';
import { tinySpec } from '../config/specs';
import { testDevice, withAllocator } from '../device';
import { withCohort } from './cohorts';

function sparse(router: Router, seed: number): RunSpec {
  const tiny = tinySpec({ seed });
  return { ...tiny, model: { ...tiny.model, moe: { nExperts: 3, topK: 2, router } } };
}

it.each([
  ['one run', [tinySpec()]],
  ['three runs with branches', [1, 2, 3].map((seed) => ({ ...tinySpec({ seed }), branches: [0.5, 1] }))],
  ['sparse runs', [1, 2].map((seed) => sparse('learned', seed))],
  ['runs with tables', [1, 2].map((seed) => sparse('token-table', seed))],
])('%s: bytes are known before anything is allocated, to a few per cent', async (_name, specs) => {
  await withCohort(specs, async (cohort, allocator) => {
    // As much as the trainer ever holds: two submits in flight, an evaluation, both looks, a snapshot where it branches, and
    // a checkpoint of both.
    await Promise.all([cohort.run(1), cohort.run(1), cohort.evaluate(), cohort.look(), cohort.lookCloser()]);
    const snapshot = cohort.plan.branches.length > 1 ? cohort.snapshot() : undefined;
    await Promise.all([cohort.save(), snapshot && cohort.save(snapshot)]);
    await cohort.weights();
    const planned = planCohort(specs, cohort.plan.profile).bytes;
    expect(allocator.liveBytes).toBeLessThanOrEqual(planned);
    expect(allocator.liveBytes).toBeGreaterThan(0.95 * planned);
    snapshot?.state.destroy();
  });
});

it('returns to zero after each of 200 runs', async () => {
  const plan = planCohort([tinySpec()]);
  await withAllocator(async (allocator) => {
    for (let i = 0; i < 200; i++) {
      const cohort = await Cohort.create(allocator, plan);
      if (i % 20 === 0) await cohort.run(2);
      expect(allocator.liveBytes).toBeGreaterThan(0);
      cohort.destroy();
      expect(allocator.liveBytes).toBe(0);
    }
  });
});

it('returns to zero when a buffer is refused on the way', async () => {
  const device = await testDevice();
  const allocator = new Allocator(device);
  const create = allocator.create.bind(allocator);
  let count = 0;
  allocator.create = (...request) => {
    if (++count === 9) throw new Error('no more');
    return create(...request);
  };
  await expect(Cohort.create(allocator, planCohort([tinySpec()]))).rejects.toThrow('no more');
  expect(allocator.liveBytes).toBe(0);
});
