/** What the benchmark measures, as the page, the terminal and the JSON file have it. */
import type { CohortDescription, DeviceInfo } from './protocol';

/** What the adapter can do at most, one thing at a time (shaders/ceilings.wgsl). */
export interface Ceilings {
  /** GFLOP/s of multiply-adds without memory. */
  multiplyAdd: number;
  /** GB/s. */
  load: number;
  store: number;
  /** GB/s, read and written together. */
  copy: number;
  /** Microseconds of an empty dispatch among many, of an empty submit until it is known to be done, of a barrier. */
  dispatch: number;
  submit: number;
  barrier: number;
}

/** `share` is of the limit: the least time that the ceilings allow its FLOPs and bytes, over the time it took. */
export interface KernelFigures {
  name: string;
  shape: string;
  profile: string;
  milliseconds: number;
  gflops: number;
  gbps: number;
  share: number;
}

export interface StepFigures {
  name: string;
  milliseconds: number;
  tokensPerSecond: number;
  /** Training FLOPs by the convention of budgets. */
  gflops: number;
  share: number;
  dispatches: number;
  bytesMoved: number;
  flopsExecuted: number;
  /** Compiling included; what an earlier step compiled already is shared. */
  planBuildMs: number;
}

export interface MoeFigures {
  experts: number;
  topK: number;
  milliseconds: number;
  /** Times the dense layer of equal active FLOPs. */
  ratioToDense: number;
}

export interface ReplicaFigures {
  count: number;
  tokensPerSecond: number;
  dispatchesPerToken: number;
}

/** Time of one dispatch of a step, replayed by itself. */
export interface DispatchFigures {
  step: string;
  label: string;
  kernel: string;
  milliseconds: number;
  /** Of the sum over the step's dispatches. */
  share: number;
  gflops: number;
  gbps: number;
}

export interface BenchResult {
  schemaVersion: 1;
  device: DeviceInfo;
  ceilings: Ceilings;
  kernels: KernelFigures[];
  steps: StepFigures[];
  moe: MoeFigures[];
  replicas: ReplicaFigures[];
  dispatches: DispatchFigures[];
}

/** The parts of a benchmark, in the order in which they are measured. The ceilings always are. */
export const BENCH_PARTS = ['kernels', 'steps', 'moe', 'replicas', 'dispatches'] as const;
export type BenchPart = (typeof BENCH_PARTS)[number];

export interface BenchOptions {
  /** Which parts; the others are empty in the result. */
  parts: readonly BenchPart[];
  /** Larger shapes, more rounds. */
  full: boolean;
  /** Name of a kernel profile, in place of the lab's own choice. */
  kernels?: string | undefined;
}

/** Times of one training step, dispatch by dispatch, for the plan's table. */
export interface StepTimes {
  /** Of each dispatch of the plan, in its order. */
  milliseconds: number[];
  /** GFLOP/s of multiply-adds that the adapter reached before and behind. */
  multiplyAdd: number;
}

/** What the page and the benchmark's worker say to each other. */
export interface BenchWorker {
  /** Times the step of a cohort with these specs, on a state that is thrown away. Rejects with a LabError. */
  step(
    specs: CohortDescription['specs'],
    kernels: string,
    onProgress: (done: number, total: number) => void,
  ): Promise<StepTimes>;
  /** Measures; `onProgress` hears what is being measured. Rejects with a LabError. */
  run(options: BenchOptions, onProgress: (what: string) => void): Promise<BenchResult>;
}
