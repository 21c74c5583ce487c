/** Every type that crosses the boundary between the page and the worker that fits laws, on one page. */

/** What a law says something about: parameters, tokens, compute in training FLOPs, or anything else (`x`). */
export type Axis = 'n' | 'd' | 'c' | 'x';

/** Where a run lies. Axes that a law does not read may be NaN. */
export interface Place {
  n: number;
  d: number;
  c: number;
  x?: number;
}

/** One end of one run. All points of one `run` are resampled together: pairs bootstrap over runs. */
export interface Observation extends Place {
  run: string;
  /** What is fitted and drawn by itself: `dense`, `sparse` … */
  kind: string;
  /** Loss, or its excess over the floor, in nats; not a number where the run diverged. */
  loss: number;
}

/**
 * - `power`: y = E + A·x^−α along one axis.
 * - `chinchilla`: y = E + A/n^α + B/d^β.
 * - `frontier`: the power law in c of the least loss that any run reached with so much compute.
 * - `isoflop`: n* = K·c^a, the size at the bottom of the valley of each amount of compute.
 */
export type LawName = 'power' | 'chinchilla' | 'frontier' | 'isoflop';

export interface FitRequest {
  observations: Observation[];
  law: LawName;
  /** The axis of a power law; `n` if absent. The other laws have theirs. */
  axis?: Axis;
  /** The floor E in the unit of `loss`, where it is known: 0 when `loss` is the excess. Absent: E is fitted. */
  floor?: number;
  /** Huber's δ, of residuals of the logarithm. Absent: 1.345 σ of the seed noise. */
  delta?: number;
  /** Resamples of the bootstrap; 400 if absent. */
  resamples?: number;
  /** Of the resamples; 1 if absent. Equal requests have equal results. */
  seed?: number;
}

/** Something the reader has to know about a fit; src/text/scaling.ts has the sentences. */
export type FitNote =
  | { code: 'floor-given'; floor: number }
  | { code: 'no-floor-found' }
  | { code: 'too-few'; law: LawName; sizes: number; tokens: number }
  | { code: 'left-out'; ends: number }
  | { code: 'delta-from-seeds'; sigma: number }
  | { code: 'delta-from-residuals'; sigma: number }
  | { code: 'no-intervals' }
  | { code: 'parabola-bias' }
  | { code: 'valleys-left-out'; valleys: number }
  | { code: 'frontier-from-above' };

/** Why there is no fit; src/text/scaling.ts has the sentences. */
export type FitProblem = { kind: string } & (
  | { code: 'nothing-usable'; ends: number }
  | { code: 'bad-place'; axis: Axis; run: string }
  | { code: 'floor-above-data'; floor: number; lowest: number; run: string }
  | { code: 'one-run' }
  | { code: 'one-value'; axis: Axis; value: number }
  | { code: 'too-few-values'; axis: Axis; found: number; needed: number }
  | { code: 'moves-together' }
  | { code: 'does-not-fall'; axis: Axis }
  | { code: 'no-valleys'; budgets: number }
  | { code: 'bad-option'; option: 'floor' | 'delta' | 'resamples'; value: number }
  | { code: 'bad-target'; axes: string }
  | { code: 'too-few-to-predict'; found: number; needed: number }
);

/** The bottom of one valley of an IsoFLOP fit. */
export interface Valley {
  c: number;
  /** Size at the parabola's minimum, with its 90 % interval, and the loss there. */
  n: number;
  interval: [number, number];
  loss: number;
  /** Distinct sizes measured at this compute. */
  sizes: number;
}

export interface Fit {
  law: LawName;
  kind: string;
  /** `n`, `d`, `c`, `x` or `n,d`. */
  x: string;
  /** `A`, `alpha`, `E`; `B` and `beta` besides for two axes; `K` and `a` for valleys. A floor that was given is `E` as well. */
  parameters: Record<string, number>;
  /** 90 %, of what was fitted. */
  intervals: Record<string, [number, number]>;
  /** Sum of Huber's losses of the residuals of log y. */
  objective: number;
  delta: number;
  /** Share of the variance of log y that the law explains. */
  r2: number;
  runs: number;
  /** Distinct values along the law's axis: sizes, for a power law in n. Sizes on the envelope, for a frontier. */
  sizes: number;
  /** False under five of them (and under three token counts, where there are two axes): then it is a line through too few points, and nobody is shown an exponent. */
  enough: boolean;
  notes: FitNote[];
  /** For drawing: the law and its 90 % band. With two axes x is compute, spent in the best way. */
  curve: { x: number[]; y: number[]; low: number[]; high: number[] };
  /** Of an IsoFLOP fit only. */
  valleys?: Valley[];
}

/** One fit for each kind that can be fitted; a problem for each that cannot. */
export interface FitOutcome {
  fits: Fit[];
  problems: FitProblem[];
}

/** What a run that was not trained yet will measure. */
export interface Prediction {
  law: LawName;
  kind: string;
  at: Place;
  predicted: number;
  /** 90 % prediction interval: of one new run, not of the law. */
  interval: [number, number];
  /** Standard deviations of log y that it is made from; `seeds` is null where no run was repeated, and then part of the misfit. */
  spread: { fit: number; seeds: number | null; misfit: number };
  /** How many times farther out than the farthest run that was fitted, along the law's axes; at most 1 inside. */
  beyond: number;
  notes: FitNote[];
}

export interface PredictionOutcome {
  predictions: Prediction[];
  problems: FitProblem[];
}

/** The worker that fits. Nothing here rejects for what is in the data: that is a problem in the result. */
export interface FitWorker {
  fit(request: FitRequest): Promise<FitOutcome>;
  /** Fits the same way, and predicts a new run of each kind. */
  predict(request: FitRequest, at: Place): Promise<PredictionOutcome>;
}
