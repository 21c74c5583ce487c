/** The answer as it stands, in words: a headline, and the small print that keeps it honest. */
import type { Experiment } from '../experiments/experiment';
import { text } from '../text/text';
import type { Answer } from './answer-shape';
import type { Curves } from './curves';
import { later } from './later';
import type { LabState } from './store';

/** The question that is being asked: the experiment's, or that of one of its other cases. */
export function questionOf({ wanted, subject, phase }: LabState, experiment: Experiment): string {
  const chosen = phase === 'idle' || phase === 'preparing' || subject.experiment !== experiment.id;
  const asked = chosen ? wanted.case : subject.case;
  return experiment.cases.find(({ id }) => id === asked)?.question ?? experiment.question;
}

export function answerOf(state: LabState, curves: Curves, experiment: Experiment): Answer {
  const custom = state.subject.experiment !== experiment.id;
  const runs = state.series.reduce((sum, series) => sum + series.seeds.length, 0);
  const published = text.answer.literature(experiment.literature.says, experiment.literature.sources);
  const known = later()?.recordedAnswer(experiment, state.wanted.case) ?? published;
  const early = { headline: text.answer.early, sure: text.answer.earlySure };
  const stopped = { headline: text.answer.stopped, sure: [] };
  const done = { headline: text.answer.custom.done(runs), sure: [] };
  switch (state.phase) {
    case 'opening':
      return { headline: text.answer.opening, sure: [published] };
    case 'idle':
      return { headline: text.answer.before(runs), sure: [known] };
    case 'preparing':
      return { headline: text.answer.preparing, sure: [published] };
    case 'done':
      return custom ? done : (later()?.finishedAnswer(state, experiment) ?? done);
    case 'stopped':
      return custom ? stopped : (later()?.stoppedAnswer(state, experiment) ?? stopped);
    case 'failed':
      if (!state.device) return { headline: text.answer.cannot, sure: [published] };
      return state.progress
        ? { headline: text.answer.failed, sure: [] }
        : { headline: text.answer.before(runs), sure: [published] };
    default: {
      const answer = custom
        ? { headline: text.answer.custom.running(runs), sure: [] }
        : (later()?.underWay(state, curves, experiment) ?? early);
      return state.phase === 'paused' ? { ...answer, headline: text.answer.paused(answer.headline) } : answer;
    }
  }
}
