/** One start: in turn or together, skipped in part, saved and gone on with. */
import { describe, expect, test } from 'vitest';
import type { Hyper, RunSpec } from '../../src/config/run-spec';
import { Allocator } from '../../src/gpu/allocator';
import type { Checkpoint, RunRequest, StartOptions, TrainEvent, TrainOutcome } from '../../src/protocol';
import { Cohort, planCohort } from '../../src/train/cohort';
import { Trainer } from '../../src/train/trainer';
import { tinySpec } from '../config/specs';
import { testOpened } from '../device';
import { readTensors, runSteps } from './cohorts';

const trainer = new Trainer(testOpened);

/** 40 steps: trunk to 15, branch to 20, trunk to 30, branch to 40. */
function dense(hyper: Partial<Hyper> = {}, over: Partial<RunSpec> = {}): RunRequest {
  return { arm: 'dense', spec: { ...tinySpec(hyper), budget: { steps: 40 }, branches: [0.5, 1], ...over } };
}

/** The same with experts and all that a router moves; more work a step. */
function sparse(hyper: Partial<Hyper> = {}): RunRequest {
  const { spec } = dense({ balanceLoss: 0.05, zLoss: 0.01, biasRate: 0.003, ...hyper });
  const moe = { nExperts: 3, topK: 2, router: 'learned' } as const;
  return { arm: 'sparse', spec: { ...spec, model: { ...spec.model, moe } } };
}

type Of<T extends TrainEvent['type']> = Extract<TrainEvent, { type: T }>;

interface Trained {
  outcome: TrainOutcome;
  events: TrainEvent[];
  all: <T extends TrainEvent['type']>(type: T) => Of<T>[];
}

async function train(
  requests: RunRequest[],
  options: StartOptions = {},
  during: (event: TrainEvent) => void = () => undefined,
): Promise<Trained> {
  const events: TrainEvent[] = [];
  const outcome = await trainer.start(
    requests,
    (event) => {
      events.push(event);
      during(event);
    },
    options,
  );
  return { outcome, events, all: (type) => events.filter((event) => event.type === type) as never };
}

/** All of a result but the time that it took. */
function numbers({ runs }: TrainOutcome) {
  return runs.map(({ seconds: _seconds, ...rest }) => rest);
}

/** Weights at the ends, as words. */
function words(trained: Trained) {
  return trained
    .all('weights')
    .map(({ cohort, replicas }) => ({ cohort, words: replicas.map(({ buffer }) => [...new Uint32Array(buffer)]) }));
}

describe('in turn', () => {
  // Asked for in the other order: the least work comes first all the same.
  const requests = [sparse({ seed: 1 }), sparse({ seed: 2 }), dense({ seed: 1 })];

  test('the least work comes first, only one cohort is in memory at once, and numbers are those of a race', async () => {
    const live: Promise<number>[] = [];
    const inTurn = await train(requests, { order: 'in-turn', checkpointEvery: 0 }, (event) => {
      if (event.type === 'points') live.push(trainer.liveBytes());
    });
    const cohorts = inTurn.all('points').map(({ cohort }) => cohort);
    expect([...new Set(cohorts)]).toEqual([1, 0]);
    expect(cohorts).toEqual(cohorts.toSorted((a, b) => b - a));
    const bytes = (await trainer.describe(requests)).map((cohort) => cohort.bytes);
    for (const each of await Promise.all(live)) {
      // What only looks need is not there yet.
      expect(each).toBeGreaterThan(Math.min(...bytes) / 3);
      // Of the larger, give or take a look in flight, and not of both.
      expect(each).toBeLessThan(1.2 * Math.max(...bytes));
    }
    expect(await trainer.liveBytes()).toBe(0);
    expect(numbers(inTurn.outcome)).toEqual(numbers((await train(requests)).outcome));

    const progress = inTurn.all('progress');
    expect(progress[0]!.secondsLeft).toBeGreaterThan(0);
    expect(progress.at(-1)).toMatchObject({ secondsLeft: 0, cohorts: [{ step: 45 }, { step: 45 }] });
    expect(progress.at(-1)!.fraction).toBeCloseTo(1, 6);
  });

  test('a branch reports the rows of the result file that it makes', async () => {
    const { outcome, all } = await train(requests, { order: 'in-turn' });
    for (const cohort of [0, 1]) {
      const rows = all('branch').flatMap((event) => (event.cohort === cohort ? event.runs : []));
      expect(rows).toEqual(outcome.runs.filter(({ arm }) => arm === (cohort === 0 ? 'sparse' : 'dense')));
    }
  });

  test('what is skipped is not measured, begun or not, and the rest is', async () => {
    const unbegun = await train(requests, { order: 'in-turn' }, (event) => {
      if (event.type === 'points' && event.cohort === 1) void trainer.skip(0);
    });
    expect(unbegun.outcome.complete).toBe(false);
    expect(unbegun.outcome.runs.map(({ arm }) => arm)).toEqual(['dense', 'dense']);
    expect(unbegun.all('progress').at(-1)!.fraction).toBeCloseTo(1, 6);

    const begun = await train(requests, { order: 'in-turn' }, (event) => {
      if (event.type === 'branch' && event.cohort === 1) void trainer.skip(1);
    });
    expect(begun.outcome.complete).toBe(false);
    // Both branches of one cohort, the first of the other.
    expect(begun.outcome.runs.map(({ arm }) => arm)).toEqual([...new Array<string>(4).fill('sparse'), 'dense']);
    expect(await trainer.liveBytes()).toBe(0);
  });

  test('stopped in the first turn, nothing comes of the next', async () => {
    const { outcome, all } = await train(requests, { order: 'in-turn' }, (event) => {
      if (event.type === 'branch') void trainer.stop();
    });
    expect(outcome.complete).toBe(false);
    expect(new Set(all('points').map(({ cohort }) => cohort))).toEqual(new Set([1]));
  });

  test('nobody skips what is not there', async () => {
    await expect(trainer.skip(0)).rejects.toMatchObject({ name: 'LabError/spec' });
    let refused: Promise<unknown> | undefined;
    await train([dense()], {}, () => {
      refused ??= trainer.skip(7).catch((error: unknown) => error);
    });
    expect(await refused).toMatchObject({ name: 'LabError/spec' });
  });
});

test('weights are the parameters at the end, by name, shape and replica', async () => {
  const requests = [sparse({ seed: 3 }), sparse({ seed: 4 })];
  const [event, ...others] = (await train(requests, { weights: true })).all('weights');
  expect(others).toEqual([]);
  const { device, profile, bundled } = await testOpened();
  const plan = planCohort(
    requests.map(({ spec }) => spec),
    profile,
    bundled,
  );
  const cohort = await Cohort.create(new Allocator(device), plan);
  await runSteps(cohort, 40);
  for (const [replica, weights] of event!.replicas.entries()) {
    const tensors = await readTensors(cohort, 'params', replica);
    expect(event!.tensors.map(({ name }) => name)).toEqual([...tensors.keys()]);
    let at = 0;
    for (const { name, shape } of event!.tensors) {
      const size = shape.reduce((product, extent) => product * extent, 1);
      expect(weights.subarray(at, at + size), name).toEqual(tensors.get(name));
      at += size;
    }
    expect(weights).toHaveLength(at);
  }
  cohort.destroy();
});

test('three replicas of one seed that read other data are the three runs alone', async () => {
  const knobs: Partial<Hyper>[] = [{ noise: 0.3 }, { uniqueDocuments: 5 }, { curriculum: 'hard-first', zipf: 1 }];
  const together = numbers((await train(knobs.map((each) => dense(each)))).outcome);
  const plain = numbers((await train([dense()])).outcome);
  for (const [replica, each] of knobs.entries()) {
    const alone = numbers((await train([dense(each)])).outcome);
    expect(together.filter((_run, i) => i % 3 === replica)).toEqual(alone);
    expect(alone[0]!.curve).not.toEqual(plain[0]!.curve);
  }
});

describe('a checkpoint', () => {
  const requests = [
    dense({ seed: 1 }),
    dense({ seed: 2, noise: 0.2, clipNorm: 0 }),
    dense({ seed: 3, uniqueDocuments: 5, curriculum: 'easy-first' }),
    sparse({ seed: 1 }),
    sparse({ seed: 2, biasRate: 0.01 }),
  ];

  /** Step by step, saved behind each, and changed on the way. */
  const saved = (() => {
    let run: Promise<Trained> | undefined;
    const changed = new Set<number>();
    return () =>
      (run ??= train(requests, { order: 'in-turn', checkpointEvery: 1e9, weights: true }, (event) => {
        if (event.type === 'compile') void trainer.pause();
        if (event.type !== 'checkpoint') return;
        const { cohort, checkpoint } = event;
        // One in its trunk, the other in its first branch.
        if (checkpoint.step >= (cohort === 0 ? 3 : 17) && !changed.has(cohort)) {
          changed.add(cohort);
          void trainer.setHyper(cohort, 1, { lr: 0.01 });
        }
        void trainer.step();
      }));
  })();

  /** The checkpoints of a cohort. */
  async function checkpoints(cohort: number): Promise<Checkpoint[]> {
    const events = (await saved()).all('checkpoint').filter((event) => event.cohort === cohort);
    return events.map(({ checkpoint }) => checkpoint);
  }

  test('is made in the trunk and in both branches, and where a branch has ended', async () => {
    for (const cohort of [0, 1]) {
      const all = await checkpoints(cohort);
      expect(new Set(all.map(({ segment }) => segment))).toEqual(new Set([0, 1, 2, 3]));
      expect(all.map(({ step }) => step)).toEqual(expect.arrayContaining([1, 15, 16, 19, 20, 21, 35, 36, 44]));
      expect(new Set(all.map(({ key }) => key)).size).toBe(1);
    }
    const keys = (await trainer.describe(requests)).map(({ key }) => key);
    expect([(await checkpoints(0))[0]!.key, (await checkpoints(1))[0]!.key]).toEqual(keys);
  });

  test.each([
    ['dense', 0],
    ['sparse', 1],
  ])('ends where an undisturbed run does, %s', async (_kind, cohort) => {
    const mine = cohort === 0 ? requests.slice(0, 3) : requests.slice(3);
    const undisturbed = await saved();
    const all = (await checkpoints(cohort)).filter(({ changes }) => changes[1]!.length > 0);
    // The beginning and the end of each segment, and something between.
    const chosen = all.filter(
      ({ segment, step }, i) =>
        all[i - 1]?.segment !== segment || all[i + 1]?.segment !== segment || [7, 18, 24, 39].includes(step),
    );
    expect(chosen.length).toBeGreaterThanOrEqual(8);
    const expected = numbers(undisturbed.outcome).filter(({ arm }) => arm === mine[0]!.arm);
    const weights = words(undisturbed).find((each) => each.cohort === cohort)!.words;
    for (const checkpoint of chosen) {
      const resumed = await train(mine, { resume: [structuredClone(checkpoint)], weights: true });
      const at = `segment ${checkpoint.segment}, step ${checkpoint.step}`;
      expect(numbers(resumed.outcome), at).toEqual(expected);
      expect(resumed.outcome.complete).toBe(true);
      expect(words(resumed)[0]!.words, at).toEqual(weights);
      expect(resumed.all('points').reduce((steps, event) => steps + event.steps, 0)).toBe(45 - checkpoint.step);
    }
    expect(await trainer.liveBytes()).toBe(0);
  });

  test('of one cohort leaves the other to begin anew; and what was gone on with is saved again', async () => {
    const middle = (await checkpoints(1)).find(({ trunk, step }) => trunk && step === 18)!;
    const again = await train(requests, { order: 'in-turn', resume: [middle], checkpointEvery: 1e9 }, (event) => {
      if (event.type === 'compile' || (event.type === 'points' && event.cohort === 1)) void trainer.pause();
      if (event.type === 'checkpoint') void trainer.step();
    });
    expect(numbers(again.outcome).slice(6)).toEqual(numbers((await saved()).outcome).slice(6));
    const later = again
      .all('checkpoint')
      .find(({ cohort, checkpoint }) => cohort === 1 && checkpoint.segment === 1 && checkpoint.step === 19)!;
    const once = await train(requests.slice(3), { resume: [later.checkpoint] });
    expect(numbers(once.outcome)).toEqual(numbers((await saved()).outcome).slice(6));
  });

  test('that is made at a pause is where it paused', async () => {
    let paused = false;
    const { all } = await train([dense()], { checkpointEvery: 1e9 }, (event) => {
      if (event.type === 'points' && !paused) {
        paused = true;
        void trainer.pause();
      }
      if (event.type === 'checkpoint') void trainer.resume();
    });
    const steps = all('points').filter(({ branch }) => branch < 0);
    // One at the pause and one behind the first branch.
    expect(all('checkpoint').map(({ checkpoint }) => checkpoint.step)).toEqual([expect.any(Number), 20]);
    expect(steps.map(({ firstStep, steps }) => firstStep + steps - 1)).toContain(all('checkpoint')[0]!.checkpoint.step);
  });

  test('that is foreign or damaged is refused with a sentence, and nothing is left behind', async () => {
    const whole = (await checkpoints(0)).find(({ trunk }) => trunk)!;
    const { model } = whole;
    const damaged: [string, unknown][] = [
      ['version 2', { ...whole, schemaVersion: 2 }],
      ['none of these runs', { ...whole, key: 'another' }],
      ['damaged', { ...whole, model: { ...model, params: model.params.subarray(1) } }],
      ['damaged', { ...whole, model: { ...model, step: model.step + 1 } }],
      ['damaged', { ...whole, model: { ...model, state: model.state.map(() => 0) } }],
      ['damaged', { ...whole, trunk: undefined }],
      ['damaged', { ...whole, trunkTraces: whole.branchTraces }],
      ['damaged', { ...whole, segment: 9 }],
      ['damaged', { ...whole, results: whole.results.concat(whole.results, [whole.results[0]!]), segment: 3 }],
      ['damaged', { ...whole, changes: [[], [], [{ step: 1, patch: { seed: 2 } }]] }],
      ['damaged', { schemaVersion: 1, key: whole.key }],
    ];
    for (const [words, checkpoint] of damaged) {
      const refused = train(requests.slice(0, 3), { resume: [checkpoint as Checkpoint] });
      await expect(refused).rejects.toMatchObject({
        name: 'LabError/spec',
        message: expect.stringContaining(words) as string,
      });
      expect(await trainer.liveBytes()).toBe(0);
    }
    expect((await train([dense()])).outcome.complete).toBe(true);
  });
});
