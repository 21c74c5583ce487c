/** The whole step as the cohort runs it, against the float64 step and against PyTorch. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { KernelProfile } from '../../src/gpu/profile';
import { OWN_PROFILE, PROFILES } from '../ops/harness';
import { staticConfig, type RunSpec } from '../../src/config/run-spec';
import { ORACLE_STEPS, oracleCases, PROBE_STEP } from '../oracle/cases';
import { decodeFloat32, oracleFixtures } from '../oracle/fixtures';
import { partStride, sizeOf } from '../../src/plan/tensor';
import type { Cohort } from '../../src/train/cohort';
import { raceSpec, smallSparseSpec, sparseSpec } from '../config/specs';
import { forwardBackward, referenceRun, type Batch, type StepReport } from '../reference/decoder';
import { sparseInputs } from '../reference/sparse-layer';
import { readLogits, readTensors, runSteps, withCohort, type Metrics } from './cohorts';

/** What the GPU makes of one step of one replica: the weights before it, and its logits and gradients. */
interface Observed {
  weights: Map<string, Float32Array>;
  logits: Float32Array;
  gradients: Map<string, Float32Array>;
}

interface Run {
  metrics: Metrics[];
  observed: Map<number, Observed>;
  /** Sums of the absolute values of what lies between tensors, in the slabs of gradients and of parameters. */
  padding: number[];
}

/** Trains replica 1 of 2; the other one has another seed. */
function train(spec: RunSpec, profile: KernelProfile): Promise<Run> {
  const other = { ...spec, hyper: { ...spec.hyper, seed: 99 } };
  return withCohort(
    [other, spec],
    async (cohort, allocator) => {
      const run: Run = { metrics: [], observed: new Map(), padding: [] };
      for (let step = 0; step < ORACLE_STEPS; step++) {
        const looking = step === 0 || step === PROBE_STEP;
        const before = looking && {
          weights: await readTensors(cohort, 'params', 1),
          logits: await readLogits(allocator, cohort, 1),
        };
        run.metrics.push(...(await runSteps(cohort, 1, 1, 1)));
        if (before) run.observed.set(step, { ...before, gradients: await readTensors(cohort, 'grads', 1) });
      }
      for (const slab of ['grads', 'params'] as const) run.padding.push(paddingOf(await cohort.read(slab), cohort));
      return run;
    },
    profile,
  );
}

function paddingOf(data: Float32Array, { plan }: Cohort): number {
  for (const { offset, shape } of plan.layout.parameters) {
    for (let r = 0; r < plan.layout.replicas; r++) {
      const start = offset + r * partStride(sizeOf(shape));
      data.fill(0, start, start + sizeOf(shape));
    }
  }
  return data.reduce((sum, value) => sum + Math.abs(value), 0);
}

/** Numbers of a fixture's tensor, in which '' stands for zeros. */
function decoded(encoded: string, like: Float32Array): Float32Array {
  return encoded === '' ? new Float32Array(like.length) : decodeFloat32(encoded);
}

/** Largest difference, as a fraction of the largest number that is expected. */
function relativeError(got: Float32Array, want: Float64Array | Float32Array): number {
  expect(got).toHaveLength(want.length);
  let largest = 0;
  for (const value of want) largest = Math.max(largest, Math.abs(value));
  let worst = 0;
  for (const [i, value] of got.entries()) {
    const error = Math.abs(value - want[i]!);
    if (!(error <= worst) && !Number.isNaN(worst)) worst = error;
  }
  return largest === 0 && worst === 0 ? 0 : worst / largest;
}

/** `race` with the race's own batch: more rows, and so the other tiles. */
const fullRace: RunSpec = { ...oracleCases.race!, batchSize: raceSpec().batchSize };

/**
 * Of one step, from the same weights: a gradient is the end of a chain of some 12 ops a layer, each a sum of up to
 * a few hundred terms, which float32 rounds to about √n · 2^-24 < 1e-6. Observed: up to 1.2e-6.
 */
const ONE_STEP = 5e-6;

/**
 * After several steps: AdamW divides by the root of the second moment, so where a gradient is small its rounding
 * is not. Observed: up to 8e-6 in tensors at step 5, 5e-7 in losses, 1.5e-5 in norms over 20 steps.
 */
const SEVERAL_STEPS = { tensor: 4e-5, loss: 3e-6, gradNorm: 8e-5 };

/**
 * The race's sparse model likewise. In so many rows some are, sooner or later, so close to visiting another expert that
 * rounding decides, so only single steps can be compared.
 */
const SPARSE_IN_FULL = 'sparse in full batches';
const fullSparse: RunSpec = { ...oracleCases.race!, model: sparseSpec().model, batchSize: raceSpec().batchSize };

const specs: Record<string, RunSpec> = {
  ...oracleCases,
  'race in full batches': fullRace,
  [SPARSE_IN_FULL]: { ...fullSparse, hyper: { ...fullSparse.hyper, balanceLoss: 0.01 } },
  'biases in place of a balance loss': smallSparseSpec({ biasRate: 0.01, balanceLoss: 0 }),
};

/**
 * Ops are checked in every profile; of whole steps, in the one that is not the adapter's own, these will do. `workgroup`
 * has the kernels of `register` but for the dense products, which profiles.browser.test.ts follows for fifty steps.
 */
const ELSEWHERE = ['small', 'sparse'];
interface Case {
  profile: KernelProfile;
  name: string;
  spec: RunSpec;
  run?: Promise<Run>;
}

const cases = PROFILES.filter((profile) => profile !== 'workgroup').flatMap((profile) =>
  Object.entries(specs)
    .filter(([name]) => profile === OWN_PROFILE || ELSEWHERE.includes(name))
    .map(([name, spec]): Case => ({ profile, name, spec })),
);

// Each begins when the one before has ended: its kernels compile beside the float64 steps of that one.
beforeAll(() => {
  let before: Promise<unknown> = Promise.resolve();
  for (const each of cases) {
    each.run = before.then(() => train(each.spec, each.profile));
    before = each.run.catch(() => undefined);
  }
});

describe.each(cases)('$profile: the step of the case $name', (each) => {
  const { name, spec } = each;
  const config = staticConfig(spec);
  const fixture = oracleFixtures[name];
  let reports: (StepReport & { batch: Batch })[];
  let run: Run;

  beforeAll(async () => {
    reports = [...referenceRun(config, spec.hyper, ORACLE_STEPS)];
    run = await each.run!;
  });

  it.each([0, PROBE_STEP])('has the logits and every gradient of the float64 step at step %i', (step) => {
    const { weights, logits, gradients } = run.observed.get(step)!;
    // From the very weights that the GPU has, so that nothing but this step's rounding is seen.
    const doubles = new Map([...weights].map(([tensor, values]) => [tensor, Float64Array.from(values)]));
    const { batch, routerBiases } = reports[step]!;
    const want = forwardBackward(config, doubles, batch, sparseInputs(config, spec.hyper, routerBiases));
    expect(relativeError(logits, want.logits), 'logits').toBeLessThan(ONE_STEP);
    expect([...gradients.keys()].sort()).toEqual([...want.grads.keys()].sort());
    for (const [tensor, gradient] of gradients) {
      expect(relativeError(gradient, want.grads.get(tensor)!), tensor).toBeLessThan(ONE_STEP);
    }
  });

  const followed = name === SPARSE_IN_FULL ? 1 : ORACLE_STEPS;
  it(`has the losses, gradient norms and learning rates of ${followed} steps of the float64 run`, () => {
    for (const [step, want] of reports.slice(0, followed).entries()) {
      const got = run.metrics[step]!;
      expect(Math.abs(got.loss / want.loss - 1), `loss of step ${step}`).toBeLessThan(SEVERAL_STEPS.loss);
      expect(Math.abs(got.gradNorm / want.gradNorm - 1), `norm of step ${step}`).toBeLessThan(SEVERAL_STEPS.gradNorm);
      expect(Math.abs(got.lr / want.lr - 1), `rate of step ${step}`).toBeLessThan(2 ** -22);
    }
    if (followed > 1) expect(new Set(run.metrics.map(({ lr }) => lr)).size).toBeGreaterThan(3);
  });

  it('keeps the padding of every slab at zero, which the gradient norm counts on', () => {
    expect(run.padding).toEqual([0, 0]);
  });

  // PyTorch did not repeat the full batches.
  if (!fixture) return;
  it('has the logits, gradients and losses of PyTorch', () => {
    for (const [step, probe] of [
      [0, fixture.first],
      [PROBE_STEP, fixture.probe],
    ] as const) {
      const { logits, gradients } = run.observed.get(step)!;
      expect(relativeError(logits, decoded(probe.logits, logits)), 'logits').toBeLessThan(SEVERAL_STEPS.tensor);
      expect([...gradients.keys()].sort()).toEqual(Object.keys(probe.gradients).sort());
      for (const [tensor, gradient] of gradients) {
        const want = decoded(probe.gradients[tensor]!, gradient);
        expect(relativeError(gradient, want), `${tensor} at step ${step}`).toBeLessThan(SEVERAL_STEPS.tensor);
      }
    }
    for (const [step, loss] of fixture.losses.entries()) {
      expect(Math.abs(run.metrics[step]!.loss / loss - 1), `loss of step ${step}`).toBeLessThan(SEVERAL_STEPS.loss);
    }
  });
});
