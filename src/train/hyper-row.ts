import type { Hyper, SourceConfig } from '../config/run-spec';
import { noiseThreshold, successorNll } from '../data/topics';
import { PART_ALIGNMENT } from '../plan/tensor';

const CURRICULA = ['shuffled', 'easy-first', 'hard-first'] as const;

/** One replica's row as the GPU reads it: shaders/lib/hyper.wgsl names the words. */
export function hyperRow(hyper: Hyper, source: SourceConfig): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(PART_ALIGNMENT);
  const floats = new Float32Array(words.buffer);
  floats.set([hyper.lr, hyper.beta1, hyper.beta2, hyper.epsilon, hyper.weightDecay, hyper.clipNorm]);
  words.set([hyper.seed, noiseThreshold(hyper.noise), hyper.uniqueDocuments, CURRICULA.indexOf(hyper.curriculum)], 6);
  floats[11] = hyper.balanceLoss;
  floats.set([hyper.zLoss, hyper.biasRate], 16);
  if (source.kind === 'topics') {
    const nll = successorNll(hyper, source.vocabSize);
    // Without noise no other token can come, and its −log p, infinity, is never read.
    floats[10] = hyper.noise > 0 ? nll.other : 0;
    floats.set(nll.successors, 12);
  }
  return words;
}
