/** Made-up sweeps for tests of the archive and of what is made of it. */
import type { RunSpec } from '../../src/config/run-spec';
import type { RunRecord, RunRow, SweepRecord } from '../../src/archive/records';
import { keyText, rowKey, splitResult } from '../../src/archive/records';
import { race } from '../../src/experiments/race';
import type { Checkpoint, DeviceInfo, PointsEvent, RunResult } from '../../src/protocol';

export const adapter: DeviceInfo = {
  name: 'Some adapter',
  vendor: 'someone',
  architecture: 'any',
  software: true,
  kernelProfile: 'register',
  kernelsBy: 'adapter',
  probe: [],
  features: [],
};

export function specOf(seed: number, sparse = false, dModel = 16): RunSpec {
  const model = { ...race.base.model, dModel, dFf: 4 * dModel };
  return {
    ...race.base,
    model: sparse ? { ...model, moe: { nExperts: 16, topK: 2, router: 'learned' } } : model,
    hyper: { ...race.base.hyper, seed },
  };
}

/** A result as training reports it, with a curve of `points`. */
export function resultOf(arm: string, seed: number, change: Partial<RunResult> = {}, points = 100): RunResult {
  const spec = change.spec ?? specOf(seed, arm.startsWith('sparse'));
  const numbers = Array.from({ length: points }, (_, i) => i);
  const loss = 1.2 + seed / 10;
  return {
    ...{ arm, seed, spec, identity: `${arm}${seed}`, lr: spec.hyper.lr, kernelProfile: 'register' },
    ...{ trainFlops: 3e10, executedFlops: 4e10, tokens: 5e5 },
    ...{ paramsTotal: 8016, paramsNonEmbedding: 6736, paramsActive: 6736 },
    ...{ loss, floor: 0.914, excess: loss - 0.914, evalTokens: 32768, diverged: false },
    ...(spec.model.moe && { routing: [{ load: [0.5, 0.5], byTopic: [[0.5, 0.5]], entropy: 0.1, dead: 0 }] }),
    ...{ seconds: 12, branch: { budgetFlops: 3e10 }, changes: [] },
    curve: {
      step: numbers,
      flops: numbers.map((i) => i * 1e6),
      loss: numbers.map((i) => 3 - i / 100),
      excess: numbers.map((i) => 2 - i / 100),
    },
    ...change,
  };
}

export function sweepOf(id: string, runs: readonly RunResult[], change: Partial<SweepRecord> = {}): SweepRecord {
  return {
    ...{ id, schemaVersion: 1, experiment: 'race', case: 'race', budget: 'quick' },
    startedAt: '2026-03-01T10:00:00.000Z',
    requests: runs.map(({ arm, spec }) => ({ arm, spec })),
    state: 'under-way',
    ...{ device: adapter.name, adapter, kernelProfile: 'register', version: '0.1.0', seconds: 0, predictions: [] },
    ...change,
  };
}

/** A row of the table as the archive gives it. */
export function rowOf(sweep: SweepRecord, result: RunResult, change: Partial<RunRow> = {}): RunRow {
  const { id, experiment, case: chosen, budget, startedAt, device, version } = sweep;
  const about: Omit<RunRecord, 'schemaVersion'> = {
    ...{ sweep: id, experiment, case: chosen, budget, at: startedAt, startedAt, device, version },
    run: splitResult(result).run,
  };
  const key = rowKey(id, result);
  return { ...about, key, id: keyText(key), name: '', pinned: false, weights: false, ...change };
}

export function pointsOf(firstStep: number, steps: number, cohort = 0): PointsEvent {
  const data = Float32Array.from({ length: steps * 2 * 4 }, (_, i) => (i === 3 ? NaN : firstStep + i / 7));
  return { type: 'points', cohort, branch: -1, firstStep, steps, data };
}

/** Nothing but the engine looks inside. */
export function checkpointOf(key: string, step: number): Checkpoint {
  return { schemaVersion: 1, key, step, state: new Float32Array([step, NaN, -0]) } as unknown as Checkpoint;
}
