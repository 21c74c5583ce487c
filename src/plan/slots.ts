/**
 * Assigns activations to slots by liveness: tensors whose lives do not overlap share a buffer. A slot is a
 * buffer of its own, because one dispatch may not bind a buffer both read-only and writable.
 */
import type { Dispatch } from './plan';
import { wordsOf, type Tensor } from './tensor';

export interface SlotAssignment {
  slots: Map<number, number>;
  slotWords: number[];
}

interface Life {
  tensor: Tensor;
  first: number;
  last: number;
}

/** What is `kept` lives to the end. */
export function assignSlots(dispatches: Dispatch[], kept: readonly Tensor[] = []): SlotAssignment {
  const slots = new Map<number, number>();
  const slotWords: number[] = [];
  const busyUntil: number[] = [];
  for (const { tensor, first, last } of livesOf(dispatches, kept)) {
    const words = wordsOf(tensor);
    const free = busyUntil.flatMap((until, slot) => (until < first ? [slot] : []));
    // The free slot whose size fits best; a larger tensor may widen it.
    const slot =
      free.sort((a, b) => misfit(slotWords[a]!, words) - misfit(slotWords[b]!, words))[0] ?? slotWords.length;
    slotWords[slot] = Math.max(slotWords[slot] ?? 0, words);
    busyUntil[slot] = last;
    slots.set(tensor.id, slot);
  }
  return { slots, slotWords };
}

/** Words that would be wasted, or (dearer) newly needed, if `words` went into a slot of `have`. */
function misfit(have: number, words: number): number {
  return have >= words ? have - words : 2 * (words - have);
}

/** First and last dispatch that touches each activation, in order of the first. */
function livesOf(dispatches: Dispatch[], kept: readonly Tensor[]): Life[] {
  const lives = new Map<number, Life>();
  dispatches.forEach((dispatch, at) => {
    for (const { tensor } of dispatch.bindings) {
      if (tensor.home.kind !== 'activation') continue;
      const life = lives.get(tensor.id);
      if (life) life.last = at;
      else lives.set(tensor.id, { tensor, first: at, last: at });
    }
  });
  for (const { id } of kept) {
    const life = lives.get(id);
    if (life) life.last = dispatches.length;
  }
  return [...lives.values()];
}
