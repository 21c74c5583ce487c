import { describe, expect, test } from 'vitest';
import { openDevice } from '../../src/gpu/device';
import type {
  BranchEvent,
  ChangeEvent,
  CloserDocument,
  CohortDescription,
  LayerRouting,
  PointsEvent,
  RunRequest,
  TrainEvent,
  TrainOutcome,
} from '../../src/protocol';
import { METRICS } from '../../src/protocol';
import { runIdentity } from '../../src/train/identity';
import { Trainer } from '../../src/train/trainer';
import type { Hyper, RunSpec } from '../../src/config/run-spec';
import { raceSpec } from '../config/specs';

/** A small run of 40 steps with branches at ½ and 1; no wider than it must be, for compiling is what costs. */
function request(hyper: Partial<Hyper> = {}, over: Partial<RunSpec> = {}): RunRequest {
  const spec = raceSpec(hyper);
  return {
    arm: 'test',
    spec: {
      ...spec,
      model: { ...spec.model, dModel: 4, nHeads: 1, dFf: 4, nLayers: 1 },
      seqLen: 8,
      batchSize: 4,
      schedule: { kind: 'wsd', warmupSteps: 4, decayFraction: 0.2 },
      budget: { steps: 40 },
      branches: [0.5, 1],
      ...over,
    },
  };
}

/** The device of `trainer`. */
let device: GPUDevice;
const trainer = new Trainer(async () => {
  const opened = await openDevice();
  device = opened.device;
  return opened;
});

/** Trains and collects the events; `during` is called with each. */
async function train(
  requests: RunRequest[],
  during: (event: TrainEvent) => void = () => undefined,
  by = trainer,
): Promise<{ outcome: TrainOutcome; events: TrainEvent[] }> {
  const events: TrainEvent[] = [];
  const outcome = await by.start(requests, (event) => {
    events.push(event);
    during(event);
  });
  return { outcome, events };
}

function pointsOf(events: TrainEvent[]): PointsEvent[] {
  return events.filter((event) => event.type === 'points');
}

function branchesOf(events: TrainEvent[]): BranchEvent[] {
  return events.filter((event) => event.type === 'branch');
}

/** What must not depend on timing. */
function numbers({ runs }: TrainOutcome) {
  return runs.map(({ seed, branch, loss, floor, curve }) => ({ seed, branch, loss, floor, curve }));
}

/** The same run with three experts, of which a token visits two. */
function sparseRequest(hyper: Partial<Hyper> = {}): RunRequest {
  const { arm, spec } = request({ balanceLoss: 0.01, ...hyper });
  const moe = { nExperts: 3, topK: 2, router: 'learned' } as const;
  return { arm, spec: { ...spec, model: { ...spec.model, moe } } };
}

describe('a look inside', () => {
  test('comes while it trains and once at the end, with documents and with the use of the experts', async () => {
    const { outcome, events } = await train([sparseRequest()]);
    const looks = events.filter((event) => event.type === 'look');
    expect(looks.length).toBeGreaterThan(0);
    expect(looks.at(-1)!.step).toBe(40);
    for (const { documents, routing } of looks) {
      expect(documents).toHaveLength(3);
      expect(new Set(documents.map(({ topic }) => topic)).size).toBe(3);
      for (const { tokens, probability, guess, guessProbability } of documents) {
        expect(Math.max(...tokens, ...guess)).toBeLessThan(32);
        for (const [t, p] of probability.entries()) expect(p).toBeLessThanOrEqual(guessProbability[t]!);
      }
      expect(routing).toHaveLength(1);
      const [{ load, byTopic, entropy, dead }] = routing as [LayerRouting];
      for (const shares of [load, ...byTopic]) expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
      expect(byTopic).toHaveLength(16);
      expect(entropy).toBeGreaterThan(0);
      expect(entropy).toBeLessThanOrEqual(Math.log(3) + 1e-6);
      expect(dead).toBe(load.filter((share) => share === 0).length);
    }
    for (const { routing } of outcome.runs) expect(routing![0]!.load).toHaveLength(3);
  });

  test('of a dense model has documents only', async () => {
    const { outcome, events } = await train([request()]);
    const looks = events.filter((event) => event.type === 'look');
    expect(looks.at(-1)!.routing).toEqual([]);
    expect(looks.at(-1)!.documents).toHaveLength(3);
    expect(outcome.runs[0]).not.toHaveProperty('routing');
  });

  test('sees the same documents each time, and changes nothing', async () => {
    const [first, second] = [await train([sparseRequest()]), await train([sparseRequest()])];
    const tokens = [first, second].flatMap(({ events }) =>
      events.filter((event) => event.type === 'look').map(({ documents }) => documents.map((each) => each.tokens)),
    );
    for (const each of tokens) expect(each).toEqual(tokens[0]);
    expect(numbers(second.outcome)).toEqual(numbers(first.outcome));
  });
});

describe('a closer look', () => {
  const long = (): RunRequest => {
    const { arm, spec } = sparseRequest();
    return { arm, spec: { ...spec, budget: { steps: 400 }, branches: [1] } };
  };
  const closer = (events: TrainEvent[]) => events.filter((event) => event.type === 'closer-look');

  test('comes once, at the end, when nobody looks', async () => {
    const { events } = await train([sparseRequest(), request()]);
    expect(closer(events).map(({ cohort, step }) => [cohort, step])).toEqual(
      expect.arrayContaining([
        [0, 40],
        [1, 40],
      ]),
    );
    expect(closer(events)).toHaveLength(2);
    const [{ tokens, experts, attention }] = closer(events).find(({ cohort }) => cohort === 0)!.documents as [
      CloserDocument,
    ];
    expect(tokens).toHaveLength(8);
    expect(experts.map((layer) => layer.length)).toEqual([16]);
    expect(attention.map((layer) => layer.length)).toEqual([64]);
  });

  test('comes at once and then now and then while somebody looks, and changes nothing', async () => {
    const unseen = await train([long()]);
    await trainer.lookCloser(true);
    const seen = await train([long()]);
    await trainer.lookCloser(false);
    expect(closer(seen.events).length).toBeGreaterThan(1);
    expect(closer(seen.events)[0]!.step).toBeLessThan(200);
    expect(numbers(seen.outcome)).toEqual(numbers(unseen.outcome));
  });

  test('comes while paused, when somebody begins to look, and behind each single step', async () => {
    const steps: number[] = [];
    let paused = false;
    const { events } = await train([long()], (event) => {
      if (event.type === 'closer-look') steps.push(event.step);
      if (event.type !== 'points' || paused) return;
      paused = true;
      void (async () => {
        await trainer.pause();
        await trainer.lookCloser(true);
        await expect.poll(() => steps.length).toBe(1);
        await trainer.step();
        await expect.poll(() => steps.length).toBe(2);
        await trainer.lookCloser(false);
        await trainer.resume();
      })();
    });
    expect(steps[1]).toBe(steps[0]! + 1);
    expect(closer(events).at(-1)!.step).toBe(400);
  });
});

test('the text of a kernel is asked for by runs and dispatch', async () => {
  const { spec } = request();
  const [{ plan }] = (await trainer.describe([request()])) as [CohortDescription];
  for (const { index, kernel } of plan.dispatches) {
    const { code, entry, files } = await trainer.kernelText([spec], index);
    expect(kernel).toContain(files[0]!.name);
    expect(code).toContain(`fn ${entry}(`);
  }
  await expect(trainer.kernelText([spec], plan.dispatches.length)).rejects.toMatchObject({ name: 'LabError/spec' });
});

describe('a training run', () => {
  test('reports every step once, each branch, and a result for each branch of each replica', async () => {
    const { outcome, events } = await train([request({ seed: 1 }), request({ seed: 2 })]);
    expect(outcome.complete).toBe(true);
    // Trunk to 16, branch 16 → 20, trunk to 32, branch 32 → 40.
    const stretches = pointsOf(events).flatMap(({ branch, firstStep, steps }) =>
      Array.from({ length: steps }, (_, i) => `${branch}:${firstStep + i}`),
    );
    const range = (branch: number, from: number, to: number): string[] =>
      Array.from({ length: to - from }, (_, i) => `${branch}:${from + i + 1}`);
    expect(stretches).toEqual([...range(-1, 0, 16), ...range(0, 16, 20), ...range(-1, 16, 32), ...range(1, 32, 40)]);
    for (const { data, steps } of pointsOf(events)) expect(data.length).toBe(steps * 2 * METRICS.length);
    expect(branchesOf(events).map(({ step, fraction }) => [step, fraction])).toEqual([
      [20, 0.5],
      [40, 1],
    ]);
    expect(outcome.runs.map(({ seed, tokens }) => [seed, tokens])).toEqual([
      [1, 640],
      [2, 640],
      [1, 1280],
      [2, 1280],
    ]);
    for (const run of outcome.runs) {
      expect(run.excess).toBeCloseTo(run.loss - run.floor, 10);
      expect(run.evalTokens).toBeGreaterThanOrEqual(32_768);
      expect(run.curve.step.at(-1)).toBe(run.tokens / 32);
      expect(run.identity).toMatch(/^[0-9a-f]{16}$/);
      expect(run.diverged).toBe(false);
    }
    const progress = events.filter((event) => event.type === 'progress');
    expect(progress.at(-1)!.fraction).toBeCloseTo(1, 6);
    expect(await trainer.liveBytes()).toBe(0);
  });

  test('two shapes are interleaved so that neither runs ahead in work', async () => {
    const wide = request({}, { branches: [1], budget: { steps: 10 } });
    wide.spec.model = { ...wide.spec.model, dModel: 8, dFf: 8 };
    const { events } = await train([request({}, { branches: [1] }), wide]);
    const first = pointsOf(events).findIndex(({ cohort }) => cohort === 1);
    const last = pointsOf(events).findLastIndex(({ cohort }) => cohort === 0);
    expect(first).toBeGreaterThanOrEqual(0);
    expect(first).toBeLessThan(last);
  });

  test('the same runs give the same numbers, paused and stepped or straight through', async () => {
    const straight = await train([request()]);
    let points = 0;
    const paused = await train([request()], (event) => {
      if (event.type !== 'points' || ++points > 3) return;
      void trainer.pause().then(async () => {
        await trainer.step();
        await trainer.step();
        setTimeout(() => void trainer.resume(), 50);
      });
    });
    expect(numbers(paused.outcome)).toEqual(numbers(straight.outcome));
  });

  test('presses that come faster than the queue empties are not lost', async () => {
    const straight = await train([request()]);
    let pressed = false;
    const hurried = await train([request()], (event) => {
      if (event.type !== 'points' || pressed) return;
      pressed = true;
      void trainer.pause();
      void trainer.step();
      void trainer.step();
      setTimeout(() => void trainer.pause().then(() => trainer.resume()), 1);
    });
    expect(numbers(hurried.outcome)).toEqual(numbers(straight.outcome));
  });

  test('a branch equals a run whose budget ends there', async () => {
    const { outcome } = await train([request()]);
    const short = await train([request({}, { budget: { steps: 20 }, branches: [1] })]);
    expect(short.outcome.runs[0]!.loss).toBe(outcome.runs[0]!.loss);
  });

  test('stopped in the middle it gives back what was finished', async () => {
    const { outcome } = await train([request()], (event) => {
      if (event.type === 'branch') void trainer.stop();
    });
    expect(outcome.complete).toBe(false);
    expect(outcome.runs.map((run) => run.tokens)).toEqual([640]);
    expect(await trainer.liveBytes()).toBe(0);
  });

  test('a change takes effect between two submits, for one replica, and is logged', async () => {
    let changed = false;
    const { outcome, events } = await train([request({ seed: 1 }), request({ seed: 2 })], (event) => {
      if (event.type !== 'points' || changed) return;
      changed = true;
      void trainer.setHyper(0, 1, { lr: 0.001 });
    });
    const change = events.find((event): event is ChangeEvent => event.type === 'change')!;
    expect(change).toMatchObject({ cohort: 0, replica: 1, patch: { lr: 0.001 } });
    const rates = pointsOf(events).flatMap(({ firstStep, data, steps, branch }) =>
      branch < 0
        ? Array.from({ length: steps }, (_, i) => ({ step: firstStep + i, lr: [data[i * 8 + 3]!, data[i * 8 + 7]!] }))
        : [],
    );
    const after = rates.filter(({ step }) => step > change.step && step > 4 && step <= 32);
    expect(after.length).toBeGreaterThan(0);
    for (const { lr } of after) {
      expect(lr[0]).toBeCloseTo(0.024, 6);
      expect(lr[1]).toBeCloseTo(0.001, 6);
    }
    const last = outcome.runs.filter((run) => run.branch.budgetFlops > outcome.runs[0]!.branch.budgetFlops);
    expect(last.map((run) => run.changes)).toEqual([[], [{ step: change.step, patch: { lr: 0.001 } }]]);
  });

  test('a replica that diverges is reported, and the other one does not notice', async () => {
    const alone = await train([request({ seed: 1 })]);
    const { outcome } = await train([request({ seed: 1 }), request({ seed: 2, lr: 1e30, clipNorm: 0 })]);
    expect(outcome.runs.map((run) => run.diverged)).toEqual([false, true, false, true]);
    expect(numbers({ ...outcome, runs: outcome.runs.filter((run) => run.seed === 1) })).toEqual(numbers(alone.outcome));
  });

  test('an estimate before the start is of the right size', async () => {
    const requests = [request({}, { budget: { steps: 400 }, branches: [1] })];
    const { seconds } = await trainer.estimate(requests);
    const { outcome } = await train(requests);
    // Evaluation has a share that a few timed steps cannot know; the machine is shared.
    expect(seconds).toBeGreaterThan(outcome.seconds / 5);
    expect(seconds).toBeLessThan(outcome.seconds * 5);
  });
});

test('kernels that were asked for train, and are part of what the run is', async () => {
  const asked = new Trainer();
  expect(await asked.open('register')).toMatchObject({ kernelProfile: 'register', kernelsBy: 'request' });
  const { outcome } = await train([request()], undefined, asked);
  expect(new Set(outcome.runs.map(({ kernelProfile }) => kernelProfile))).toEqual(new Set(['register']));
  expect(outcome.runs[0]!.identity).toBe(await runIdentity(request().spec, 'register'));
});

describe('what goes wrong', () => {
  test('a second start is refused while one is under way, and the first goes on', async () => {
    let refused: Promise<unknown> | undefined;
    const { outcome } = await train([request()], (event) => {
      if (event.type !== 'points') return;
      refused ??= trainer.start([request()], () => undefined).catch((error: unknown) => error);
    });
    expect(outcome.complete).toBe(true);
    expect(await refused).toMatchObject({
      name: 'LabError/busy',
      message: expect.stringContaining('under way') as string,
    });
  });

  test.each([
    ['a spec that cannot be', { ...request().spec, seqLen: 0 }, 'LabError/spec'],
    ['a version from the future', { ...request().spec, schemaVersion: 2 }, 'LabError/spec'],
    [
      '10⁹ parameters',
      { ...request().spec, model: { ...request().spec.model, dModel: 10_000, dFf: 40_000 } },
      'LabError/spec',
    ],
    [
      'too large a piece of memory',
      { ...request().spec, model: { ...request().spec.model, dModel: 1024, dFf: 8192 }, seqLen: 64, batchSize: 128 },
      'LabError/limits',
    ],
  ])('%s', async (_, spec, name) => {
    await expect(trainer.describe([{ arm: 'bad', spec: spec as RunSpec }])).rejects.toMatchObject({ name });
  });

  test('nothing to run', async () => {
    await expect(trainer.start([], () => undefined)).rejects.toMatchObject({ name: 'LabError/spec' });
  });

  test('a lost device ends the run with a sentence, and the next start has a new device', async () => {
    const first = device;
    const lost = train([request()], (event) => {
      if (event.type === 'points') first.destroy();
    });
    await expect(lost).rejects.toMatchObject({ name: 'LabError/device-lost' });
    const again = await train([request()]);
    expect(again.outcome.complete).toBe(true);
    expect(device).not.toBe(first);
  });
});
