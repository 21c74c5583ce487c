/** Causal multi-head self-attention (Vaswani et al. 2017) on packed queries, keys and values. */

export interface AttentionShape {
  batch: number;
  seqLen: number;
  heads: number;
  headWidth: number;
}

/** Index of element c of head h in row (b, t) of qkv: `part` 0, 1, 2 is q, k, v. */
function packed({ seqLen, heads, headWidth }: AttentionShape, b: number, t: number, part: number, h: number): number {
  return ((b * seqLen + t) * 3 + part) * heads * headWidth + h * headWidth;
}

function dot(a: Float64Array, i: number, b: Float64Array, j: number, n: number): number {
  let sum = 0;
  for (let c = 0; c < n; c++) sum += a[i + c]! * b[j + c]!;
  return sum;
}

/** Probabilities p[0 … t] with which query t of one head attends, and the log of their normaliser. */
function attend(
  qkv: Float64Array,
  shape: AttentionShape,
  b: number,
  h: number,
  t: number,
): { p: number[]; lse: number } {
  const { headWidth } = shape;
  const q = packed(shape, b, t, 0, h);
  const scores = Array.from(
    { length: t + 1 },
    (_, s) => dot(qkv, q, qkv, packed(shape, b, s, 1, h), headWidth) / Math.sqrt(headWidth),
  );
  const largest = Math.max(...scores);
  const lse = largest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - largest), 0));
  return { p: scores.map((score) => Math.exp(score - lse)), lse };
}

/**
 * y[t] = Σ over s ≤ t of softmax(q[t]·k[s] / √headWidth)·v[s], for each sequence and head.
 * qkv [batch·seqLen, 3·heads·headWidth], y [batch·seqLen, heads·headWidth], lse [batch·seqLen, heads].
 */
export function attention(qkv: Float64Array, shape: AttentionShape): { y: Float64Array; lse: Float64Array } {
  const { batch, seqLen, heads, headWidth } = shape;
  const y = new Float64Array(batch * seqLen * heads * headWidth);
  const lse = new Float64Array(batch * seqLen * heads);
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      for (let t = 0; t < seqLen; t++) {
        const row = (b * seqLen + t) * heads + h;
        const attended = attend(qkv, shape, b, h, t);
        lse[row] = attended.lse;
        for (const [s, p] of attended.p.entries()) {
          const v = packed(shape, b, s, 2, h);
          for (let c = 0; c < headWidth; c++) y[row * headWidth + c]! += p * qkv[v + c]!;
        }
      }
    }
  }
  return { y, lse };
}

/** Those probabilities for every query, 0 for keys behind it: [batch, heads, seqLen, seqLen]. */
export function attentionWeights(qkv: Float64Array, shape: AttentionShape): Float64Array {
  const { batch, seqLen, heads } = shape;
  const weights = new Float64Array(batch * heads * seqLen * seqLen);
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      for (let t = 0; t < seqLen; t++)
        weights.set(attend(qkv, shape, b, h, t).p, ((b * heads + h) * seqLen + t) * seqLen);
    }
  }
  return weights;
}

/** dv[s] += p·dy; ds = p·(dy·v[s] − Σ p·dy·v); dq[t] += ds·k[s] / √headWidth; dk[s] += ds·q[t] / √headWidth. */
export function attentionBackward(qkv: Float64Array, dy: Float64Array, shape: AttentionShape): Float64Array {
  const { batch, seqLen, heads, headWidth } = shape;
  const dqkv = new Float64Array(qkv.length);
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      for (let t = 0; t < seqLen; t++) {
        const out = ((b * seqLen + t) * heads + h) * headWidth;
        const q = packed(shape, b, t, 0, h);
        const { p } = attend(qkv, shape, b, h, t);
        const dp = p.map((_, s) => dot(dy, out, qkv, packed(shape, b, s, 2, h), headWidth));
        const mean = p.reduce((sum, probability, s) => sum + probability * dp[s]!, 0);
        for (const [s, probability] of p.entries()) {
          const k = packed(shape, b, s, 1, h);
          const v = packed(shape, b, s, 2, h);
          const dscore = (probability * (dp[s]! - mean)) / Math.sqrt(headWidth);
          for (let c = 0; c < headWidth; c++) {
            dqkv[v + c]! += probability * dy[out + c]!;
            dqkv[q + c]! += dscore * qkv[k + c]!;
            dqkv[k + c]! += dscore * qkv[q + c]!;
          }
        }
      }
    }
  }
  return dqkv;
}
