/** What a closer look shows: whose it is, its tokens in words, and what can be said of a head. */
import type { RunSpec } from '../config/run-spec';
import type { CloserDocument, CloserLookEvent } from '../protocol';
import { closerText } from '../text/closer';
import { insideText } from '../text/inside';
import type { LabState } from './store';

/** One model that was looked at. */
export interface LookedAt {
  arm: string;
  style: number;
  spec: RunSpec;
  look: CloserLookEvent;
}

/** Every model of the chart that was looked at, in the chart's order. */
export function lookedAt({ series, cohorts, closer }: Pick<LabState, 'series' | 'cohorts' | 'closer'>): LookedAt[] {
  return series.flatMap(({ arm, style, cohort }): LookedAt[] => {
    const spec = cohorts.find((each) => each.cohort === cohort)?.specs[0];
    const look = closer[cohort];
    return spec && look ? [{ arm, style, spec, look }] : [];
  });
}

/** Topic of a document; undefined where a text is read. */
export function topicOfDocument({ source }: Pick<RunSpec, 'source'>, { tokens }: CloserDocument): number | undefined {
  return source.kind === 'topics' ? (tokens[0] ?? 0) - source.vocabSize : undefined;
}

/** The tokens as they are shown: a topic's name, syllables, characters. */
export function tokenLabels({ source }: Pick<RunSpec, 'source'>, { tokens, characters }: CloserDocument): string[] {
  return tokens.map((token, t) => {
    const character = characters?.[t];
    if (character !== undefined) return closerText.character(character);
    return token >= source.vocabSize ? insideText.topic(token - source.vocabSize) : insideText.syllable(token);
  });
}

/** Experts that token `t` visits, layer by layer. */
export function expertsOf({ tokens, experts }: CloserDocument, t: number): number[][] {
  return experts.map((layer) => {
    const topK = layer.length / tokens.length;
    return layer.slice(t * topK, (t + 1) * topK);
  });
}

/** Other tokens that visit the same experts in every layer, whichever of them comes first. */
export function sameWay(document: CloserDocument, t: number): number {
  const way = (token: number): string =>
    JSON.stringify(expertsOf(document, token).map((experts) => [...experts].sort((a, b) => a - b)));
  const own = way(t);
  return document.tokens.filter((_token, other) => other !== t && way(other) === own).length;
}

/** Weights `[T·T]` of one head of a layer. */
export function headOf({ tokens, attention }: CloserDocument, layer: number, head: number): Float32Array {
  const pairs = tokens.length ** 2;
  return attention[layer]?.subarray(head * pairs, (head + 1) * pairs) ?? new Float32Array(pairs);
}

/** The distance back that gets most on average, over the tokens that have one so far back; and what the first token gets. */
export function habitOf(weights: Float32Array, seqLen: number): { distance: number; share: number; first: number } {
  const mean = (distance: number): number => {
    let sum = 0;
    for (let t = distance; t < seqLen; t++) sum += weights[t * seqLen + t - distance]!;
    return sum / (seqLen - distance);
  };
  // Farther back there are too few tokens for a mean.
  const means = Array.from({ length: Math.max(1, Math.floor(seqLen / 2)) }, (_, distance) => mean(distance));
  const share = Math.max(...means);
  // The first token has nobody but itself.
  let first = 0;
  for (let t = 1; t < seqLen; t++) first += weights[t * seqLen]! / (seqLen - 1);
  return { distance: Math.max(0, means.indexOf(share)), share, first };
}

/** Tokens that get most from token `t`, at most `most`, and how many others there are with what they get. */
export function heeded(
  weights: Float32Array,
  seqLen: number,
  t: number,
  most: number,
): { top: { token: number; share: number }[]; rest: number; restShare: number } {
  const row = Array.from(weights.subarray(t * seqLen, t * seqLen + t + 1), (share, token) => ({ token, share }));
  const sorted = row.sort((a, b) => b.share - a.share);
  const rest = sorted.slice(most);
  return { top: sorted.slice(0, most), rest: rest.length, restShare: rest.reduce((sum, { share }) => sum + share, 0) };
}
