/** Sum of a token's embedding and its position's. */

export interface EmbeddingShape {
  seqLen: number;
  /** Width of an embedding. */
  cols: number;
}

/** y[r] = tokenTable[tokens[r]] + positionTable[r mod seqLen]; y [rows, cols]. */
export function embedding(
  tokens: Uint32Array,
  tokenTable: Float64Array,
  positionTable: Float64Array,
  { seqLen, cols }: EmbeddingShape,
): Float64Array {
  const y = new Float64Array(tokens.length * cols);
  for (const [r, token] of tokens.entries()) {
    for (let c = 0; c < cols; c++) {
      y[r * cols + c] = tokenTable[token * cols + c]! + positionTable[(r % seqLen) * cols + c]!;
    }
  }
  return y;
}

/** Each table's row collects dy of all rows that used it. */
export function embeddingBackward(
  tokens: Uint32Array,
  dy: Float64Array,
  vocab: number,
  { seqLen, cols }: EmbeddingShape,
): { dtokenTable: Float64Array; dpositionTable: Float64Array } {
  const dtokenTable = new Float64Array(vocab * cols);
  const dpositionTable = new Float64Array(seqLen * cols);
  for (const [r, token] of tokens.entries()) {
    for (let c = 0; c < cols; c++) {
      dtokenTable[token * cols + c]! += dy[r * cols + c]!;
      dpositionTable[(r % seqLen) * cols + c]! += dy[r * cols + c]!;
    }
  }
  return { dtokenTable, dpositionTable };
}
