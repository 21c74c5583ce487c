/** Cohorts for tests, and what is inside of them. */
import type { Allocator } from '../../src/gpu/allocator';
import type { KernelProfile } from '../../src/gpu/profile';
import type { RunSpec } from '../../src/config/run-spec';
import { partStride, PART_ALIGNMENT, sizeOf, type Tensor } from '../../src/plan/tensor';
import { Cohort, METRIC_COLUMNS, planCohort } from '../../src/train/cohort';
import { Readback } from '../../src/train/readback';
import type { Texts } from '../../src/train/source';
import { withAllocator } from '../device';
import { OWN_PROFILE } from '../ops/harness';

/** Runs `body` with a cohort of these runs, and destroys it. */
export function withCohort<T>(
  specs: RunSpec[],
  body: (cohort: Cohort, allocator: Allocator) => Promise<T>,
  profile: KernelProfile = OWN_PROFILE,
  bundled = false,
  texts: Texts = new Map(),
): Promise<T> {
  return withAllocator(async (allocator) => {
    const cohort = await Cohort.create(allocator, planCohort(specs, profile, bundled), texts);
    try {
      return await body(cohort, allocator);
    } finally {
      cohort.destroy();
    }
  });
}

/** One replica's tensors in a slab laid out like the parameters, by name. */
export async function readTensors(
  cohort: Cohort,
  slab: 'params' | 'grads' | 'm' | 'v',
  replica: number,
): Promise<Map<string, Float32Array>> {
  const data = await cohort.read(slab);
  return new Map(
    cohort.plan.layout.parameters.map(({ name, shape, offset }) => {
      const start = offset + replica * partStride(sizeOf(shape));
      return [name, data.slice(start, start + sizeOf(shape))];
    }),
  );
}

/** Logits of the step that would come next: its dispatches up to the loss, which change nothing that lasts. */
export async function readLogits(allocator: Allocator, cohort: Cohort, replica: number): Promise<Float32Array> {
  const { plan, logits } = cohort.plan.train;
  const loss = plan.dispatches.findIndex(({ kernel }) => kernel.name === 'cross-entropy');
  const encoder = allocator.device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  cohort.training.encode(pass, 0, loss);
  pass.end();
  const readback = new Readback(allocator);
  const data = await readback.submit(encoder, cohort.training.rangeOf(logits).buffer);
  readback.destroy();
  return partOf(data, logits, replica);
}

function partOf(data: Float32Array, { size }: Tensor, replica: number): Float32Array {
  return data.slice(replica * partStride(size), replica * partStride(size) + size);
}

export interface Metrics {
  loss: number;
  floor: number;
  gradNorm: number;
  lr: number;
}

/** Runs steps in submits of `each`, and returns the metrics of one replica. */
export async function runSteps(cohort: Cohort, steps: number, each = steps, replica = 0): Promise<Metrics[]> {
  const metrics: Metrics[] = [];
  for (let done = 0; done < steps; done += each) {
    const count = Math.min(each, steps - done);
    const rows = await cohort.run(count);
    for (let i = 0; i < count; i++) {
      const at = (i * cohort.replicas + replica) * METRIC_COLUMNS;
      const [loss, floor, gradNorm, lr] = rows.subarray(at, at + METRIC_COLUMNS) as unknown as [
        number,
        number,
        number,
        number,
      ];
      metrics.push({ loss, floor, gradNorm, lr });
    }
  }
  return metrics;
}

/** Everything that training changes in one replica, as words: parameters, both moments, counters, router biases. */
export async function stateWords(cohort: Cohort, replica: number): Promise<Record<string, number[]>> {
  const words: Record<string, number[]> = {};
  for (const slab of ['params', 'm', 'v'] as const) {
    for (const [name, values] of await readTensors(cohort, slab, replica)) {
      words[`${slab} ${name}`] = [...new Uint32Array(values.buffer)];
    }
  }
  const state = new Uint32Array((await cohort.read('state')).buffer);
  const stride = cohort.replicas * PART_ALIGNMENT;
  for (let tensor = 0; tensor * stride < state.length; tensor++) {
    const start = tensor * stride + replica * PART_ALIGNMENT;
    words[`state ${tensor}`] = [...state.subarray(start, start + PART_ALIGNMENT)];
  }
  return words;
}
