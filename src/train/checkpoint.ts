/** Whether a checkpoint is whole and belongs to a cohort, and traces as it keeps them. */
import { branchesOf } from '../config/flops';
import { LIVE_FIELDS, type HyperPatch } from '../config/run-spec';
import { LabError } from '../gpu/errors';
import { partStride, PART_ALIGNMENT } from '../plan/tensor';
import type { Checkpoint, SavedState, SavedTrace } from '../protocol';
import { engineText } from '../text/engine';
import type { Trace } from './curve';
import type { Group } from './groups';
import { segmentsOf, type Segment } from './segments';

/** The checkpoint of each cohort, if there is one. Throws a LabError for one that is foreign or damaged. */
export function checkpointsOf(
  groups: readonly Group[],
  checkpoints: readonly Checkpoint[],
): (Checkpoint | undefined)[] {
  for (const { schemaVersion, key } of checkpoints) {
    if (schemaVersion !== 1) throw new LabError('spec', engineText.checkpointVersion(schemaVersion));
    if (!groups.some((group) => group.key === key)) throw new LabError('spec', engineText.foreignCheckpoint);
  }
  return groups.map((group) => {
    const checkpoint = checkpoints.findLast(({ key }) => key === group.key);
    if (checkpoint && !isWhole(checkpoint, group)) throw new LabError('spec', engineText.damagedCheckpoint);
    return checkpoint;
  });
}

/** Steps executed, branches included, when `step` steps are done in segment `at`. */
export function executedAt(segments: readonly Segment[], at: number, step: number): number {
  const before = segments.slice(0, at).reduce((sum, { from, to }) => sum + (to - from), 0);
  return before + step - (segments[at]?.from ?? step);
}

/** Branches that end before segment `at`. */
export function branchesBefore(segments: readonly Segment[], at: number): number {
  return segments.slice(0, at).filter(({ branch }) => branch >= 0).length;
}

/** Whether segment `at`, `step` steps into the run, is a branch behind which the trunk goes on from a snapshot. */
export function keepsTrunk(segments: readonly Segment[], at: number, step: number): boolean {
  const { branch, from } = segments[at]!;
  return branch >= 0 && step > from && at < segments.length - 1;
}

function isWhole(checkpoint: Checkpoint, { plan, requests }: Group): boolean {
  try {
    const { segment: at, model, trunk, trunkTraces, branchTraces, changes, results } = checkpoint;
    const segments = segmentsOf(branchesOf(plan.config));
    const { branch, from, to } = segments[at]!;
    const replicas = requests.length;
    const state = (saved: SavedState): boolean => {
      const { words, stateWords } = plan.layout;
      const isSlab = (slab: unknown, length: number): boolean => slab instanceof Float32Array && slab.length === length;
      const counters = new Uint32Array(saved.state.buffer, saved.state.byteOffset, replicas * PART_ALIGNMENT);
      return (
        [saved.params, saved.m, saved.v].every((slab) => isSlab(slab, words)) &&
        isSlab(saved.state, stateWords) &&
        requests.every((_, replica) => counters[replica * partStride(1)] === saved.step)
      );
    };
    const traces = (saved: SavedTrace[], steps: number): boolean =>
      saved.length === replicas && saved.every(({ loss, floor }) => loss.length === steps && floor.length === steps);
    return (
      (model.step === from || (model.step > from && model.step < to)) &&
      checkpoint.step === executedAt(segments, at, model.step) &&
      state(model) &&
      (keepsTrunk(segments, at, model.step) ? trunk!.step === from && state(trunk!) : trunk === undefined) &&
      traces(trunkTraces, branch < 0 ? model.step : from) &&
      traces(branchTraces, branch < 0 ? 0 : model.step - from) &&
      changes.length === replicas &&
      changes.every((each) => each.every(({ step, patch }) => Number.isInteger(step) && isLivePatch(patch))) &&
      results.length === branchesBefore(segments, at) * replicas &&
      Number.isFinite(checkpoint.milliseconds)
    );
  } catch {
    // Something that it should have is not there at all.
    return false;
  }
}

function isLivePatch(patch: HyperPatch): boolean {
  return Object.entries(patch).every(([name, value]) => LIVE_FIELDS.some((field) => field === name) && value >= 0);
}

/** Steps `from` … `to` of each replica's trace. */
export function saveTraces(traces: readonly Trace[], from: number, to: number): SavedTrace[] {
  const part = (values: number[]): Float32Array<ArrayBuffer> => Float32Array.from(values.slice(from, to));
  return traces.map(({ loss, floor }) => ({ loss: part(loss), floor: part(floor) }));
}

/** Traces whose steps before `from` are empty. */
export function loadTraces(saved: readonly SavedTrace[], from: number): Trace[] {
  const whole = (values: Float32Array): number[] => {
    const all: number[] = [];
    values.forEach((value, i) => (all[from + i] = value));
    return all;
  };
  return saved.map(({ loss, floor }) => ({ loss: whole(loss), floor: whole(floor) }));
}
