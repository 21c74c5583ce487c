/**
 * The race's verdict in words. `sentence` says everything at once; `headline` and `sure` are the same answer for the
 * page, the short part with its *stars* and the small print under it. The two always go together: a saving is not
 * told without its budget.
 */
import { capital, counted, power, times } from './numbers';

/** A ratio as it is told; without bounds where there is no interval. */
export interface ToldRatio {
  factor: number;
  low?: number;
  high?: number;
  /** Set where the factor is only a lower bound, which has no interval. */
  atLeast?: true;
}

/** What the words are made from. */
export interface RaceFacts {
  /** Names of the two arms. */
  dense: string;
  sparse: string;
  outcome: 'sparse-wins' | 'dense-wins' | 'no-difference' | 'undecided';
  /** What is compared, where it is not the excess: of a text nobody knows the floor. */
  measure?: 'loss';
  /** Dense excess over sparse excess where both have ended, or of losses. */
  excessRatio: ToldRatio;
  /** How many times less compute, and how many times less time, the sparse arm needs for the dense arm's final loss. */
  computeSaved: ToldRatio | null;
  secondsSaved: ToldRatio | null;
  /** How many times less compute the dense arm needs for the sparse arm's final loss. */
  denseComputeSaved: ToldRatio | null;
  /** Training FLOPs of each run. */
  atBudget: number;
  /** Pairs of seeds. */
  seeds: number;
  /** Runs that were left out. */
  diverged: number;
}

/** How arms are spoken of. */
const ARMS: Partial<Record<string, string>> = {
  dense: 'the dense model',
  sparse: 'the sparse model',
  'dense, equal memory': 'the dense model of equal memory',
  'table by token': 'the model with a table by token',
  'table by position': 'the model with a table by position',
  'frozen router': 'the model with a frozen router',
  'frozen, detached': 'the model with a frozen, detached router',
  'told the topic': 'the model that is told the topic',
};

/** Ratios between these are called the same time. */
const SAME_TIME = 1.05;

function called(arm: string): string {
  return ARMS[arm] ?? `the model “${arm}”`;
}

function finalLoss(arm: string): string {
  const name = called(arm);
  return name.endsWith('model') ? `${name}’s final loss` : `the final loss of ${name}`;
}

/** `2.7`; a ratio near one has a decimal more, or it would look like none. */
function digits(value: number): string {
  return value.toFixed(value >= 10 ? 0 : value >= 1.1 ? 1 : 2);
}

function interval({ low, high }: ToldRatio): string | undefined {
  if (low === undefined) return undefined;
  return high === undefined
    ? `95 % interval ${digits(low)} or more`
    : `95 % interval ${digits(low)} to ${digits(high)}`;
}

function runs(n: number): string {
  return `${counted(n, 'run', 'runs')} diverged and ${n === 1 ? 'is' : 'are'} left out`;
}

/** `(95 % interval 2.3 to 3.1, three seeds, at 3 × 10¹⁰ FLOPs a run)` */
function grounds(ratio: ToldRatio, { seeds, atBudget }: RaceFacts): string {
  const parts = [interval(ratio), counted(seeds, 'seed', 'seeds'), `at ${power(atBudget)} FLOPs a run`];
  return `(${parts.filter((part) => part !== undefined).join(', ')})`;
}

function bound({ factor, atLeast }: ToldRatio): string {
  return `${atLeast ? 'at least ' : ''}${digits(factor)}`;
}

/** What the saving is worth on the clock. A lower bound of less than one says nothing. */
function onTheClock(saved: ToldRatio | null): string {
  if (!saved || (saved.atLeast && saved.factor < SAME_TIME)) return '';
  if (saved.factor >= SAME_TIME) return `, and in ${bound(saved)} times less time`;
  if (saved.factor > 1 / SAME_TIME) return ', and in about the same time';
  return `, but in ${digits(1 / saved.factor)} times more time`;
}

/** `4.2 %`, by which a loss is lower than another that is `factor` times as large. */
function lower(factor: number): string {
  return `${((1 - 1 / factor) * 100).toFixed(1)} %`;
}

/** `ended 3.1 times closer to the floor than the dense model`, or farther; of losses, `with a loss 4.2 % lower`. */
function distance(facts: RaceFacts): string {
  const { factor } = facts.excessRatio;
  if (facts.measure === 'loss') {
    const [by, what] = factor >= 1 ? [lower(factor), 'lower'] : [`${((1 / factor - 1) * 100).toFixed(1)} %`, 'higher'];
    return `ended with a loss ${by} ${what} than that of ${called(facts.dense)}`;
  }
  const [ratio, where] = factor >= 1 ? [factor, 'closer to the floor'] : [1 / factor, 'farther from the floor'];
  return `ended ${digits(ratio)} times ${where} than ${called(facts.dense)}`;
}

function inverse({ factor, low, high }: ToldRatio): ToldRatio {
  return { factor: 1 / factor, ...(low && high && { low: 1 / high, high: 1 / low }) };
}

/** The same facts with the arms' parts exchanged. */
function reversed(facts: RaceFacts): RaceFacts {
  const { dense, sparse, excessRatio, denseComputeSaved } = facts;
  return {
    ...facts,
    dense: sparse,
    sparse: dense,
    excessRatio: inverse(excessRatio),
    computeSaved: denseComputeSaved,
    secondsSaved: null,
    denseComputeSaved: null,
  };
}

/** The part that plays the sparse arm wins. */
function win(facts: RaceFacts): string {
  const { sparse, dense, computeSaved, secondsSaved } = facts;
  if (!computeSaved) return `${called(sparse)} ${distance(facts)} ${grounds(facts.excessRatio, facts)}`;
  const first = computeSaved.atLeast ? ', being below it already where it was first measured' : '';
  return `${called(sparse)} reached ${finalLoss(dense)} with ${bound(computeSaved)} times less compute${first} ${grounds(computeSaved, facts)}${onTheClock(secondsSaved)}`;
}

function statement(facts: RaceFacts): string {
  const { dense, sparse, seeds, excessRatio, computeSaved } = facts;
  switch (facts.outcome) {
    case 'sparse-wins':
      return win(facts);
    case 'dense-wins':
      return `${win(reversed(facts))}: ${called(sparse)} saved nothing`;
    case 'no-difference': {
      const ratio = inverse(excessRatio);
      const what =
        facts.measure === 'loss' ? `the loss of ${called(dense)}` : `the distance of ${called(dense)} from the floor`;
      return `no difference that ${counted(seeds, 'seed', 'seeds')} can show: ${called(sparse)} ended at ${digits(ratio.factor)} times ${what} ${grounds(ratio, facts)}`;
    }
    case 'undecided': {
      const saving = computeSaved
        ? ` and reached its final loss with ${bound(computeSaved)} times less compute${onTheClock(facts.secondsSaved)}`
        : '';
      return `one seed gives no interval, so nothing is decided: at ${power(facts.atBudget)} FLOPs a run ${called(sparse)} ${distance(facts)}${saving}`;
    }
  }
}

/** The short answer with its stars. */
function headline(facts: RaceFacts): string {
  const { dense, sparse, computeSaved, excessRatio } = facts;
  switch (facts.outcome) {
    case 'sparse-wins':
      return computeSaved
        ? `*${capital(called(sparse))}* reached ${finalLoss(dense)} with *${bound(computeSaved)}× less compute*.`
        : facts.measure === 'loss'
          ? `*${capital(called(sparse))}* ended with a loss *${lower(excessRatio.factor)} lower* than that of ${called(dense)}.`
          : `*${capital(called(sparse))}* ended *${times(excessRatio.factor)} closer* to the floor than ${called(dense)}.`;
    case 'dense-wins':
      return headline({ ...reversed(facts), outcome: 'sparse-wins' });
    case 'no-difference':
      return `*No difference* between ${called(dense)} and ${called(sparse)} that ${counted(facts.seeds, 'seed', 'seeds')} can show.`;
    case 'undecided': {
      const { factor } = excessRatio;
      if (facts.measure === 'loss')
        return `${capital(called(sparse))} ${distance(facts)}, but *one seed* decides nothing.`;
      const ended =
        factor >= 1 ? `*${digits(factor)}× closer* to the floor` : `*${digits(1 / factor)}× farther* from the floor`;
      return `${capital(called(sparse))} ended ${ended}, but *one seed* decides nothing.`;
    }
  }
}

/** The interval of what the headline tells; where that has no number, of the ratio behind it. */
function headlineInterval(facts: RaceFacts): string | undefined {
  switch (facts.outcome) {
    case 'sparse-wins':
      return interval(facts.computeSaved ?? facts.excessRatio);
    case 'dense-wins':
      return interval(facts.denseComputeSaved ?? inverse(facts.excessRatio));
    case 'no-difference': {
      const ratio = inverse(facts.excessRatio);
      const what = facts.measure === 'loss' ? 'times the loss' : 'times as far from the floor';
      return `${digits(ratio.factor)} ${what}, ${interval(ratio) ?? ''}`;
    }
    case 'undecided':
      return 'no interval from one seed';
  }
}

function time(saved: ToldRatio | null): string | undefined {
  if (!saved || (saved.atLeast && saved.factor < SAME_TIME)) return undefined;
  if (saved.factor >= SAME_TIME) return `${bound(saved)}× less time on this machine`;
  if (saved.factor > 1 / SAME_TIME) return 'about the same time on this machine';
  return `${digits(1 / saved.factor)}× more time on this machine`;
}

export const raceText = {
  /** Everything in one sentence, and a second one where runs were left out. */
  sentence: (facts: RaceFacts): string => {
    const leftOut = facts.diverged > 0 ? ` ${capital(runs(facts.diverged))}.` : '';
    return `${capital(statement(facts))}.${leftOut}`;
  },
  headline,
  /** The small print under the headline, in the order of its weight. */
  sure: (facts: RaceFacts): string[] =>
    [
      headlineInterval(facts),
      counted(facts.seeds, 'seed', 'seeds'),
      `${power(facts.atBudget)} FLOPs each`,
      time(facts.outcome === 'dense-wins' ? null : facts.secondsSaved),
      facts.diverged > 0 ? runs(facts.diverged) : undefined,
    ].filter((part) => part !== undefined),
};
