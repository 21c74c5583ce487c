/**
 * Tuning: every arm is given the same multiples of the rule's learning rate, and where the experiment says so several
 * widths, on seeds that the experiment never uses. All rates and seeds of one arm and width train as one cohort.
 */
import { totalSteps } from '../config/flops';
import type { BudgetName } from '../config/run-spec';
import { mean } from '../math/statistics';
import type { ResultFile, RunRequest, RunResult } from '../protocol';
import { expand, ruleRate, type Case, type Experiment } from './experiment';

/** One arm at one width and learning rate. */
export interface TuningCell {
  arm: string;
  dModel: number;
  lr: number;
  /** At the end of the budget, seed by seed; null where it diverged or was not measured. */
  excess: (number | null)[];
  /** Over the seeds; null where one of them has none: a rate that fails once is no rate to use. */
  mean: number | null;
}

export interface BestCell {
  arm: string;
  dModel: number;
  lr: number;
  /** False at the edge of the grid, in rate or in width: the best may lie outside. */
  interior: boolean;
}

/** What tuning one case of an experiment at one budget found. */
export interface Tuning {
  experiment: string;
  case: string;
  budget: string;
  seeds: number[];
  /** Name of the adapter. */
  device: string;
  /** Version of the lab. */
  version: string;
  cells: TuningCell[];
  /** The lowest mean of each arm; arms without any are left out. */
  best: BestCell[];
}

/** A cell that is still to be measured. */
export interface PlannedCell {
  arm: string;
  dModel: number;
  lr: number;
  requests: RunRequest[];
}

/** The cells of a case. Only the end of the budget counts, so there are no branches before it. */
export function planTuning(
  experiment: Experiment,
  budget: BudgetName,
  chosen: Case,
  seeds: readonly number[],
): PlannedCell[] {
  const { factors, widths } = experiment.tuned.grid;
  return chosen.arms.flatMap((arm) => {
    const settings = widths?.[arm]?.[budget]?.map((dModel) => ({ dModel })) ?? [{}];
    return settings.flatMap((setting) => {
      const requests = expand(experiment, budget, { case: chosen, setting, seeds }).filter((run) => run.arm === arm);
      return factors.map((factor) => planCell(experiment, requests, factor));
    });
  });
}

/** `requests` are the seeds of one arm; each cell has a name of its own, for whoever draws it. */
function planCell(experiment: Experiment, requests: RunRequest[], factor: number): PlannedCell {
  const [first] = requests;
  if (!first) throw new Error('A cell needs a seed.');
  const { arm, spec } = first;
  const { dModel } = spec.model;
  const lr = Number((factor * ruleRate(experiment, dModel, totalSteps(spec))).toPrecision(3));
  return {
    arm,
    dModel,
    lr,
    requests: requests.map(({ spec }) => ({
      arm: `${arm}, width ${dModel}, rate ${lr}`,
      spec: { ...spec, branches: [1], hyper: { ...spec.hyper, lr } },
    })),
  };
}

function measuredCell({ arm, dModel, lr, requests }: PlannedCell, runs: readonly RunResult[]): TuningCell {
  const excess = requests.map((request) => {
    const run = runs.find((one) => one.arm === request.arm && one.seed === request.spec.hyper.seed);
    return run && !run.diverged && Number.isFinite(run.excess) ? run.excess : null;
  });
  const sound = excess.filter((value) => value !== null);
  return { arm, dModel, lr, excess, mean: sound.length === excess.length ? mean(sound) : null };
}

function isInside(value: number, all: readonly number[]): boolean {
  return Math.min(...all) < value && value < Math.max(...all);
}

/** The cell with the lowest mean of each arm, in the arms' order. */
export function bestCells(cells: readonly TuningCell[]): BestCell[] {
  return [...new Set(cells.map(({ arm }) => arm))].flatMap((arm) => {
    const own = cells.filter((cell) => cell.arm === arm);
    const [best] = own.filter((cell) => cell.mean !== null).sort((a, b) => (a.mean ?? 0) - (b.mean ?? 0));
    if (!best) return [];
    const { dModel, lr } = best;
    const rates = own.filter((cell) => cell.dModel === dModel).map((cell) => cell.lr);
    const widths = own.map((cell) => cell.dModel);
    const oneWidth = widths.every((width) => width === dModel);
    return [{ arm, dModel, lr, interior: isInside(lr, rates) && (oneWidth || isInside(dModel, widths)) }];
  });
}

export function assembleTuning(
  subject: Pick<Tuning, 'experiment' | 'case' | 'budget' | 'seeds'>,
  planned: readonly PlannedCell[],
  result: Pick<ResultFile, 'device' | 'version' | 'runs'>,
): Tuning {
  const cells = planned.map((cell) => measuredCell(cell, result.runs));
  return { ...subject, device: result.device.name, version: result.version, cells, best: bestCells(cells) };
}
