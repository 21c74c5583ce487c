/** All experiments, in the order in which they are offered. */
import { articleCompute } from './article-compute';
import { articleData } from './article-data';
import { balance } from './balance';
import { compute } from './compute';
import { curriculum } from './curriculum';
import { data } from './data';
import type { Case, Experiment } from './experiment';
import { noise } from './noise';
import { ownText } from './own-text';
import { predict } from './predict';
import { race } from './race';
import { repeats } from './repeats';
import { returns } from './returns';
import { size } from './size';
import { sparseBySize } from './sparse-by-size';

export const EXPERIMENTS: readonly Experiment[] = [
  race,
  size,
  data,
  compute,
  balance,
  predict,
  sparseBySize,
  returns,
  articleData,
  articleCompute,
  noise,
  curriculum,
  repeats,
  ownText,
];

export function experimentOf(id: string): Experiment | undefined {
  return EXPERIMENTS.find((experiment) => experiment.id === id);
}

export function caseOf(experiment: Experiment, id: string): Case | undefined {
  return experiment.cases.find((one) => one.id === id);
}
