/** Softmax cross-entropy of logits against target tokens, the mean over those that are scored. */

/** Target of a row that is not scored. */
export const MASKED = 0xffffffff;

/** −log softmax(logits)[target] of each row, 0 where masked, and the mean over scored rows, nats. */
export function crossEntropy(
  logits: Float64Array,
  targets: Uint32Array,
  vocab: number,
): { loss: number; losses: Float64Array; lse: Float64Array; scored: number } {
  const rows = targets.length;
  const losses = new Float64Array(rows);
  const lse = new Float64Array(rows);
  let scored = 0;
  for (const [r, target] of targets.entries()) {
    const row = logits.subarray(r * vocab, (r + 1) * vocab);
    const largest = Math.max(...row);
    lse[r] = largest + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
    if (target === MASKED) continue;
    losses[r] = lse[r] - row[target]!;
    scored += 1;
  }
  return { loss: losses.reduce((sum, loss) => sum + loss, 0) / scored, losses, lse, scored };
}

/** dlogits = (softmax(logits) − onehot(target)) / scored in scored rows, 0 elsewhere. */
export function crossEntropyBackward(logits: Float64Array, targets: Uint32Array, vocab: number): Float64Array {
  const { lse, scored } = crossEntropy(logits, targets, vocab);
  return logits.map((logit, i) => {
    const r = Math.floor(i / vocab);
    if (targets[r] === MASKED) return 0;
    return (Math.exp(logit - lse[r]!) - (targets[r] === i % vocab ? 1 : 0)) / scored;
  });
}
