import hyperStruct from '../../shaders/lib/hyper.wgsl?raw';
import layout from '../../shaders/lib/layout.wgsl?raw';
import rng from '../../shaders/lib/rng.wgsl?raw';
import source from '../../shaders/write-text.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import type { PlanBuilder } from '../plan/builder';
import { columns, type Tensor } from '../plan/tensor';

const kernel = defineKernel('write-text', layout, hyperStruct, rng, source);

export interface WritingTensors {
  /** `[64]` words: shaders/lib/hyper.wgsl. */
  hyper: Tensor;
  /** `[64]` words; word 0 counts the tokens that were written. */
  counters: Tensor;
  /** `[lines, length]` token ids, of which the first ones are given. */
  written: Tensor;
}

export interface WritingSizes {
  seqLen: number;
  /** Tokens that each line begins with. */
  prompt: number;
  /** Of the lines in the second half; those of the first are the most likely tokens, one by one. */
  temperature: number;
}

/**
 * Writes one token more at the end of each line. `forward` makes logits `[lines·T, V]` of inputs `[lines·T]`.
 * At most 32 lines; a line that is full stays as it is.
 */
export function writeText(
  b: PlanBuilder,
  { hyper, counters, written }: WritingTensors,
  { seqLen, prompt, temperature }: WritingSizes,
  forward: (inputs: Tensor) => Tensor,
): void {
  const [lines = 1, length = 1] = written.shape;
  const inputs = b.tensor('inputs', [lines * seqLen]);
  const extents = { lines, seq_len: seqLen, length, prompt, temperature };
  // The number of tokens to choose from matters only to the second dispatch.
  b.dispatch(kernel, 'window', { counters, written, inputs }, { ...extents, classes: 0 }, lines * seqLen, {
    label: 'what is written',
  });
  const logits = forward(inputs);
  const classes = columns(logits);
  b.dispatch(kernel, 'append', { hyper, logits, counters, written }, { ...extents, classes }, 1, {
    label: 'write a token',
  });
}
