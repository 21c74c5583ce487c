/**
 * The page's state: one immutable value and its subscribers. Losses of single steps never pass through here
 * (they live in curves.ts); a change of state re-renders the page, so it happens a few times a second at most.
 */
import type { SweepRecord } from '../archive/records';
import type { BudgetName } from '../config/run-spec';
import type { Setting } from '../experiments/experiment';
import type { LawVerdict } from '../experiments/law-verdict';
import type { Fit } from '../fit-protocol';
import type {
  ChangeEvent,
  CloserLookEvent,
  CohortDescription,
  DeviceInfo,
  Evaluation,
  LabErrorCode,
  LookEvent,
  FrozenPrediction,
  ProgressEvent,
  ResultFile,
  RunResult,
} from '../protocol';
import type { Curves } from './curves';
import type { Reference } from '../text-protocol';
import type { Series } from './series';

/** Where a training session is. Only `idle`, `done`, `stopped` and `failed` accept a start. */
export type Phase =
  'opening' | 'idle' | 'preparing' | 'running' | 'paused' | 'stopping' | 'done' | 'stopped' | 'failed';

export type Vertical = 'excess' | 'loss';
export type Horizontal = 'flops' | 'tokens' | 'steps' | 'seconds' | 'parameters';
export type Scale = 'log' | 'linear';
export type Band = 'range' | 'interval';
export type Theme = 'light' | 'dark' | 'projector';

/** How the curves are drawn. */
export interface View {
  vertical: Vertical;
  horizontal: Horizontal;
  scale: Scale;
  band: Band;
}

/** One end of one run, measured on the held-out set. */
export interface End extends Evaluation {
  series: number;
  seed: number;
  fraction: number;
  step: number;
}

/** Something that went wrong, as the reader is told it. */
export interface Problem {
  code: LabErrorCode;
  sentence: string;
}

/** What is being trained: an experiment's id and budget, or `custom`. */
export interface Subject {
  experiment: string;
  budget: string;
  /** Id of the experiment's case. */
  case?: string;
  /** What the reader had changed. */
  setting?: Setting;
  /** Where they are not the experiment's own. */
  seeds?: readonly number[];
}

/** Results from a link or a file: what another visit measured, to be shown and to be trained again. */
export interface Shared {
  /** Recorded results come with the lab; shared ones from a link or a file. */
  origin: 'shared' | 'recorded';
  subject: Subject;
  result: ResultFile;
  series: Series[];
  ends: End[];
  law: LawState;
  curves: Curves;
}

/** What the next start will run, but for the budget. */
export interface Wanted {
  /** Id of a case of the experiment. */
  case: string;
  setting: Setting;
  /** Absent: the experiment's own. */
  seeds?: readonly number[];
}

/** Ends of a case that were measured in this visit, as the experiment has it. */
export interface Measured {
  budget: BudgetName;
  runs: RunResult[];
}

/** What has become of an experiment on a law so far. */
export interface LawState {
  /** Every end of every run that has arrived, of earlier sittings too. */
  runs: RunResult[];
  /** Laws fitted to them; made anew as ends arrive, in a worker. */
  fits: Fit[];
  prediction: FrozenPrediction | undefined;
  verdict: LawVerdict | undefined;
  /** Why there is no law, in a sentence. */
  refused: string | undefined;
}

/** A sweep that nobody trains and that is not over. */
export type Unfinished = Pick<SweepRecord, 'id' | 'experiment' | 'budget' | 'startedAt'>;

/** What is known of a text that was read. */
export interface ChosenText {
  title: string;
  /** Characters that have a token of their own, and the share of the text that the others make up. */
  characters: number;
  folded: number;
  /** What n-grams lose on it; empty until they are counted. */
  references: Reference[];
}

export interface LabState {
  phase: Phase;
  device: DeviceInfo | undefined;
  /** Id of the experiment that the page shows. */
  exhibit: string;
  /** The budget that the next start will use. */
  budget: BudgetName;
  wanted: Wanted;
  /** Seconds that each budget will take on this machine, once measured. */
  estimates: Partial<Record<BudgetName, number>>;
  subject: Subject;
  /** Plans and counts of what is shown. */
  cohorts: CohortDescription[];
  series: Series[];
  compile: { done: number; total: number } | undefined;
  progress: ProgressEvent | undefined;
  ends: End[];
  changes: ChangeEvent[];
  /** The latest look inside each cohort. */
  looks: Partial<Record<number, LookEvent>>;
  /** The latest closer look at each cohort. */
  closer: Partial<Record<number, CloserLookEvent>>;
  problem: Problem | undefined;
  result: ResultFile | undefined;
  /** What was opened from a link or a file; it stays beside what is then trained here. */
  shared: Shared | undefined;
  /** What was wrong with a link or a file, a sentence each. */
  notes: readonly string[];
  law: LawState;
  /** What the reader guessed: per cent of an experiment's bet, or the excess of a run to come in nats. */
  bet: number | undefined;
  /** The run that is pointed at, on whichever chart or table: `runKey` of law-points.ts. */
  pointed: string | undefined;
  /** Id in the archive of the sweep that is shown. */
  sweep: string | undefined;
  /** Sweeps of earlier visits that were broken off. */
  unfinished: Unfinished[];
  /** Why runs are not being kept, in a sentence. */
  notKept: string | undefined;
  /** Whether the page is kept for use without a connection; undefined while nobody knows. */
  offline: 'ready' | 'failed' | undefined;
  /** A newer version of the page waits for a reload. */
  newVersion: boolean;
  /** By case. */
  measured: Partial<Record<string, Measured>>;
  /** Texts of this visit, by hash. */
  texts: Partial<Record<string, ChosenText>>;
  /** A text is being read. */
  reading: boolean;
  view: View;
  theme: Theme;
}

export const NO_LAW: LawState = { runs: [], fits: [], prediction: undefined, verdict: undefined, refused: undefined };

export const INITIAL_STATE: LabState = {
  phase: 'opening',
  device: undefined,
  exhibit: '',
  budget: 'quick',
  wanted: { case: '', setting: {} },
  estimates: {},
  subject: { experiment: 'custom', budget: 'custom' },
  cohorts: [],
  series: [],
  compile: undefined,
  progress: undefined,
  ends: [],
  changes: [],
  looks: {},
  closer: {},
  problem: undefined,
  result: undefined,
  shared: undefined,
  notes: [],
  law: NO_LAW,
  bet: undefined,
  pointed: undefined,
  sweep: undefined,
  unfinished: [],
  notKept: undefined,
  offline: undefined,
  newVersion: false,
  measured: {},
  texts: {},
  reading: false,
  view: { vertical: 'excess', horizontal: 'flops', scale: 'log', band: 'range' },
  theme: 'light',
};

/** True while what is on the page was measured elsewhere: shared with the reader, or recorded with the lab. */
export function showsElsewhere({ shared, result }: LabState): boolean {
  return shared !== undefined && result === shared.result;
}

/** True while what is on the page came with the lab. */
export function showsRecorded(state: LabState): boolean {
  return state.shared?.origin === 'recorded' && showsElsewhere(state);
}

/** True when a start would be accepted. */
export function canStart(phase: Phase): boolean {
  return phase === 'idle' || phase === 'done' || phase === 'stopped' || phase === 'failed';
}

/** True while runs are under way, moving or not. */
export function isActive(phase: Phase): boolean {
  return phase === 'preparing' || phase === 'running' || phase === 'paused' || phase === 'stopping';
}

export class Store {
  #state: LabState;
  readonly #subscribers = new Set<() => void>();

  constructor(initial: Partial<LabState> = {}) {
    this.#state = { ...INITIAL_STATE, ...initial };
  }

  get state(): LabState {
    return this.#state;
  }

  update(change: Partial<LabState>): void {
    this.#state = { ...this.#state, ...change };
    for (const subscriber of [...this.#subscribers]) subscriber();
  }

  /** Returns the function that ends the subscription. */
  subscribe(subscriber: () => void): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }
}
