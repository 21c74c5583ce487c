/** What a lesson reads from the lab: whether it stands as a step wants it, and what a bet came to. */
import { canonicalJson } from '../config/run-spec';
import type { Experiment } from '../experiments/experiment';
import { experimentOf } from '../experiments/experiments';
import type { RaceVerdict } from '../experiments/race-verdict';
import { verdictOf } from '../experiments/verdict-of';
import type { LabSetting, Measure } from '../lessons/lessons';
import { measuredShare } from './bet-model';
import { recordedOnce } from './evidence';
import type { Outcome } from './lesson-progress';
import { showsElsewhere, type LabState } from './store';

function caseIdOf(lab: LabSetting, experiment: Experiment): string {
  return lab.case ?? experiment.cases[0].id;
}

/** The budget is the reader's own: it is set once, and may be changed. So is the view, which a step says what to do with. */
export function stands({ exhibit, wanted }: LabState, lab: LabSetting): boolean {
  const experiment = experimentOf(lab.experiment);
  if (!experiment || exhibit !== lab.experiment || wanted.case !== caseIdOf(lab, experiment)) return false;
  return canonicalJson(wanted.setting) === canonicalJson(lab.setting ?? {});
}

function bounds({ low, high }: { low?: number; high?: number }): Pick<Outcome, 'low' | 'high'> {
  return { ...(low !== undefined && { low }), ...(high !== undefined && { high }) };
}

function saving({ computeSaved, denseComputeSaved }: RaceVerdict): Outcome {
  if (computeSaved) {
    const { factor, atLeast } = computeSaved;
    return { value: factor, ...bounds(computeSaved), ...(atLeast && { atLeast }) };
  }
  if (denseComputeSaved && !denseComputeSaved.atLeast) {
    const { factor, low, high } = denseComputeSaved;
    return {
      value: 1 / factor,
      ...bounds({ ...(high !== undefined && { low: 1 / high }), ...(low !== undefined && { high: 1 / low }) }),
    };
  }
  return { value: 1, none: true };
}

function measure(of: Measure, state: LabState, experiment: Experiment): Outcome | undefined {
  switch (of) {
    case 'saving': {
      const verdict = state.result && verdictOf(experiment, state.result.runs);
      return verdict?.kind === 'race' ? saving(verdict) : undefined;
    }
    case 'size': {
      const found = state.law.verdict?.comparisons.find(({ to }) => to.startsWith('dense'));
      return found && { value: found.factor, ...bounds(found) };
    }
    case 'prediction': {
      const measured = state.law.prediction?.measured;
      return measured === undefined ? undefined : { value: measured };
    }
    case 'doubling': {
      const share = measuredShare(experiment, state.law);
      return share && { value: share.value, ...bounds(share) };
    }
  }
}

/** True where nothing can be trained. */
export function withoutDevice({ device, phase, problem }: LabState): boolean {
  return !device && (phase === 'failed' || problem !== undefined);
}

/**
 * What a bet came to, once the runs that the step asks for have ended here. On a machine that cannot train, what was
 * recorded with the lab, where something was.
 */
export function outcomeOf(of: Measure, lab: LabSetting, state: LabState): Outcome | undefined {
  const experiment = experimentOf(lab.experiment);
  if (!experiment) return undefined;
  const id = caseIdOf(lab, experiment);
  if (withoutDevice(state)) {
    const chosen = experiment.law ? undefined : experiment.cases.find((each) => each.id === id);
    const recorded = chosen && recordedOnce(chosen);
    return recorded?.verdict && of === 'saving'
      ? { ...saving(recorded.verdict), recorded: recorded.device }
      : undefined;
  }
  const { subject, phase } = state;
  const asked =
    subject.experiment === experiment.id &&
    subject.case === id &&
    canonicalJson(subject.setting ?? {}) === canonicalJson(lab.setting ?? {});
  // What was measured elsewhere answers no bet.
  if (!asked || phase !== 'done' || showsElsewhere(state)) return undefined;
  const found = measure(of, state, experiment);
  return found && { ...found, ...(subject.budget === 'smoke' && { smoke: true }) };
}

/** How far a bet lies from what was measured, as a share of that; 0 inside the interval. */
export function missOf(bet: number, { value, low, high }: Outcome): { inside: boolean; off: number } {
  const inside = low !== undefined && high !== undefined && bet >= low && bet <= high;
  return { inside, off: Math.abs(bet - value) / Math.abs(value) };
}
