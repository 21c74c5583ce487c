/**
 * `window.lab`: the lab for programs. The browser's console and the terminal's `npm run lab` use it.
 *
 * ```js
 * const spec = { schemaVersion: 1, model: { … }, … };     // a RunSpec, as the README describes it
 * const [cohort] = await lab.describe(spec);              // counts, memory, the plan; trains nothing
 * const result = await lab.run(spec, { onProgress: ({ fraction }) => console.log(fraction) });
 * result.runs[0].excess;                                  // nats per token above the floor, on held-out text
 * ```
 *
 * Every method rejects with an error whose `name` is `LabError/<code>` and whose `message` is a sentence.
 */
import { canonicalJson, type BudgetName, type Hyper, type RunSpec } from '../config/run-spec';
import type { CohortDescription, ProgressEvent, ResultFile, RunRequest } from '../protocol';
import { text } from '../text/text';
import type { Keeper } from './keeper';
import { expand, type Selection } from '../experiments/experiment';
import { caseOf, experimentOf } from '../experiments/experiments';
import { LabError } from './problem';
import type { Session } from './session';
import { runSweep, type SweepParts } from './sweep';

export interface LabRunOptions {
  /** Name for the result file; `custom` if absent. */
  experiment?: string;
  /** Name for the result file; `custom` if absent. */
  budget?: string;
  /** Called several times a second while training. */
  onProgress?: (progress: ProgressEvent) => void;
}

/** A spec, several of them, or several with names. Specs that differ only in their seed share a line. */
export type LabRuns = RunSpec | RunSpec[] | RunRequest[];

export interface LabSweepOptions extends Pick<LabRunOptions, 'onProgress'> {
  budget?: BudgetName;
  /** Id of one of the experiment's cases; the first if absent. */
  case?: string;
  seeds?: number[];
}

export interface Lab {
  /** Trains an experiment as the page does, with its laws and predictions. One call at a time. */
  sweep(experiment: string, options?: LabSweepOptions): Promise<ResultFile>;
  /** Trains these runs, shows them on the page's chart and resolves with the result file. One call at a time. */
  run(runs: LabRuns, options?: LabRunOptions): Promise<ResultFile>;
  /** What these runs will be: parameters, FLOPs, memory and the plan. Nothing is trained. */
  describe(runs: LabRuns): Promise<CohortDescription[]>;
  /** Ends the training under way; its `run` resolves with what was measured. */
  stop(): Promise<void>;
}

/** Gives every spec a name: its width, and where that is not enough its learning rate or a number. */
export function nameRuns(specs: readonly RunSpec[]): RunRequest[] {
  const arms = new Map<string, string>();
  return specs.map((spec) => {
    // A spec that cannot be read is refused by the worker, with its reason; it only needs some name here.
    const { model, hyper: row }: Partial<RunSpec> = spec ?? {};
    const { seed: _seed, ...hyper }: Partial<Hyper> = row ?? {};
    const key = canonicalJson({ ...spec, hyper });
    let arm = arms.get(key);
    if (arm === undefined) {
      const taken = [...arms.values()];
      const candidates = [text.arm.width(model?.dModel), text.arm.rate(model?.dModel, row?.lr)];
      arm = candidates.find((name) => !taken.includes(name)) ?? text.arm.number(arms.size + 1);
      arms.set(key, arm);
    }
    return { arm, spec };
  });
}

function requestsOf(runs: LabRuns): RunRequest[] {
  const list = Array.isArray(runs) ? runs : [runs];
  const named = list.every((run): run is RunRequest => typeof run === 'object' && run !== null && 'arm' in run);
  return named ? list : nameRuns(list);
}

async function sweep(
  parts: SweepParts,
  id: string,
  { budget = 'quick', case: caseId, seeds, onProgress }: LabSweepOptions,
): Promise<ResultFile> {
  const experiment = experimentOf(id);
  const chosen = experiment && (caseId === undefined ? experiment.cases[0] : caseOf(experiment, caseId));
  if (!experiment?.budgets.includes(budget) || !chosen) throw new LabError('spec', text.problem.noSuchExperiment);
  const selection: Selection = { case: chosen, ...(seeds && { seeds }) };
  return runSweep(parts, expand(experiment, budget, selection), {
    subject: { experiment: experiment.id, budget, case: chosen.id },
    experiment,
    ...(onProgress && { onProgress }),
  });
}

/** @param show brings an experiment onto the page */
export function makeLab(session: Session, keeper: Keeper, show: (experiment: string) => void): Lab {
  const parts = { session, keeper };
  return {
    sweep: (experiment, options = {}) => {
      show(experiment);
      return sweep(parts, experiment, options);
    },
    run: (runs, { experiment = 'custom', budget = 'custom', onProgress } = {}) =>
      runSweep(parts, requestsOf(runs), {
        subject: { experiment, budget },
        experiment: undefined,
        ...(onProgress && { onProgress }),
      }),
    describe: (runs) => session.describe(requestsOf(runs)),
    stop: () => session.stop(),
  };
}

declare global {
  interface Window {
    lab: Lab;
  }
}
