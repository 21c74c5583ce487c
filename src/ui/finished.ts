/** The answer once runs have ended. Nobody needs it before, so it comes later; see later.ts. */
import type { Experiment } from '../experiments/experiment';
import type { RaceVerdict } from '../experiments/race-verdict';
import type { LawVerdict } from '../experiments/law-verdict';
import { verdictOf, type Verdict } from '../experiments/verdict-of';
import type { ResultFile } from '../protocol';
import { raceText } from '../text/race';
import { belowText } from '../text/below';
import { text } from '../text/text';
import type { Answer } from './answer-shape';
import type { Bracket } from './chart-model';
import { recordedOnce } from './evidence';
import { finalEnds } from './standing';
import type { LabState } from './store';

export { verdictOf };

const verdicts = new WeakMap<ResultFile, Verdict | null>();

/** A saving below this would be a bracket too short to be seen. */
const SHOWN = 1.2;

/** The verdict on what was measured; after a stop that is on a smaller budget. */
function verdictOn({ result, subject, law }: LabState, experiment: Experiment): Verdict | null {
  if (experiment.law) return law.verdict ?? null;
  if (!result || subject.experiment !== experiment.id) return null;
  let verdict = verdicts.get(result);
  if (verdict === undefined) verdicts.set(result, (verdict = verdictOf(experiment, result.runs)));
  return verdict;
}

/** What was changed by hand. */
function changes({ subject, changes: made }: LabState): string[] {
  const untuned = Object.keys(subject.setting ?? {}).length > 0;
  return [...(untuned ? [belowText.ended.untuned] : []), ...(made.length > 0 ? [belowText.ended.changed] : [])];
}

/** What two arms hold in memory: sparse saves compute, not memory. */
function memory({ series }: LabState, small: string, large: string): string[] {
  const held = (arm: string): number => series.find((each) => each.arm === arm)?.total ?? NaN;
  return held(large) > held(small) ? [belowText.ended.memory(large, held(large), small, held(small))] : [];
}

function lawAnswer({ headline, sure }: LawVerdict, state: LabState): Answer {
  return { headline, sure: [...sure, ...changes(state)] };
}

function raceAnswer(verdict: RaceVerdict, state: LabState): Answer {
  const sure = [...raceText.sure(verdict), ...memory(state, verdict.dense, verdict.sparse), ...changes(state)];
  return { headline: raceText.headline(verdict), sure };
}

/** For cases that are about no two arms in particular: the best two. */
function orderAnswer(state: LabState): Answer | undefined {
  const arms = state.series
    .map(({ arm }, index) => {
      const sound = finalEnds(state.ends, index).filter((end) => !end.diverged);
      return { arm, excess: sound.reduce((sum, end) => sum + end.excess, 0) / sound.length };
    })
    .filter(({ excess }) => excess > 0)
    .sort((a, b) => a.excess - b.excess);
  const [best, second] = arms;
  if (!best || !second) return undefined;
  const sure = [...memory(state, second.arm, best.arm), ...changes(state)];
  return { headline: belowText.ended.closest(best.arm, second.excess / best.excess, second.arm), sure };
}

/** Undefined where nothing can be compared. */
function answerOn(state: LabState, experiment: Experiment): Answer | undefined {
  const verdict = verdictOn(state, experiment);
  if (!verdict) return orderAnswer(state);
  return verdict.kind === 'race' ? raceAnswer(verdict, state) : lawAnswer(verdict, state);
}

export function finishedAnswer(state: LabState, experiment: Experiment): Answer {
  const answer = answerOn(state, experiment);
  if (!answer) return { headline: belowText.ended.nothing, sure: [] };
  return state.subject.budget === 'smoke'
    ? { headline: belowText.ended.smoke, sure: [belowText.ended.tooShort] }
    : answer;
}

/** Ended before its time: what the branches that were finished say, if any were. */
export function stoppedAnswer(state: LabState, experiment: Experiment): Answer {
  const verdict = verdictOn(state, experiment);
  if (!verdict || state.subject.budget === 'smoke') return { headline: text.answer.stopped, sure: [] };
  const { headline, sure } = verdict.kind === 'race' ? raceAnswer(verdict, state) : lawAnswer(verdict, state);
  return { headline: belowText.ended.stoppedEarly(headline), sure };
}

/** What was recorded of a case with the lab, before anything is measured here. */
export function recordedAnswer(experiment: Experiment, id: string): string | undefined {
  const chosen = !experiment.law && experiment.cases.find((each) => each.id === id);
  const recorded = chosen && recordedOnce(chosen);
  if (!recorded || !recorded.verdict) return undefined;
  return belowText.ended.recorded(recorded.device, recorded.verdict.sentence);
}

/** The saving of a race, to be drawn between its curves. */
export function savingBracket(state: LabState, experiment: Experiment): Bracket | undefined {
  const verdict = verdictOn(state, experiment);
  if (verdict?.kind !== 'race' || state.subject.budget === 'smoke') return undefined;
  const saved = verdict.computeSaved ?? verdict.denseComputeSaved;
  if (!saved || saved.factor < SHOWN) return undefined;
  const { factor, atBudget, atLoss, atLeast } = saved;
  const winner = verdict.computeSaved ? verdict.sparse : verdict.dense;
  const style = state.series.find(({ arm }) => arm === winner)?.style ?? 0;
  const words = belowText.ended.less(factor, atLeast ?? false);
  return { y: atLoss, to: atBudget, from: atBudget / factor, text: words, style };
}
