/** What must agree bit for bit: parameters and both moments after a run, whatever the way to its end. */
import { describe, expect, it } from 'vitest';
import type { Hyper, MoeConfig, RunSpec } from '../../src/config/run-spec';
import { smallSpec } from '../config/specs';
import type { Cohort } from '../../src/train/cohort';
import { OWN_PROFILE } from '../ops/harness';
import { runSteps, stateWords, withCohort } from './cohorts';

const STEPS = 20;

/** Experts with everything that a step moves: a learned router, its losses and its biases. */
const MODELS: { kind: string; moe?: MoeConfig }[] = [
  { kind: 'dense' },
  { kind: 'sparse', moe: { nExperts: 5, topK: 2, router: 'learned' } },
];

/** Two branches, the first of which leaves the trunk at step 7 and ends at step 10. */
function specOf(moe: MoeConfig | undefined, hyper: Partial<Hyper> = {}): RunSpec {
  const model = {
    dModel: 12,
    nLayers: 2,
    nHeads: 3,
    dFf: 20,
    norm: 'layernorm',
    activation: 'gelu',
    bias: true,
  } as const;
  return {
    ...smallSpec({ balanceLoss: 0.05, zLoss: 0.01, biasRate: 0.003, ...hyper }),
    model: moe ? { ...model, moe } : model,
    seqLen: 7,
    schedule: { kind: 'wsd', warmupSteps: 3, decayFraction: 0.3 },
    budget: { steps: STEPS },
    branches: [0.5, 1],
  };
}

describe.each(MODELS)('$kind', ({ moe }) => {
  const spec = (hyper?: Partial<Hyper>) => specOf(moe, hyper);

  /** Three replicas that differ in everything that a row of numbers can say. */
  const SPECS = [
    spec({ seed: 11 }),
    spec({ seed: 12, lr: 0.01, clipNorm: 0, noise: 0.2, zipf: 0.5, balanceLoss: 0 }),
    spec({ seed: 13, weightDecay: 0, beta1: 0.8, uniqueDocuments: 5, curriculum: 'easy-first', biasRate: 0 }),
  ];

  /** The end of an undisturbed run of all three, in one submit. */
  const undisturbed = (() => {
    let run: Promise<Record<string, number[]>[]> | undefined;
    return () =>
      (run ??= withCohort(SPECS, async (cohort) => {
        await runSteps(cohort, STEPS);
        return Promise.all([0, 1, 2].map((replica) => stateWords(cohort, replica)));
      }));
  })();

  describe('the same bits', () => {
    // The sparse model has all that the dense one has.
    if (moe)
      it('come from dispatches that are joined', async () => {
        const joined = async (cohort: Cohort) => {
          expect(cohort.plan.train.plan.dispatches.some(({ label }) => label.includes(' + '))).toBe(true);
          await runSteps(cohort, STEPS);
          for (const replica of [0, 1, 2]) {
            expect(await stateWords(cohort, replica)).toEqual((await undisturbed())[replica]);
          }
        };
        await withCohort(SPECS, joined, OWN_PROFILE, true);
      });

    it('come from the same seeds once more, and others from another seed', async () => {
      await withCohort(SPECS, async (cohort) => {
        await runSteps(cohort, STEPS);
        for (const replica of [0, 1, 2]) {
          expect(await stateWords(cohort, replica)).toEqual((await undisturbed())[replica]);
        }
      });
      await withCohort([spec({ seed: 14 })], async (cohort) => {
        await runSteps(cohort, STEPS);
        expect(await stateWords(cohort, 0)).not.toEqual((await undisturbed())[0]);
      });
    });

    it.each([0, 1, 2])('come from replica %i of three and from the same run alone', async (replica) => {
      await withCohort([SPECS[replica]!], async (cohort) => {
        await runSteps(cohort, STEPS);
        expect(await stateWords(cohort, 0)).toEqual((await undisturbed())[replica]);
      });
    });

    it('come from submits of one step and of seven', async () => {
      for (const each of [1, 7]) {
        await withCohort(SPECS, async (cohort) => {
          await runSteps(cohort, STEPS, each);
          expect(await stateWords(cohort, 1)).toEqual((await undisturbed())[1]);
        });
      }
    });

    it('come from two submits in flight at once', async () => {
      await withCohort(SPECS, async (cohort) => {
        await Promise.all([cohort.run(8), cohort.run(12)]);
        expect(await stateWords(cohort, 2)).toEqual((await undisturbed())[2]);
      });
    });

    it('come from evaluating on the way', async () => {
      await withCohort(SPECS, async (cohort) => {
        await runSteps(cohort, 6);
        await cohort.evaluate();
        await runSteps(cohort, STEPS - 6);
        expect(await stateWords(cohort, 0)).toEqual((await undisturbed())[0]);
      });
    });

    it('come from going back to a snapshot', async () => {
      await withCohort(SPECS, async (cohort) => {
        await runSteps(cohort, 9);
        const snapshot = cohort.snapshot();
        await runSteps(cohort, 5);
        cohort.restore(snapshot);
        expect(cohort.step).toBe(9);
        await runSteps(cohort, STEPS - 9);
        for (const replica of [0, 1, 2]) {
          expect(await stateWords(cohort, replica)).toEqual((await undisturbed())[replica]);
        }
        snapshot.state.destroy();
      });
    });

    it('come from a branch and from a straight run of its budget; and the trunk goes on as if there were none', async () => {
      // A curriculum runs on the trunk's clock, so a straight run of half the budget would open topics faster.
      const pair = SPECS.slice(0, 2);
      await withCohort(pair, async (cohort) => {
        const branch = cohort.plan.branches[0]!;
        expect(branch).toMatchObject({ from: 7, steps: 10 });
        await runSteps(cohort, branch.from);
        const snapshot = cohort.snapshot();
        cohort.aimAt(branch.steps);
        await runSteps(cohort, branch.steps - branch.from);
        const ends = await Promise.all([0, 1].map((replica) => stateWords(cohort, replica)));
        cohort.restore(snapshot);
        cohort.aimAt(STEPS);
        await runSteps(cohort, STEPS - branch.from);
        for (const replica of [0, 1]) {
          expect(await stateWords(cohort, replica)).toEqual((await undisturbed())[replica]);
        }
        snapshot.state.destroy();

        const straight = pair.map((run) => ({ ...run, budget: { steps: branch.steps }, branches: [1] }));
        await withCohort(straight, async (other) => {
          await runSteps(other, branch.steps);
          for (const replica of [0, 1]) expect(await stateWords(other, replica)).toEqual(ends[replica]);
        });
      });
    });
  });

  describe('a replica that is disturbed', () => {
    it('by a live change goes its own way, and leaves the others alone', async () => {
      await withCohort(SPECS, async (cohort) => {
        await runSteps(cohort, 5);
        cohort.setHyper(1, { lr: 0.002, clipNorm: 0.1 });
        const after = await runSteps(cohort, STEPS - 5, STEPS - 5, 1);
        expect(after[0]!.lr).toBe(Math.fround(0.002));
        for (const replica of [0, 2]) {
          expect(await stateWords(cohort, replica)).toEqual((await undisturbed())[replica]);
        }
        expect(await stateWords(cohort, 1)).not.toEqual((await undisturbed())[1]);
      });
    });

    it.each([NaN, 1e30])(
      'by a learning rate of %d is reported as diverged, and leaves the others alone',
      async (lr) => {
        await withCohort(SPECS, async (cohort) => {
          await runSteps(cohort, 5);
          cohort.setHyper(1, { lr });
          const sick = await runSteps(cohort, STEPS - 5, STEPS - 5, 1);
          expect(sick.at(-1)!.loss).toBeNaN();
          expect(sick.at(-1)!.gradNorm).toBeNaN();
          for (const replica of [0, 2]) {
            expect(await stateWords(cohort, replica)).toEqual((await undisturbed())[replica]);
          }
          const evaluations = await cohort.evaluate();
          expect(evaluations.map(({ diverged }) => diverged)).toEqual([false, true, false]);
          expect(evaluations.map(({ loss }) => Number.isFinite(loss))).toEqual([true, false, true]);
        });
      },
    );
  });
});

describe('one expert that everybody visits', () => {
  it('is the dense model, up to the rounding of sums in another order', async () => {
    // Shapes of the models above, whose kernels are compiled.
    const models = [undefined, { nExperts: 1, topK: 1, router: 'learned' }] as const;
    const losses = await Promise.all(
      models.map((moe) =>
        withCohort([specOf(moe, { zLoss: 0 })], async (cohort) =>
          (await runSteps(cohort, STEPS)).map(({ loss }) => loss),
        ),
      ),
    );
    for (const [step, loss] of losses[0]!.entries()) {
      expect(Math.abs(losses[1]![step]! / loss - 1), `step ${step + 1}`).toBeLessThan(3e-6);
    }
  });
});
