/** What a reader is told about a fit: what it rests on, or why there is none and what to do. */
import type { Axis, FitNote, FitProblem } from '../fit-protocol';
import { counted, nats, power, significant, words } from './numbers';

const AXES: Record<Axis, string> = { n: 'size', d: 'number of tokens', c: 'amount of compute', x: 'place on the axis' };
const MANY: Record<Axis, string> = { n: 'sizes', d: 'token counts', c: 'amounts of compute', x: 'places on the axis' };

const quantity = (value: number): string => (value >= 1e5 ? power(value) : significant(value, 4));

function tooFew({ law, sizes, tokens }: Extract<FitNote, { code: 'too-few' }>): string {
  const rule = 'an exponent would say more than they can: give at least five.';
  if (law === 'isoflop') return `A line through ${words(sizes)} valleys: ${rule}`;
  if (law === 'frontier') return `A line on which only ${counted(sizes, 'size', 'sizes')} lie: ${rule}`;
  if (sizes >= 5) {
    return `A line through ${words(tokens)} token counts: an exponent would say more than they can: give at least three.`;
  }
  return `A line through ${words(sizes)} points: ${rule}`;
}

/** A sentence or two that belong to a fit. */
export function fitNote(note: FitNote): string {
  switch (note.code) {
    case 'floor-given':
      return `The floor of ${nats(note.floor)} was given, not fitted.`;
    case 'no-floor-found':
      return 'These runs show no floor: they are too far from it, or there is none.';
    case 'too-few':
      return tooFew(note);
    case 'left-out':
      return `Left out: ${counted(note.ends, 'result', 'results')} of diverged runs.`;
    case 'delta-from-seeds':
      return `Equal runs with other seeds differ by ${significant(100 * note.sigma)} %; larger misses count less than squared.`;
    case 'delta-from-residuals':
      return `No run was repeated with another seed: the noise, ${significant(100 * note.sigma)} %, is what runs miss the law by.`;
    case 'no-intervals':
      return 'There are too few runs to say how sure this is.';
    case 'parabola-bias':
      return 'A valley is no parabola: where its two sides are not measured equally far, its bottom is found a little beside where it is.';
    case 'valleys-left-out':
      return `${note.valleys === 1 ? 'At one amount' : `At ${words(note.valleys)} amounts`} of compute no bottom lies inside the sizes that were trained.`;
    case 'frontier-from-above':
      return 'The frontier of the sizes that were trained: with sizes in between, it could lie a little lower.';
  }
}

/** Why there is no fit, and what to do. */
export function fitProblem(problem: FitProblem): string {
  switch (problem.code) {
    case 'nothing-usable':
      return problem.ends === 0
        ? 'There are no runs to fit: train some first, or give a file that has some.'
        : 'All runs diverged, so there is nothing to fit: lower the learning rate.';
    case 'bad-place':
      return `The run ${problem.run} has no ${AXES[problem.axis]} above zero: correct it or leave the run out.`;
    case 'floor-above-data':
      return `The run ${problem.run} measured ${nats(problem.lowest)}, which is not above the floor of ${nats(problem.floor)}: give a lower floor, or let it be fitted.`;
    case 'one-run':
      return 'One run shows no law: train several sizes.';
    case 'one-value':
      return `All runs have the same ${AXES[problem.axis]}, ${quantity(problem.value)}: vary it.`;
    case 'too-few-values':
      return `There are only ${words(problem.found)} different ${MANY[problem.axis]} to fit: give at least ${words(problem.needed)}.`;
    case 'moves-together':
      return 'Sizes and token counts grow in step, so what each does cannot be told apart: vary one while the other stays.';
    case 'does-not-fall':
      return `The loss does not fall with the ${AXES[problem.axis]}: there is no law to fit here; look for runs that were cut short or badly tuned.`;
    case 'no-valleys':
      return `At ${counted(problem.budgets, 'amount', 'amounts')} of compute there are not two valleys with their bottom inside the sizes that were trained: train smaller or larger sizes.`;
    case 'bad-option':
      return `The ${problem.option} is ${problem.value}, but must be ${
        { floor: 'a number from 0 up', delta: 'a number above 0', resamples: 'a whole number from 0 up' }[
          problem.option
        ]
      }.`;
    case 'bad-target':
      return 'A run can only be predicted where its place is a number above zero.';
    case 'too-few-to-predict':
      return `From ${counted(problem.found, 'point', 'points')} nobody can say how far a new run may lie from the law: give at least ${words(problem.needed)}.`;
  }
}
