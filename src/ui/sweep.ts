/**
 * Trains an experiment's runs, keeps them, and makes laws of them as they end: what a press of start does, here or in a
 * terminal, and what goes on after a reload.
 */
import type { Resumption } from '../archive/records';
import { staticKey } from '../config/run-spec';
import type { Experiment } from '../experiments/experiment';
import type { ProgressEvent, ResultFile, RunRequest, RunResult } from '../protocol';
import { CHECKPOINT_EVERY, type Keeper, type Keeping } from './keeper';
import { loadLater } from './later';
import type { Session } from './session';
import type { Subject } from './store';

export interface SweepParts {
  session: Session;
  keeper: Keeper;
}

export interface SweepOptions {
  subject: Subject;
  /** Undefined for runs that belong to none. */
  experiment: Experiment | undefined;
  /** A sweep that was broken off. */
  resumed?: Resumption;
  onProgress?: (progress: ProgressEvent) => void;
}

/** The runs in the parts in which they are trained: what is to be predicted comes when all else has ended. */
function stagesOf(experiment: Experiment | undefined, requests: RunRequest[]): RunRequest[][] {
  const predicted = experiment?.law?.predicted;
  if (predicted === undefined) return [requests];
  return [requests.filter(({ arm }) => arm !== predicted), requests.filter(({ arm }) => arm === predicted)];
}

function byShape({ spec }: RunRequest): string {
  return staticKey(spec);
}

/** Rejects as `Session.run` does. */
export async function runSweep(
  { session, keeper }: SweepParts,
  requests: RunRequest[],
  { subject, experiment, resumed, onProgress }: SweepOptions,
): Promise<ResultFile> {
  const { lawsOf, verdictOf } = await loadLater();
  const law = lawsOf(session.store);
  if (experiment?.law) law.begin(experiment, resumed?.sweep.predictions[0]);
  let keeping: Keeping | undefined = resumed && (await keeper.goOn(resumed));
  const wanted = keeping ? keeping.remaining(requests, byShape) : requests;
  const stages = stagesOf(experiment, wanted);
  try {
    const result = await session.run(requests, {
      subject,
      stages: wanted === requests && stages.length === 1 ? [requests] : stages,
      start: {
        order: experiment?.law ? 'in-turn' : 'together',
        checkpointEvery: CHECKPOINT_EVERY,
        weights: true,
        // Nothing on the page of a law shows them.
        looks: !experiment?.law,
        ...(resumed && { resume: resumed.checkpoints }),
      },
      earlier: (cohorts) => Promise.resolve(keeping?.earlier(cohorts) ?? { runs: [], points: [], seconds: 0 }),
      onPlan: async (cohorts, device) => {
        keeping ??= await keeper.begin(subject, requests, device);
        keeping.plan(cohorts);
        session.store.update({ sweep: keeping.id });
        law.add(resumed?.finished ?? []);
      },
      beforeStage: async (stage, runs) => {
        // Its run has not begun: what is said of it now is said in advance.
        if (stage === 0 || !experiment || session.store.state.law.prediction) return;
        // Events come by a way of their own, and the last may be later than the part's end.
        law.add(runs);
        const prediction = await law.freeze(experiment, requests);
        if (prediction) keeping?.predicted(prediction);
      },
      onEvent: (event) => {
        keeping?.take(event);
        if (event.type === 'branch') law.add(event.runs);
      },
      ...(onProgress && { onProgress }),
      conclude: async (runs) => conclusionOf(runs),
    });
    const { phase } = session.store.state;
    // Likewise.
    keeping?.ended(result.runs);
    keeping?.end(phase === 'done' ? 'done' : 'stopped', result.seconds, result.predictions ?? []);
    return result;
  } catch (error) {
    keeping?.leave();
    // What had ended is kept, and the rest is offered.
    void keeper.review(session.store);
    throw error;
  }

  async function conclusionOf(
    runs: readonly RunResult[],
  ): Promise<Pick<ResultFile, 'verdict' | 'fits' | 'predictions'>> {
    if (!experiment) return { verdict: null };
    if (!experiment.law) return { verdict: verdictOf(experiment, runs) };
    law.add(runs);
    await law.settled();
    const { fits, prediction, verdict } = session.store.state.law;
    return { verdict: verdict ?? null, fits, predictions: prediction ? [prediction] : [] };
  }
}
