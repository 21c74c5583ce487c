/**
 * The gallery of claims as data: which claims popular articles make, how they stand in the literature, and which
 * experiments of the lab measure them. Its words are in text/claims.ts.
 */
import { betsFirst, type Experiment } from '../experiments/experiment';
import { experimentOf } from '../experiments/experiments';
import { recordedCase, type Recorded } from '../experiments/recorded';
import type { ClaimId } from '../text/claims';

export const TOPICS = ['laws', 'sparse', 'data', 'training', 'architecture', 'abilities', 'cost'] as const;
export type Topic = (typeof TOPICS)[number];

/** How a claim stands in the literature. */
type Standing = 'holds' | 'partly' | 'contested' | 'confused' | 'implausible' | 'wrong' | 'unknown';

export const STATUSES = ['measured', 'planned', 'closed'] as const;
export type Status = (typeof STATUSES)[number];

export interface Claim {
  id: ClaimId;
  /** From 1, in the order of the list. */
  number: number;
  topic: Topic;
  standing: Standing;
  /** Ids of the experiments that measure it, the most direct first; none where there is none yet. */
  experiments: readonly string[];
  /** What would have to be measured is secret. */
  undisclosed?: true;
}

type Row = [id: ClaimId, topic: Topic, standing: Standing, ...experiments: string[]];

const ROWS: Row[] = [
  ['bigger', 'laws', 'holds', 'size'],
  ['double-data', 'laws', 'confused', 'article-data', 'data'],
  ['double-compute', 'laws', 'implausible', 'article-compute', 'compute'],
  ['returns', 'laws', 'confused', 'returns'],
  ['balance', 'laws', 'holds', 'balance'],
  ['predict', 'laws', 'holds', 'predict'],
  ['sparse', 'sparse', 'holds', 'race', 'sparse-by-size', 'own-text'],
  ['mistral', 'sparse', 'wrong'],
  ['clean-data', 'data', 'partly', 'noise'],
  ['focus', 'data', 'partly'],
  ['curriculum', 'data', 'partly', 'curriculum'],
  ['lora', 'training', 'holds'],
  ['checkpointing', 'training', 'holds'],
  ['distillation', 'training', 'partly'],
  ['emergence', 'abilities', 'contested'],
  ['pathways', 'sparse', 'confused'],
  ['hybrid', 'sparse', 'partly'],
  ['bias', 'abilities', 'partly'],
  ['repeats', 'data', 'partly', 'repeats'],
  ['linear-attention', 'architecture', 'partly'],
  ['recurrent', 'architecture', 'partly'],
  ['active-learning', 'data', 'partly'],
  ['few-shot', 'abilities', 'confused'],
  ['symbolic', 'abilities', 'partly'],
  ['residuals', 'architecture', 'partly'],
  ['diversity', 'data', 'partly'],
  ['energy', 'cost', 'confused'],
];

export const CLAIMS: readonly Claim[] = [
  ...ROWS.map(([id, topic, standing, ...experiments], i) => ({ id, number: i + 1, topic, standing, experiments })),
  {
    id: 'closed',
    number: ROWS.length + 1,
    topic: 'cost',
    standing: 'unknown',
    experiments: [],
    undisclosed: true,
  },
];

export function statusOf({ experiments, undisclosed }: Claim): Status {
  if (undisclosed) return 'closed';
  return experiments.length > 0 ? 'measured' : 'planned';
}

/** The experiments that measure a claim. */
export function testsOf({ experiments }: Claim): Experiment[] {
  return experiments.flatMap((id) => experimentOf(id) ?? []);
}

/** The race about a claim that was recorded with the lab; undefined where none was. */
export function recordedRace(claim: Claim): Recorded | undefined {
  return testsOf(claim)
    .filter(({ law }) => !law)
    .map(({ cases }) => recordedCase(cases[0]))
    .find((recorded) => recorded?.verdict);
}

/** Of a claim about a law, the experiment whose recorded answer may be told: none where readers bet on it first. */
export function toldBy(claim: Claim): Experiment | undefined {
  const [most] = testsOf(claim);
  return most?.law && !betsFirst(most) ? most : undefined;
}
