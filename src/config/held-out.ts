/** The held-out set: fixed sequences that no run trains on, in batches. */
import { scoredPerSequence } from './flops';
import type { StaticConfig } from './run-spec';
import { textWindows } from './text-windows';

/** Scored tokens of the held-out set, at least; fewer only where a text is too short for them. */
export const HELD_OUT_TOKENS = 32_768;

/** Rows of logits that one evaluation batch aims at: larger than a training batch, so that there are fewer. */
const EVALUATION_ROWS = 2_048;

/** How the held-out set is cut into batches. */
export interface HeldOut {
  batchSize: number;
  batches: number;
  /** Scored tokens of the whole set. */
  tokens: number;
}

export function heldOut(config: StaticConfig): HeldOut {
  const { source, seqLen } = config;
  // What is made by a rule has no end; windows of a text must not overlap.
  const available = source.kind === 'topics' ? Infinity : Math.max(1, textWindows(source, seqLen).heldOut);
  const batchSize = Math.min(available, Math.max(1, Math.floor(EVALUATION_ROWS / seqLen)));
  const wanted = Math.ceil(HELD_OUT_TOKENS / (batchSize * scoredPerSequence(config)));
  const batches = Math.min(wanted, Math.floor(available / batchSize));
  return { batchSize, batches, tokens: batches * batchSize * scoredPerSequence(config) };
}
