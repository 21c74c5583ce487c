/** Who leads while runs are under way. */
import type { Experiment } from '../experiments/experiment';
import { text } from '../text/text';
import type { Answer } from './answer-shape';
import type { Curves } from './curves';
import type { Series } from './series';
import type { LabState } from './store';

/** Before this share of the runs a comparison would only compare beginnings. */
const EARLY = 0.07;
/** Share of what has been trained over which losses are averaged. */
const WINDOW = 0.1;
/** A lead below this ratio is called level. */
const LEVEL = 1.05;
/** The same for losses, where nobody knows the floor. */
const LEVEL_LOSS = 1.01;

/** Those that are compared: the case's two, or all. */
function compared(series: readonly Series[], experiment: Experiment, id: string | undefined): Series[] {
  const two = experiment.cases.find((each) => each.id === id)?.compared;
  if (two) return series.filter(({ arm }) => arm === two.dense || arm === two.sparse);
  return [...series];
}

/** Mean excess over the seeds, just before each run had spent so much. */
function excessAt(series: Series, curves: Curves, spent: number, perStep: number): number | undefined {
  const to = Math.min(curves.steps(series.cohort), Math.floor(spent / perStep));
  const from = Math.max(1, to - Math.floor(to * WINDOW));
  const values = series.replicas
    .map((replica) => curves.mean(series.cohort, replica, 'excess', from, to))
    .filter((value) => value !== undefined);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return mean > 0 ? mean : undefined;
}

/** Compares the best and the worst where all have spent as much: compute in a race, data in a ladder. */
export function underWay({ series, subject, law }: LabState, curves: Curves, experiment: Experiment): Answer {
  const known = series.every(({ floor }) => floor > 0);
  const early = { headline: text.answer.early, sure: known ? text.answer.earlySure : text.answer.earlyText };
  // Sizes are trained one after another: what has ended says more than where the others are.
  if (experiment.law)
    return law.verdict ? { ...law.verdict, headline: text.answer.soFar(law.verdict.headline) } : early;
  const { match } = experiment;
  const perStep = (each: Series): number => (match === 'compute' ? each.flopsPerStep : each.tokensPerStep);
  const spent = Math.min(...series.map((each) => curves.steps(each.cohort) * perStep(each)));
  const whole = Math.min(...series.map((each) => each.steps * perStep(each)));
  if (!(spent > whole * EARLY)) return early;
  const standing = compared(series, experiment, subject.case)
    .map((each) => ({ arm: each.arm, excess: excessAt(each, curves, spent, perStep(each)) ?? NaN }))
    .filter(({ excess }) => excess > 0)
    .sort((a, b) => a.excess - b.excess);
  const [best] = standing;
  const worst = standing.at(-1);
  if (!best || !worst || best === worst) return early;
  const sure = [text.sure.at[match](spent), text.sure.training];
  const lead = worst.excess / best.excess;
  if (lead < (known ? LEVEL : LEVEL_LOSS)) return { headline: text.answer.level(best.arm, worst.arm, match), sure };
  if (!known) return { headline: text.answer.leadingLoss(best.arm, 1 - 1 / lead, worst.arm, match), sure };
  return { headline: text.answer.leading(best.arm, lead, worst.arm, match), sure };
}
