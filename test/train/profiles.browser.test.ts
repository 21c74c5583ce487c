/** The same small models over many steps in every profile: fast kernels against plain ones, and both against float64. */
import { describe, expect, it } from 'vitest';
import { staticConfig, type RunSpec } from '../../src/config/run-spec';
import type { KernelProfile } from '../../src/gpu/profile';
import { kernelName } from '../../src/plan/plan';
import { smallSpec } from '../config/specs';
import { referenceRun } from '../reference/decoder';
import { PROFILES } from '../ops/harness';
import { readTensors, runSteps, stateWords, withCohort, type Metrics } from './cohorts';

const STEPS = 50;

/** Wide enough that most products fill tiles, long enough that weight gradients are summed in parts. */
const spec: RunSpec = {
  ...smallSpec({ seed: 7, lr: 0.01, weightDecay: 0.1 }),
  model: { dModel: 20, nLayers: 1, nHeads: 1, dFf: 36, norm: 'rmsnorm', activation: 'relu', bias: false },
  seqLen: 16,
  batchSize: 17,
  schedule: { kind: 'wsd', warmupSteps: 10, decayFraction: 0.4 },
  budget: { steps: STEPS },
};

/**
 * One step's gradients differ by some 1e-6 of the largest (test/train/step.browser.test.ts): sums of up to 300 terms in
 * another order, √300 · 2^-24. AdamW's update is at most the learning rate, and a gradient's relative error ε moves it by
 * about ε · lr: 50 steps of 0.01 or less make 5e-7 in weights of 0.1, 5e-6 of them. Losses and norms are sums over many
 * of those errors, of either sign. Observed: 3e-7, 4e-7 and 6e-7.
 */
const LIMITS = { loss: 2e-6, gradNorm: 4e-6, weights: 5e-6 };

interface Run {
  metrics: Metrics[];
  weights: Map<string, Float32Array>;
  kernels: Set<string>;
}

const runs = new Map<KernelProfile, Promise<Run>>();

function runIn(profile: KernelProfile): Promise<Run> {
  let run = runs.get(profile);
  if (!run) {
    run = withCohort(
      [spec],
      async (cohort) => ({
        metrics: await runSteps(cohort, STEPS),
        weights: await readTensors(cohort, 'params', 0),
        kernels: new Set(cohort.plan.train.plan.dispatches.map(kernelName)),
      }),
      profile,
    );
    runs.set(profile, run);
  }
  return run;
}

/** A kernel that no other profile has. */
const OWN: Record<KernelProfile, string> = {
  register: 'matmul/main',
  workgroup: 'workgroup-matmul/sum',
  subgroup: 'panel-rows/main',
};

const reports = [...referenceRun(staticConfig(spec), spec.hyper, STEPS)];

it('workgroup: a replica has the bits of the same run alone, whose sums are cut into the same parts', async () => {
  const other = { ...spec, hyper: { ...spec.hyper, seed: 8, lr: 0.02 } };
  const words = (specs: RunSpec[], replica: number) =>
    withCohort(
      specs,
      async (cohort) => {
        await runSteps(cohort, 3);
        return stateWords(cohort, replica);
      },
      'workgroup',
    );
  expect(await words([other, spec], 1)).toEqual(await words([spec], 0));
});

describe.each(PROFILES)('%s: fifty steps with a changing learning rate', (profile) => {
  it('have the losses and gradient norms of float64', async () => {
    const { metrics, kernels } = await runIn(profile);
    expect([...kernels].some((name) => name.includes(OWN[profile]))).toBe(true);
    let [loss, norm] = [0, 0];
    for (const [step, want] of reports.entries()) {
      const got = metrics[step]!;
      loss = Math.max(loss, Math.abs(got.loss / want.loss - 1));
      norm = Math.max(norm, Math.abs(got.gradNorm / want.gradNorm - 1));
    }
    expect(loss).toBeLessThan(LIMITS.loss);
    expect(norm).toBeLessThan(LIMITS.gradNorm);
    expect(metrics.at(-1)!.loss).toBeLessThan(metrics[0]!.loss - 0.1);
    expect(new Set(metrics.map(({ lr }) => lr)).size).toBeGreaterThan(20);
  });

  it('end with the weights that the plain kernels end with', async () => {
    const [{ weights }, plain] = await Promise.all([runIn(profile), runIn('register')]);
    for (const [name, values] of weights) {
      const want = plain.weights.get(name)!;
      const largest = want.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      const worst = values.reduce((most, x, i) => Math.max(most, Math.abs(x - want[i]!)), 0);
      expect(worst / largest, name).toBeLessThan(LIMITS.weights);
    }
  });
});
