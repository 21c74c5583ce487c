/** All experiments, in the order in which they are offered. */
import type { Case, Experiment } from './experiment';
import { lossAgainstSize } from './loss-against-size';
import { race } from './race';

export const EXPERIMENTS: readonly Experiment[] = [race, lossAgainstSize];

export function experimentOf(id: string): Experiment | undefined {
  return EXPERIMENTS.find((experiment) => experiment.id === id);
}

export function caseOf(experiment: Experiment, id: string): Case | undefined {
  return experiment.cases.find((one) => one.id === id);
}
