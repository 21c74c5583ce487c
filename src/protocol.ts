/**
 * Every type that crosses the boundary between the page and the training worker, on one page.
 *
 * The page calls `TrainWorker` through comlink and passes one callback, which receives `TrainEvent`s. A
 * cohort is a group of runs whose static configs are equal: they are replicas 0 … R−1 of one plan.
 */
import type { HyperPatch, RunSpec } from './config/run-spec';
import type { Fit } from './fit-protocol';

/** What the worker found out about the machine. */
export interface DeviceInfo {
  /** Readable name of the adapter, as the browser tells it. */
  name: string;
  vendor: string;
  architecture: string;
  /** True for an adapter that runs on the CPU. */
  software: boolean;
  kernelProfile: string;
  /** Who chose those kernels: what the adapter can do, a short probe, or somebody who asked for them. */
  kernelsBy: 'adapter' | 'probe' | 'request';
  /** What the probe measured; empty where there was nothing to choose. */
  probe: ProbeRow[];
  features: string[];
}

/** Time of one matrix product with the kernels of a profile; null where they gave no answer in time. */
export interface ProbeRow {
  kernelProfile: string;
  milliseconds: number | null;
}

/** One dispatch of a plan, as the plan's table shows it. */
export interface PlanRow {
  index: number;
  /** Kernel and entry point, e.g. `matmul/forward`. */
  kernel: string;
  /** What it computes, e.g. `layer 0 / qkv`. */
  label: string;
  /** Workgroups in x, y, z; z is the replica. */
  grid: [number, number, number];
  /** `name: [shape]` of every binding, in order. */
  bindings: string[];
  flops: number;
  bytes: number;
}

/** What one dispatch runs. */
export interface KernelText {
  /** The very text that the device compiles: includes joined, constants put in, loops over them written out. */
  code: string;
  entry: string;
  workgroupSize: [number, number, number];
  /** Constants of the file that were set, and the numbers that it reads from its uniform. */
  constants: Record<string, number | boolean>;
  extents: Record<string, number>;
  /** The files that it was made from, as they were written, without their includes. */
  files: { name: string; text: string }[];
}

export interface PlanDescription {
  dispatches: PlanRow[];
  /** Sum over the dispatches of one step, all replicas. */
  executedFlops: number;
  bytesMoved: number;
  pipelines: number;
}

/** What a group of runs will be, known before anything is allocated. */
export interface CohortDescription {
  cohort: number;
  /** One spec a replica. */
  specs: RunSpec[];
  /** Hash of its runs' identities, in order: what a checkpoint of it has too. */
  key: string;
  steps: number;
  /** Steps really executed, branches included. */
  executedSteps: number;
  tokensPerStep: number;
  trainFlopsPerStep: number;
  paramsTotal: number;
  paramsNonEmbedding: number;
  paramsActive: number;
  /** Entropy rate of each replica's source, nats per scored token; 0 for a text, whose own nobody knows. */
  floor: number[];
  /** GPU memory of states, plans and rings together. */
  bytes: number;
  plan: PlanDescription;
}

/** Columns of a metrics row, in order. `excess` = loss − floorLoss is what the chart draws. */
export const METRICS = ['loss', 'floorLoss', 'gradNorm', 'lr'] as const;

/** A batch of training steps of one cohort: `[steps, replicas, METRICS.length]`, transferred. */
export interface PointsEvent {
  type: 'points';
  cohort: number;
  /** Index of the branch that these steps belong to, or −1 for the trunk. */
  branch: number;
  /** Number of the first step in `data`, counted from 1. */
  firstStep: number;
  steps: number;
  data: Float32Array;
}

/** How one layer's experts were used on some held-out documents. */
export interface LayerRouting {
  /** `[E]`: share of all visits that each expert received; they add up to 1. */
  load: number[];
  /** `[K][E]`: the same for the visits of each topic's tokens; all 0 for a topic that did not occur. */
  byTopic: number[][];
  /** Mean entropy of a token's probabilities over experts, in nats: log E where the router has no preference. 0 for a table. */
  entropy: number;
  /** Experts that nobody visited. */
  dead: number;
}

/** A held-out document and what the model makes of it. All arrays are `[T]`. */
export interface ReadDocument {
  topic: number;
  /** s1 … sT. The first `lag` come by chance and are not scored. */
  tokens: number[];
  /** Probability that the model gave each of them. */
  probability: number[];
  /** The token that it held most likely, and how likely. */
  guess: number[];
  guessProbability: number[];
}

/** A held-out beginning, how the text goes on, and how the model would. */
export interface WrittenText {
  beginning: string;
  truth: string;
  /** The most likely character each time. */
  likely: string;
  /** Drawn by the model's own probabilities, made somewhat surer. */
  drawn: string;
}

/** A look inside replica 0 of a cohort, taken now and then while it trains. */
export interface LookEvent {
  type: 'look';
  cohort: number;
  /** Steps done before. */
  step: number;
  /** Empty where a text is read. */
  documents: ReadDocument[];
  /** Where a text is read. */
  written?: WrittenText[];
  /** One for each layer; empty for a dense model. */
  routing: LayerRouting[];
}

/** A held-out document, token by token, inside a model. */
export interface CloserDocument {
  /** `[T]` what the model reads; where topics are read the first is the topic's tag, V + topic. */
  tokens: number[];
  /** The tokens as characters, where a text is read. */
  characters?: string[];
  /** Of each layer `[T·k]`: the experts that each token visits. Empty for a dense model. */
  experts: number[][];
  /** Of each layer `[H·T·T]`: how much the token of a row heeds each up to itself. Rows add up to 1. */
  attention: Float32Array[];
}

/** A closer look inside replica 0 of a cohort: taken now and then while somebody looks, and once when it ends. */
export interface CloserLookEvent {
  type: 'closer-look';
  cohort: number;
  /** Steps done before. */
  step: number;
  documents: CloserDocument[];
}

/** One branch of one run has ended and was evaluated on the held-out set. */
export interface Evaluation {
  /** Loss on the held-out set, nats per scored token. */
  loss: number;
  /** The true process's own −log p on that same set, nats per scored token; 0 for a text. */
  floor: number;
  excess: number;
  /** Scored tokens of the held-out set. */
  evalTokens: number;
  /** True when the loss is not a number, or more than twice that of guessing. */
  diverged: boolean;
  /** One for each layer, over part of the held-out set; absent for a dense model. */
  routing?: LayerRouting[];
}

export interface BranchEvent {
  type: 'branch';
  cohort: number;
  branch: number;
  /** Fraction of the budget at which it ends. */
  fraction: number;
  step: number;
  /** One for each replica. */
  evaluations: Evaluation[];
  /** The rows of the result file that this end makes, one for each replica. */
  runs: RunResult[];
}

/** A cohort under way, from which it can be gone on. Its arrays are transferred. */
export interface CheckpointEvent {
  type: 'checkpoint';
  cohort: number;
  checkpoint: Checkpoint;
}

/** The weights at the end of each run's last branch. The arrays are transferred. */
export interface WeightsEvent {
  type: 'weights';
  cohort: number;
  /** Names and shapes as in nn/parameters.ts. */
  tensors: { name: string; shape: number[] }[];
  /** One for each replica: all tensors one behind the other, contiguous and unpadded. */
  replicas: Float32Array<ArrayBuffer>[];
}

export interface ProgressEvent {
  type: 'progress';
  /** Of the time that all cohorts take, as it is expected by now; 0 … 1. */
  fraction: number;
  secondsElapsed: number;
  /** For everything that is still to come, by measured speed; Infinity while nothing was measured. */
  secondsLeft: number;
  /** Step and total executed steps of each cohort. */
  cohorts: { step: number; steps: number }[];
}

/** A hyper-parameter took effect between two steps. */
export interface ChangeEvent {
  type: 'change';
  cohort: number;
  replica: number;
  /** Steps done before it took effect. */
  step: number;
  patch: HyperPatch;
}

/** Pipelines being compiled before the first step. */
export interface CompileEvent {
  type: 'compile';
  done: number;
  total: number;
}

export type TrainEvent =
  | PointsEvent
  | BranchEvent
  | LookEvent
  | CloserLookEvent
  | ProgressEvent
  | ChangeEvent
  | CompileEvent
  | CheckpointEvent
  | WeightsEvent;

/** Slabs of a model's state, all replicas, as they lie on the GPU, and the steps that it has done. */
export interface SavedState {
  step: number;
  params: Float32Array<ArrayBuffer>;
  m: Float32Array<ArrayBuffer>;
  v: Float32Array<ArrayBuffer>;
  /** Step counters and router biases, as words. */
  state: Float32Array<ArrayBuffer>;
}

/** One replica's training metrics, step by step. */
export interface SavedTrace {
  loss: Float32Array<ArrayBuffer>;
  floor: Float32Array<ArrayBuffer>;
}

/** Everything from which a cohort goes on bit for bit. Only the engine reads what is behind `step`. */
export interface Checkpoint {
  schemaVersion: 1;
  /** Hash of its runs' identities, in order: numerics version and kernel profile are part of them. */
  key: string;
  /** Steps executed so far, branches included. */
  step: number;
  /** Index of the segment (trunk or branch, in the order in which they are trained) under way. */
  segment: number;
  model: SavedState;
  /** The trunk as it was left, inside a branch behind which it goes on. */
  trunk?: SavedState;
  /** One for each replica: the trunk's steps so far, and those of the branch under way. */
  trunkTraces: SavedTrace[];
  branchTraces: SavedTrace[];
  /** Changes made, by replica: with the specs they give the hyper rows in effect. */
  changes: { step: number; patch: HyperPatch }[][];
  /** Results of the branches that have ended. */
  results: RunResult[];
  /** Milliseconds of training so far. */
  milliseconds: number;
}

/** The recorded curve of one run: the training loss of fresh batches, thinned. */
export interface Curve {
  step: number[];
  flops: number[];
  /** Training loss, nats per scored token. */
  loss: number[];
  /** Training loss minus the sampler's own −log p of the same batches. */
  excess: number[];
}

/** One end point of one run: a row of the result file. */
export interface RunResult {
  arm: string;
  seed: number;
  spec: RunSpec;
  /** Hash of spec, numerics version and kernel profile; equal runs have equal identities. */
  identity: string;
  lr: number;
  kernelProfile: string;
  /** Training FLOPs up to this branch's end, by the convention of config/flops.ts. */
  trainFlops: number;
  /** FLOPs that this plan's kernels executed for the same steps, one replica's share. */
  executedFlops: number;
  tokens: number;
  paramsTotal: number;
  paramsNonEmbedding: number;
  paramsActive: number;
  loss: number;
  floor: number;
  excess: number;
  evalTokens: number;
  diverged: boolean;
  /** Use of the experts at this end, layer by layer; absent for a dense model. */
  routing?: LayerRouting[];
  /** Wall-clock seconds in which this run's cohort was being trained. */
  seconds: number;
  branch: { budgetFlops: number };
  /** Changes made while it ran; with the spec they determine the run. */
  changes: { step: number; patch: HyperPatch }[];
  curve: Curve;
}

/** What training ended with. */
export interface TrainOutcome {
  /** False when it was stopped, or a cohort skipped, before the end. */
  complete: boolean;
  seconds: number;
  runs: RunResult[];
}

/** A run as the page asks for it. */
export interface RunRequest {
  /** Name under which the result is reported, e.g. `dense d 16`. */
  arm: string;
  spec: RunSpec;
}

/** How runs are started. */
export interface StartOptions {
  /**
   * `together`: all cohorts interleaved by work done, as in a race. `in-turn`: one after another, least work first, as
   * in a sweep; then only the largest needs to fit into memory. Default `together`.
   */
  order?: 'together' | 'in-turn';
  /** States to go on from; each belongs to the cohort with the same `key`. */
  resume?: Checkpoint[];
  /** Milliseconds between two checkpoints of a cohort under way. Absent: none are made. */
  checkpointEvery?: number;
  /** Report the final weights of each run. */
  weights?: boolean;
  /** Look inside each cohort now and then, and at its end (LookEvent). Default true; they take 4 % of the time. */
  looks?: boolean;
  /** The texts that the runs read; a spec names its text by hash only. */
  texts?: string[];
}

/** The training worker. Every method rejects with a `LabError` whose message is a sentence for the user. */
export interface TrainWorker {
  /** Asks for the adapter and device, and for these kernels if any are named; safe to call again. */
  open(kernels?: string): Promise<DeviceInfo>;
  /** Plans, counts and memory of these runs; allocates nothing on the GPU. `order` decides what must fit into memory. */
  describe(runs: RunRequest[], options?: Pick<StartOptions, 'order'>): Promise<CohortDescription[]>;
  /** Compiles the pipelines of these runs and measures a step of each: seconds for all of them. */
  estimate(runs: RunRequest[]): Promise<{ seconds: number }>;
  /** Trains all runs. One call at a time. A checkpoint that is none of theirs or is damaged is refused. */
  start(runs: RunRequest[], onEvent: (event: TrainEvent) => void, options?: StartOptions): Promise<TrainOutcome>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** While paused: one optimiser step of the cohort that is furthest behind. */
  step(): Promise<void>;
  /** Ends training after the submits in flight; `start` resolves with what was measured. */
  stop(): Promise<void>;
  /** Ends this cohort, begun or not: its finished branches stay, the rest is not measured, and the others go on. */
  skip(cohort: number): Promise<void>;
  /** Takes effect between two submits; the step is reported in a `ChangeEvent`. */
  setHyper(cohort: number, replica: number, patch: HyperPatch): Promise<void>;
  /** Whether somebody looks: then closer looks are taken now and then, also of runs that start later. */
  lookCloser(looking: boolean): Promise<void>;
  /** The WGSL of one dispatch of these runs' training step; they are of one cohort. */
  kernelText(specs: RunSpec[], dispatch: number): Promise<KernelText>;
  /** Bytes of GPU memory that are allocated now. */
  liveBytes(): Promise<number>;
}

/** Codes of everything that can go wrong, so that the page can choose what to offer. */
export type LabErrorCode =
  | 'insecure-context'
  | 'no-webgpu'
  | 'no-adapter'
  | 'kernels'
  | 'device-lost'
  | 'limits'
  | 'memory'
  | 'spec'
  | 'text'
  | 'shader'
  | 'busy'
  | 'held-up'
  | 'internal';

/** Where a run is said to end, frozen before it begins. */
export interface FrozenPrediction {
  /** The arm that it is about, and the law's variable there. */
  arm: string;
  x: number;
  /** Excess over the floor, nats per token. */
  predicted: number;
  /** 90 % prediction interval of one new run. */
  interval: [number, number];
  /** When it was frozen: a date and time of ISO 8601. */
  frozenAt: string;
  /** What the reader had guessed before. */
  bet?: number;
  /** What it came to, and whether that lies inside the interval; absent until the run has ended. */
  measured?: number;
  hit?: boolean;
}

/** The result file, version 1. */
export interface ResultFile {
  schemaVersion: 1;
  experiment: string;
  budget: string;
  /** Id of the experiment's case, and what the reader had changed of its setting. */
  case?: string;
  setting?: Partial<Record<string, number>>;
  /** When it ended, ISO 8601. */
  date?: string;
  device: DeviceInfo;
  version: string;
  seconds: number;
  runs: RunResult[];
  verdict: unknown;
  /** Laws fitted to the runs; absent where the experiment has none. */
  fits?: Fit[];
  /** What was predicted before it was trained. */
  predictions?: FrozenPrediction[];
}
