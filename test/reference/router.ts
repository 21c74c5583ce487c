/**
 * The router of a sparse layer: which k of E experts each row visits, and with which weight.
 *
 * Logits are `width` wide, which may be more than E: what lies behind the last expert is padding, which is not read
 * and whose gradient is 0.
 */

export interface RouterShape {
  rows: number;
  /** E */
  experts: number;
  /** k */
  topK: number;
}

/** Weights of the losses that only the gradient knows, as in `Hyper`. */
export interface RouterLosses {
  balanceLoss: number;
  zLoss: number;
}

/** Which experts every row visits. */
export interface Routing {
  /** [rows, k], the highest score first. */
  experts: Uint32Array;
  /** [rows, k] */
  gates: Float64Array;
  /** [E]: how many rows visit each expert; rows·k in all. */
  visits: Uint32Array;
}

/** What a matrix's choice leaves behind. */
export interface LogitStatistics {
  /** [rows, E]: softmax over all experts. */
  probabilities: Float64Array;
  /** [rows]: log of the sum of exponentials of all logits. */
  lse: Float64Array;
}

/** How many rows visit each expert, [E]. */
export function countVisits(chosen: Uint32Array, experts: number): Uint32Array {
  const visits = new Uint32Array(experts);
  for (const e of chosen) visits[e]! += 1;
  return visits;
}

/** The routing of a fixed table: the experts [rows, k] are given, the gates are 1/k. */
export function tableRouting(experts: Uint32Array, shape: RouterShape): Routing {
  const gates = new Float64Array(experts.length).fill(1 / shape.topK);
  return { experts, gates, visits: countVisits(experts, shape.experts) };
}

/** log Σ exp of some numbers. */
function logSumExp(values: number[]): number {
  const largest = Math.max(...values);
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}

/** Logits of row r, without the padding. */
function logitsOf(logits: Float64Array, r: number, { rows, experts }: RouterShape): number[] {
  const width = logits.length / rows;
  return [...logits.subarray(r * width, r * width + experts)];
}

/** Probabilities of all experts in every row. */
export function logitStatistics(logits: Float64Array, shape: RouterShape): LogitStatistics {
  const { rows, experts } = shape;
  const probabilities = new Float64Array(rows * experts);
  const lse = new Float64Array(rows);
  for (let r = 0; r < rows; r++) {
    const row = logitsOf(logits, r, shape);
    lse[r] = logSumExp(row);
    for (const [e, logit] of row.entries()) probabilities[r * experts + e] = Math.exp(logit - lse[r]!);
  }
  return { probabilities, lse };
}

/**
 * The k experts with the highest logit + bias in each row, the lower index first where two are equal. The bias only
 * chooses: the gate is the probability of the expert where k is 1, and a softmax over the chosen logits otherwise.
 * logits [rows, width], bias [E].
 */
export function route(logits: Float64Array, bias: Float64Array, shape: RouterShape): Routing & LogitStatistics {
  const { rows, experts, topK } = shape;
  const statistics = logitStatistics(logits, shape);
  const chosen = new Uint32Array(rows * topK);
  const gates = new Float64Array(rows * topK);
  for (let r = 0; r < rows; r++) {
    const row = logitsOf(logits, r, shape);
    const score = row.map((logit, e) => logit + bias[e]!);
    const best = [...score.keys()].sort((a, b) => score[b]! - score[a]! || a - b).slice(0, topK);
    const among = topK === 1 ? statistics.lse[r]! : logSumExp(best.map((e) => row[e]!));
    for (const [j, e] of best.entries()) {
      chosen[r * topK + j] = e;
      gates[r * topK + j] = Math.exp(row[e]! - among);
    }
  }
  return { experts: chosen, gates, visits: countVisits(chosen, experts), ...statistics };
}

/**
 * What a router adds to the loss that is differentiated: balanceLoss·E·Σ f·P (Fedus et al. 2022) with f = visits /
 * (rows·k) and P the mean probability of an expert, and zLoss·mean(lse²) (Zoph et al. 2022).
 */
export function routerLoss(
  { probabilities, lse, visits }: Pick<Routing, 'visits'> & LogitStatistics,
  { balanceLoss, zLoss }: RouterLosses,
  { rows, experts, topK }: RouterShape,
): number {
  const balance = probabilities.reduce((sum, p, i) => sum + ((visits[i % experts]! / (rows * topK)) * p) / rows, 0);
  const squares = lse.reduce((sum, value) => sum + value * value, 0);
  return balanceLoss * experts * balance + (zLoss * squares) / rows;
}

/**
 * Gradient of the logits, [rows, width], from that of the gates and from the router's losses; visits are constants.
 * Of the gates: k = 1 dl = g·dg·(onehot − p); else dl = g·(dg − Σ g·dg) over the chosen.
 * Of the losses: balanceLoss·E/rows · p·(f − Σ f·p) + 2·zLoss/rows · lse·p.
 */
export function routerBackward(
  logits: Float64Array,
  { experts: chosen, gates, visits }: Routing,
  dgates: Float64Array,
  { balanceLoss, zLoss }: RouterLosses,
  shape: RouterShape,
): Float64Array {
  const { rows, experts, topK } = shape;
  const { probabilities, lse } = logitStatistics(logits, shape);
  const fractions = Array.from(visits, (count) => count / (rows * topK));
  const dlogits = new Float64Array(logits.length);
  for (let r = 0; r < rows; r++) {
    const p = probabilities.subarray(r * experts, (r + 1) * experts);
    const d = dlogits.subarray((r * logits.length) / rows);
    const of = (j: number) => ({ e: chosen[r * topK + j]!, g: gates[r * topK + j]!, dg: dgates[r * topK + j]! });
    const visited = Array.from({ length: topK }, (_, j) => of(j));
    if (topK === 1) {
      const { e: only, g, dg } = of(0);
      for (let e = 0; e < experts; e++) d[e] = g * dg * ((e === only ? 1 : 0) - p[e]!);
    } else {
      const mean = visited.reduce((sum, { g, dg }) => sum + g * dg, 0);
      for (const { e, g, dg } of visited) d[e] = g * (dg - mean);
    }
    const meanFraction = fractions.reduce((sum, f, e) => sum + f * p[e]!, 0);
    for (let e = 0; e < experts; e++) {
      d[e]! += ((balanceLoss * experts) / rows) * p[e]! * (fractions[e]! - meanFraction);
      d[e]! += ((2 * zLoss) / rows) * lse[r]! * p[e]!;
    }
  }
  return dlogits;
}

/** The bias after a step, in place (Wang et al. 2024): it falls where more rows came than the mean, and rises elsewhere. */
export function updateRouterBias(bias: Float64Array, visits: Uint32Array, biasRate: number): void {
  const mean = visits.reduce((sum, count) => sum + count, 0) / visits.length;
  for (const [e, count] of visits.entries()) bias[e]! += biasRate * Math.sign(mean - count);
}
