/**
 * How a text is cut: the first nine tenths are trained on, the last tenth is held out, and both are read in windows of
 * T characters and the one behind them. In integers, so that the GPU cuts alike.
 */
import type { TextSource } from './run-spec';

/** Characters of a text, and bytes of a file. */
export const MAX_TEXT_LENGTH = 20_000_000;

export interface TextWindows {
  /** Characters that are trained on; the others behind them are held out. */
  trainLength: number;
  /** Different windows of the trained part, any of which may be drawn. */
  trained: number;
  /** Windows of T that fit into the held-out part side by side; at most 0 where there is none. */
  heldOut: number;
}

export function textWindows({ length }: Pick<TextSource, 'length'>, seqLen: number): TextWindows {
  const trainLength = length - Math.floor(length / 10);
  return {
    trainLength,
    trained: trainLength - seqLen,
    heldOut: Math.floor((length - trainLength - 1) / seqLen),
  };
}

/** First character of held-out window `window` of `windows`, which lie evenly over the held-out part. */
export function heldOutStart({ length }: Pick<TextSource, 'length'>, window: number, windows: number): number {
  const trainLength = length - Math.floor(length / 10);
  return trainLength + window * Math.floor((length - trainLength - 1) / windows);
}
