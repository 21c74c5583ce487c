/** The answer as it stands, in words: a headline, and the small print that keeps it honest. */
import { ladderVerdict, type LadderEnd, type LadderVerdict } from '../experiments/verdict';
import type { Experiment } from '../experiments/experiment';
import type { RunResult } from '../protocol';
import { text } from '../text/text';
import type { Curves } from './curves';
import type { LabState } from './store';

export interface Answer {
  headline: string;
  /** Short clauses, in the order of their weight. */
  sure: string[];
}

/** Before this share of the steps a comparison would only compare beginnings. */
const EARLY = 0.08;
/** Steps over which training losses are averaged for the running comparison. */
const WINDOW = 32;
/** A lead below this ratio is called level. */
const LEVEL = 1.05;

/** The verdict of finished runs: what the result file keeps. */
export function verdictOf(runs: readonly RunResult[]): LadderVerdict | null {
  const ends = runs
    .filter((run) => run.branch.budgetFlops >= Math.max(...sameRun(runs, run).map((other) => other.branch.budgetFlops)))
    .map((run): LadderEnd => ({ ...run, size: run.paramsNonEmbedding }));
  return ladderVerdict(ends) ?? null;
}

function sameRun(runs: readonly RunResult[], run: RunResult): RunResult[] {
  return runs.filter((other) => other.arm === run.arm && other.seed === run.seed);
}

function endsOf(state: LabState): LadderEnd[] {
  return state.ends.flatMap((end): LadderEnd[] => {
    const series = state.series[end.series];
    if (!series || end.fraction !== 1) return [];
    return [{ arm: series.arm, seed: end.seed, size: series.size, excess: end.excess, diverged: end.diverged }];
  });
}

function finished(state: LabState): Answer {
  const ends = endsOf(state);
  const verdict = ladderVerdict(ends);
  if (!verdict) return { headline: text.answer.nothing, sure: [] };
  const { largest, smallest, ratio, interval, outcome } = verdict;
  const smoke = state.subject.budget === 'smoke';
  const headlines = {
    'larger-better': text.answer.larger(largest, ratio, smallest),
    'smaller-better': text.answer.smaller(largest, 1 / ratio, smallest),
    'no-difference': text.answer.same(largest, smallest, verdict.pairs),
    undecided: text.answer.undecided(largest, ratio, smallest),
  };
  const headline = smoke ? text.answer.smoke : headlines[outcome];
  const [series] = state.series;
  const sure = [interval ? text.sure.interval(...interval) : text.sure.noInterval, text.sure.seeds(verdict.pairs)];
  if (series) sure.push(text.sure.tokens(series.steps * series.tokensPerStep));
  sure.push(smoke ? text.sure.smoke : text.sure.sizes(verdict.sizes));
  if (verdict.diverged > 0) sure.push(text.sure.diverged(verdict.diverged));
  if (state.changes.length > 0) sure.push(text.sure.changed);
  return { headline, sure };
}

/** Compares the smallest and the largest size at the last step that both have reached. */
function underWay(state: LabState, curves: Curves): Answer {
  const bySize = [...state.series].sort((a, b) => a.size - b.size);
  const small = bySize[0];
  const large = bySize.at(-1);
  if (!small || !large || small === large) return { headline: text.answer.early, sure: text.answer.earlySure };
  const step = Math.min(...bySize.map((series) => curves.steps(series.cohort)));
  if (step < small.steps * EARLY) return { headline: text.answer.early, sure: text.answer.earlySure };
  const from = Math.max(1, step - Math.min(WINDOW, Math.ceil(step / 3)));
  const [a, b] = [small, large].map((series) => {
    const values = series.replicas
      .map((replica) => curves.mean(series.cohort, replica, 'excess', from, step))
      .filter((value) => value !== undefined && value > 0);
    return values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / values.length;
  });
  if (a === undefined || b === undefined || !(a > 0) || !(b > 0))
    return { headline: text.answer.early, sure: text.answer.earlySure };
  const sure = [text.sure.atTokens(step * small.tokensPerStep), text.sure.training];
  if (Math.max(a / b, b / a) < LEVEL) return { headline: text.answer.close, sure };
  const headline =
    a > b ? text.answer.leading(large.arm, a / b, small.arm) : text.answer.leading(small.arm, b / a, large.arm);
  return { headline, sure };
}

export function answerOf(state: LabState, curves: Curves, experiment: Experiment): Answer {
  const custom = state.subject.experiment !== experiment.id;
  const runs = state.series.reduce((sum, series) => sum + series.seeds.length, 0);
  const published = text.answer.literature(experiment.literature.says, experiment.literature.sources);
  switch (state.phase) {
    case 'opening':
      return { headline: text.answer.opening, sure: [published] };
    case 'idle':
      return { headline: text.answer.before, sure: [published] };
    case 'preparing':
      return { headline: text.answer.preparing, sure: [published] };
    case 'done':
      return custom ? { headline: text.answer.custom.done(runs), sure: [] } : finished(state);
    case 'stopped':
      return { headline: text.answer.stopped, sure: [] };
    case 'failed':
      if (!state.device) return { headline: text.answer.cannot, sure: [published] };
      return state.progress
        ? { headline: text.answer.failed, sure: [] }
        : { headline: text.answer.before, sure: [published] };
    case 'paused': {
      const answer = custom ? { headline: text.answer.custom.running(runs), sure: [] } : underWay(state, curves);
      return { ...answer, headline: text.answer.paused(answer.headline) };
    }
    default:
      return custom ? { headline: text.answer.custom.running(runs), sure: [] } : underWay(state, curves);
  }
}
