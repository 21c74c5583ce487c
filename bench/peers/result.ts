/** What the comparison is asked for and what it answers: the contract between the page and the terminal. */

/** Who takes part. Ours comes first: the others are compared with it. */
export const ENTRANTS = ['ours', 'jax-js webgpu', 'jax-js wasm', 'tfjs webgpu', 'tfjs wasm'] as const;
export type Entrant = (typeof ENTRANTS)[number];

export const PEERS_PARTS = ['S', 'M', 'products'] as const;
export type PeersPart = (typeof PEERS_PARTS)[number];
/** Training steps; src/bench/specs.ts says what they are. */
export type StepName = Exclude<PeersPart, 'products'>;

/** y = x·w, and its gradients dx = dy·wᵀ and dw = xᵀ·dy. */
export const PRODUCTS = ['y', 'dx', 'dw'] as const;
export type Product = (typeof PRODUCTS)[number];

/** x is [rows, inputs], w [inputs, outputs]. */
export interface ProductShape {
  rows: number;
  inputs: number;
  outputs: number;
}

export interface Figures {
  entrant: Entrant;
  /** Of one step or product, the median of rounds. */
  milliseconds?: number;
  /** How many times as fast ours was: the median of the rounds' ratios. */
  ours?: number;
  /** Why figures are missing, or of fewer rounds. */
  problem?: string;
}

export interface StepComparison extends Figures {
  step: StepName;
  /** Seconds until the first step was done: loading, compiling, uploading. */
  openSeconds: number;
  tokensPerSecond?: number;
  /** Of the first steps, each before its update, nats a scored token. */
  losses: number[];
  /** Largest distance of such a loss from ours. */
  lossDifference: number;
}

export interface ProductComparison extends Figures, ProductShape {
  product: Product;
  gflops?: number;
}

export interface PeersResult {
  schemaVersion: 1;
  /** The adapter. */
  device: string;
  /** Processors that the browser tells of: the wasm backends start as many threads. */
  threads: number;
  steps: StepComparison[];
  products: ProductComparison[];
}

/** The page's one function. */
export type ComparePeers = (
  parts: readonly PeersPart[],
  rounds: number,
  say: (what: string) => void,
) => Promise<PeersResult>;
