/** RMSNorm (Zhang and Sennrich 2019) and LayerNorm (Ba, Kiros and Hinton 2016), over the columns. */

export const NORM_EPSILON = 1e-5;

export interface RowsShape {
  rows: number;
  cols: number;
}

/** y = x·rstd·weight with rstd = 1/√(mean(x²) + ε); x and y [rows, cols], weight [cols], rstd [rows]. */
export function rmsnorm(
  x: Float64Array,
  weight: Float64Array,
  { rows, cols }: RowsShape,
): { y: Float64Array; rstd: Float64Array } {
  const rstd = new Float64Array(rows);
  for (let r = 0; r < rows; r++) {
    let squares = 0;
    for (let c = 0; c < cols; c++) squares += x[r * cols + c]! ** 2;
    rstd[r] = 1 / Math.sqrt(squares / cols + NORM_EPSILON);
  }
  return { y: x.map((value, i) => value * rstd[Math.floor(i / cols)]! * weight[i % cols]!), rstd };
}

/** With g = dy·weight and x̂ = x·rstd: dx = rstd·(g − x̂·mean(g·x̂)), dweight = Σ over rows of dy·x̂. */
export function rmsnormBackward(
  x: Float64Array,
  weight: Float64Array,
  dy: Float64Array,
  { rows, cols }: RowsShape,
): { dx: Float64Array; dweight: Float64Array } {
  const { rstd } = rmsnorm(x, weight, { rows, cols });
  const dx = new Float64Array(rows * cols);
  const dweight = new Float64Array(cols);
  for (let r = 0; r < rows; r++) {
    let mean = 0;
    for (let c = 0; c < cols; c++) {
      const xhat = x[r * cols + c]! * rstd[r]!;
      mean += (dy[r * cols + c]! * weight[c]! * xhat) / cols;
      dweight[c]! += dy[r * cols + c]! * xhat;
    }
    for (let c = 0; c < cols; c++) {
      const xhat = x[r * cols + c]! * rstd[r]!;
      dx[r * cols + c] = rstd[r]! * (dy[r * cols + c]! * weight[c]! - xhat * mean);
    }
  }
  return { dx, dweight };
}

/** y = (x − mean)·rstd·weight + bias with rstd = 1/√(variance + ε), the variance over n. */
export function layernorm(
  x: Float64Array,
  weight: Float64Array,
  bias: Float64Array,
  { rows, cols }: RowsShape,
): { y: Float64Array; mean: Float64Array; rstd: Float64Array } {
  const mean = new Float64Array(rows);
  const rstd = new Float64Array(rows);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < cols; c++) mean[r]! += x[r * cols + c]! / cols;
    let squares = 0;
    for (let c = 0; c < cols; c++) squares += (x[r * cols + c]! - mean[r]!) ** 2;
    rstd[r] = 1 / Math.sqrt(squares / cols + NORM_EPSILON);
  }
  const y = x.map((value, i) => {
    const r = Math.floor(i / cols);
    return (value - mean[r]!) * rstd[r]! * weight[i % cols]! + bias[i % cols]!;
  });
  return { y, mean, rstd };
}

/** With g = dy·weight: dx = rstd·(g − mean(g) − x̂·mean(g·x̂)), dweight = Σ dy·x̂, dbias = Σ dy over rows. */
export function layernormBackward(
  x: Float64Array,
  weight: Float64Array,
  dy: Float64Array,
  { rows, cols }: RowsShape,
): { dx: Float64Array; dweight: Float64Array; dbias: Float64Array } {
  const { mean, rstd } = layernorm(x, weight, new Float64Array(cols), { rows, cols });
  const dx = new Float64Array(rows * cols);
  const dweight = new Float64Array(cols);
  const dbias = new Float64Array(cols);
  for (let r = 0; r < rows; r++) {
    let gMean = 0;
    let gxMean = 0;
    for (let c = 0; c < cols; c++) {
      const xhat = (x[r * cols + c]! - mean[r]!) * rstd[r]!;
      const g = dy[r * cols + c]! * weight[c]!;
      gMean += g / cols;
      gxMean += (g * xhat) / cols;
      dweight[c]! += dy[r * cols + c]! * xhat;
      dbias[c]! += dy[r * cols + c]!;
    }
    for (let c = 0; c < cols; c++) {
      const xhat = (x[r * cols + c]! - mean[r]!) * rstd[r]!;
      dx[r * cols + c] = rstd[r]! * (dy[r * cols + c]! * weight[c]! - gMean - xhat * gxMean);
    }
  }
  return { dx, dweight, dbias };
}
