/** What two models make of the same held-out texts, token by token. */
import type { Experiment } from '../experiments/experiment';
import type { LookEvent } from '../protocol';
import { oddsOf, type Rules } from './odds';
import type { Series } from './series';
import type { LabState } from './store';

/** A model's view of one token. */
export interface Opinion {
  arm: string;
  style: number;
  probability: number;
  guess: number;
  guessProbability: number;
  hit: boolean;
}

export interface TokenView {
  token: number;
  /** False for the first ones, which come by chance. */
  scored: boolean;
  /** The tokens from the one that decides up to the one before, if it is scored. */
  before: number[];
  odds: number;
  opinions: Opinion[];
}

export interface DocumentView {
  topic: number;
  tokens: TokenView[];
}

export interface Score {
  arm: string;
  hits: number;
  all: number;
}

export interface TokensModel {
  step: number;
  arms: { arm: string; style: number }[];
  documents: DocumentView[];
  scores: Score[];
}

type Shown = Pick<LabState, 'series' | 'cohorts' | 'looks' | 'subject'>;

/** The two that the case compares, the first of a page else. */
function pair({ series, subject }: Shown, experiment: Experiment | undefined): Series[] {
  const compared = experiment?.cases.find(({ id }) => id === subject.case)?.compared;
  const two = [compared?.dense, compared?.sparse].flatMap((arm) => series.find((each) => each.arm === arm) ?? []);
  return two.length === 2 ? two : series.slice(0, 2);
}

function sameTexts(a: LookEvent, b: LookEvent): boolean {
  return a.documents.every((document, i) => {
    const other = b.documents[i];
    return other?.topic === document.topic && document.tokens.every((token, t) => other.tokens[t] === token);
  });
}

/** Undefined before the first look, and where there is nothing to compare. */
export function tokensModel(state: Shown, experiment?: Experiment): TokensModel | undefined {
  const looked = pair(state, experiment).flatMap((series) => {
    const look = state.looks[series.cohort];
    return look ? [{ series, look }] : [];
  });
  const [first] = looked;
  if (!first) return undefined;
  // Models of other seeds read other texts.
  const models = looked.filter(({ look }) => sameTexts(first.look, look));
  const spec = state.cohorts.find(({ cohort }) => cohort === first.series.cohort)?.specs[0];
  if (spec?.source.kind !== 'topics') return undefined;
  const { source, hyper } = spec;
  const rules: Rules = { seed: hyper.seed, vocabSize: source.vocabSize, share: hyper.share };

  const documents = first.look.documents.map(({ topic, tokens }, d): DocumentView => ({
    topic,
    tokens: tokens.map((token, t): TokenView => {
      const scored = t >= source.lag;
      const before = scored ? tokens.slice(t - source.lag, t) : [];
      return {
        token,
        scored,
        before,
        odds: scored ? oddsOf(rules, topic, before[0] ?? 0, token) : 0,
        opinions: scored ? models.map(({ series, look }) => opinion(series, look, d, t)) : [],
      };
    }),
  }));
  const scored = documents.flatMap(({ tokens }) => tokens.filter((each) => each.scored));
  return {
    step: Math.max(...models.map(({ look }) => look.step)),
    arms: models.map(({ series: { arm, style } }) => ({ arm, style })),
    documents,
    scores: models.map(({ series: { arm } }, m) => ({
      arm,
      hits: scored.filter(({ opinions }) => opinions[m]?.hit).length,
      all: scored.length,
    })),
  };
}

function opinion({ arm, style }: Series, { documents }: LookEvent, d: number, t: number): Opinion {
  const read = documents[d];
  const guess = read?.guess[t] ?? -1;
  return {
    arm,
    style,
    probability: read?.probability[t] ?? NaN,
    guess,
    guessProbability: read?.guessProbability[t] ?? NaN,
    hit: guess === read?.tokens[t],
  };
}
