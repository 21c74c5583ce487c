/**
 * What the ends of an experiment on a law show, beside the fitted laws themselves: how many times closer to the floor
 * one end is than another. Seeds are paired (seed s fixes tables, documents and initial numbers in every arm), so
 * intervals are Student's t on differences of logarithms.
 */
import type { Fit } from '../fit-protocol';
import { mean, ratioInterval, type Ratio } from '../math/statistics';
import type { FrozenPrediction, RunResult } from '../protocol';
import { lawText } from '../text/law';
import type { Experiment } from './experiment';
import { endsThatCount, isSound, kindOf } from './observations';

/** Two ends of which one is the closer to the floor, by `factor`: the excess of the first over that of the second. */
export interface Comparison extends Ratio {
  from: string;
  to: string;
  /** What is compared, in the experiment's own quantity: parameters, tokens, FLOPs. */
  at: [number, number];
  /** Mean excess of each, nats per token. */
  excess: [number, number];
  /** Seeds that both have. */
  pairs: number;
}

/** How much clean data the noisy data of an arm was worth, as a share of it. */
export interface Worth extends Ratio {
  arm: string;
  /** The share is an upper bound: the clean runs were closer to the floor than that from their first end on. */
  atMost?: true;
}

export interface LawFacts {
  answer: NonNullable<Experiment['law']>['answer'];
  comparisons: Comparison[];
  worth: Worth[];
  fits: Fit[];
  prediction: FrozenPrediction | undefined;
  seeds: number;
  diverged: number;
}

export interface LawVerdict extends Omit<LawFacts, 'fits' | 'prediction'> {
  kind: 'law';
  sentence: string;
  /** The answer as a headline, with *stars* around what matters, and the small print beneath. */
  headline: string;
  sure: string[];
}

/** The ends of one arm at one budget. */
interface Place {
  name: string;
  at: number;
  ends: RunResult[];
}

function compare(a: Place, b: Place): Comparison[] {
  const pairs = a.ends.flatMap((end) => {
    const other = b.ends.find(({ seed }) => seed === end.seed);
    return other ? [[end.excess, other.excess] as const] : [];
  });
  if (pairs.length === 0) return [];
  return [
    {
      from: a.name,
      to: b.name,
      at: [a.at, b.at],
      excess: [mean(pairs.map(([one]) => one)), mean(pairs.map(([, two]) => two))],
      pairs: pairs.length,
      ...ratioInterval(pairs.map(([one, two]) => Math.log(one / two))),
    },
  ];
}

function groups<T>(items: readonly T[], key: (item: T) => string | number): T[][] {
  const found = new Map<string | number, T[]>();
  for (const item of items) found.set(key(item), [...(found.get(key(item)) ?? []), item]);
  return [...found.values()];
}

/** Places in the order of what varies; ends of one arm and budget together. */
function placesOf(ends: readonly RunResult[], at: (end: RunResult) => number): Place[] {
  return groups(ends, ({ arm, tokens }) => `${arm}/${tokens}`)
    .map((group) => ({ name: group[0]!.arm, at: at(group[0]!), ends: group }))
    .sort((a, b) => a.at - b.at);
}

/** First against last. */
function span(places: readonly Place[]): Comparison[] {
  const [first, last] = [places[0], places.at(-1)];
  return first && last && first !== last ? compare(first, last) : [];
}

/** Each against the next. */
function steps(places: readonly Place[]): Comparison[] {
  return places.slice(1).flatMap((place, i) => compare(places[i]!, place));
}

/** Of the ends at each compute, those of the arm that is best there. Ends within a few steps of each other are level. */
function bestAt(ends: readonly RunResult[]): Place[] {
  const rounded = ({ trainFlops }: RunResult): number => Math.round(4 * Math.log2(trainFlops));
  return groups(ends, rounded)
    .map((group) => {
      const arms = placesOf(group, ({ trainFlops }) => trainFlops);
      const excess = ({ ends }: Place): number => mean(ends.map((end) => Math.log(end.excess)));
      return arms.reduce((best, next) => (excess(next) < excess(best) ? next : best));
    })
    .sort((a, b) => a.at - b.at);
}

/** Log tokens at which a run was as close to the floor as `excess`, by straight lines in logarithms. */
function tokensAt(curve: readonly RunResult[], excess: number): { log: number; atMost: boolean } | undefined {
  const [first] = curve;
  if (!first) return undefined;
  if (first.excess <= excess) return { log: Math.log(first.tokens), atMost: true };
  const behind = curve.findIndex((end) => end.excess <= excess);
  const [before, next] = [curve[behind - 1], curve[behind]];
  if (!before || !next) return undefined;
  const part = Math.log(before.excess / excess) / Math.log(before.excess / next.excess);
  return { log: Math.log(before.tokens) + part * Math.log(next.tokens / before.tokens), atMost: false };
}

/** What the last ends of the other arms are worth in the baseline's tokens, as shares of their own. */
function worthOf(experiment: Experiment, ends: readonly RunResult[]): Worth[] {
  const baseline = experiment.law?.baseline;
  if (!experiment.law?.everyEnd || baseline === undefined) return [];
  const curves = groups(
    ends.filter(({ arm }) => arm === baseline),
    ({ seed }) => seed,
  ).map((curve) => curve.toSorted((a, b) => a.tokens - b.tokens));
  const others = groups(
    ends.filter(({ arm }) => arm !== baseline),
    ({ arm }) => arm,
  );
  return others.flatMap((group) => {
    const most = Math.max(...group.map(({ tokens }) => tokens));
    const shares = group
      .filter(({ tokens }) => tokens === most)
      .flatMap(({ seed, excess, tokens }) => {
        const curve = curves.find(([first]) => first?.seed === seed);
        const found = curve && tokensAt(curve, excess);
        return found ? [{ share: found.log - Math.log(tokens), atMost: found.atMost }] : [];
      });
    if (shares.length === 0) return [];
    const atMost = shares.some((each) => each.atMost);
    const ratio = ratioInterval(shares.map(({ share }) => share));
    return [{ arm: group[0]!.arm, ...(atMost ? { factor: ratio.factor, atMost } : ratio) }];
  });
}

function comparisonsOf(experiment: Experiment, ends: readonly RunResult[]): Comparison[] {
  const { law } = experiment;
  const bySize = (some: readonly RunResult[]): Place[] => placesOf(some, ({ paramsActive }) => paramsActive);
  const kinds = groups(ends, ({ arm }) => kindOf(experiment, arm));
  switch (law?.answer) {
    case 'size':
      return kinds.flatMap((kind) => span(bySize(kind)));
    case 'returns':
      return kinds.flatMap((kind) => steps(bySize(kind)));
    case 'lead':
      return groups(ends, ({ spec }) => spec.model.dModel).flatMap((width) => {
        const [dense, sparse] = ['dense', 'sparse'].map((kind) =>
          bySize(width.filter(({ arm }) => kindOf(experiment, arm) === kind)),
        );
        return dense?.[0] && sparse?.[0] ? compare(dense[0], sparse[0]) : [];
      });
    case 'data':
      return kinds.flatMap((kind) => steps(placesOf(kind, ({ tokens }) => tokens)));
    case 'compute':
      return steps(bestAt(ends));
    case 'comparison': {
      const last = Math.max(...ends.map(({ tokens }) => tokens));
      const places = placesOf(
        ends.filter(({ tokens }) => tokens === last),
        ({ arm }) => experiment.varies.arms.findIndex(({ name }) => name === arm),
      );
      const baseline = places.find(({ name }) => name === law.baseline);
      return baseline ? places.filter((place) => place !== baseline).flatMap((place) => compare(place, baseline)) : [];
    }
    default:
      return [];
  }
}

/** Undefined where nothing can be said yet. */
export function lawVerdict(
  experiment: Experiment,
  runs: readonly RunResult[],
  fits: readonly Fit[],
  prediction?: FrozenPrediction,
): LawVerdict | undefined {
  const { law } = experiment;
  if (!law) return undefined;
  const ends = endsThatCount(experiment, runs);
  const sound = ends.filter(isSound);
  const facts: LawFacts = {
    answer: law.answer,
    comparisons: comparisonsOf(experiment, sound),
    worth: worthOf(experiment, sound),
    fits: [...fits],
    prediction,
    seeds: new Set(sound.map(({ seed }) => seed)).size,
    diverged: ends.length - sound.length,
  };
  const said = lawText.said(facts);
  if (!said) return undefined;
  const { fits: _fits, prediction: _prediction, ...rest } = facts;
  return { kind: 'law', ...rest, ...said, sentence: lawText.sentence(said) };
}
