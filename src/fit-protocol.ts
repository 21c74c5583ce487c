/** Types that cross the boundary between the page and the worker that fits laws. */

/** One end of one run. All points of one `run` are resampled together. */
export interface Observation {
  run: string;
  /** What one law is fitted to: `dense`, `sparse` … */
  kind: string;
  /** Active parameters, tokens, training FLOPs. */
  n: number;
  d: number;
  c: number;
  /** Excess over the known floor, in nats per token. */
  loss: number;
}

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

/** A law, fitted. */
export interface Fit {
  law: 'power' | 'chinchilla' | 'frontier' | 'isoflop';
  kind: string;
  x: string;
  parameters: Record<string, number>;
  intervals: Record<string, [number, number]>;
  objective: number;
  delta: number;
  r2: number;
  runs: number;
  sizes: number;
  enough: boolean;
  notes: string[];
  curve: { x: number[]; y: number[]; low: number[]; high: number[] };
  /** Of an IsoFLOP fit only. */
  valleys?: Valley[];
}
