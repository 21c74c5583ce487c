/** What is asked of the worker that fits laws, for an experiment's ends; and how a prediction is scored. */
import { countParameters, totalSteps, tokensPerStep, trainFlopsPerStep } from '../config/flops';
import type { RunSpec } from '../config/run-spec';
import type { FitRequest, Place } from '../fit-protocol';
import type { FrozenPrediction, RunResult } from '../protocol';
import type { Experiment, WantedFit } from './experiment';
import { observationsOf } from './observations';

function requestOf({ law, x, floor }: WantedFit, observations: FitRequest['observations']): FitRequest {
  return {
    observations,
    law,
    ...(law === 'power' && x !== 'n,d' && { axis: x }),
    // What is fitted is the excess over the floor.
    ...(floor === 'known' && { floor: 0 }),
  };
}

/** The fits of an experiment. What is to be predicted is never among what the law is made from. */
export function fitRequests(experiment: Experiment, runs: readonly RunResult[]): FitRequest[] {
  const { law } = experiment;
  if (!law) return [];
  const observations = observationsOf(
    experiment,
    runs.filter(({ arm }) => arm !== law.predicted),
  );
  return observations.length === 0 ? [] : law.fits.map((wanted) => requestOf(wanted, observations));
}

/** Where a run will lie, before it is trained. */
export function placeOf(spec: RunSpec): Place {
  const steps = totalSteps(spec);
  return {
    n: countParameters(spec).active,
    d: steps * tokensPerStep(spec),
    c: steps * trainFlopsPerStep(spec),
  };
}

/** A prediction with what its run came to; as it is while that has no end. A run that diverged is no hit. */
export function scored(prediction: FrozenPrediction, runs: readonly RunResult[]): FrozenPrediction {
  const run = runs.find(({ arm }) => arm === prediction.arm);
  if (!run) return prediction;
  const [low, high] = prediction.interval;
  return { ...prediction, measured: run.excess, hit: run.excess >= low && run.excess <= high };
}
