/** The training worker: exposes a Trainer and nothing else. src/protocol.ts is its contract. */
import * as comlink from 'comlink';
import type { RunRequest, StartOptions, TrainEvent, TrainOutcome } from '../src/protocol';
import { Trainer } from '../src/train/trainer';

class ExposedTrainer extends Trainer {
  /** Events go out as they happen, their arrays transferred; nobody waits for the page. */
  override start(
    requests: RunRequest[],
    onEvent: (event: TrainEvent) => void,
    options?: StartOptions,
  ): Promise<TrainOutcome> {
    return super.start(requests, (event) => onEvent(comlink.transfer(event, arraysOf(event))), options);
  }
}

/** The memory of an event's typed arrays, which nothing in the worker reads again. */
function arraysOf(event: TrainEvent): ArrayBuffer[] {
  if (event.type === 'points') return [event.data.buffer as ArrayBuffer];
  if (event.type === 'weights') return event.replicas.map(({ buffer }) => buffer);
  if (event.type !== 'checkpoint') return [];
  const { model, trunk, trunkTraces, branchTraces } = event.checkpoint;
  const states = [model, ...(trunk ? [trunk] : [])];
  return [
    ...states.flatMap(({ params, m, v, state }) => [params.buffer, m.buffer, v.buffer, state.buffer]),
    ...[...trunkTraces, ...branchTraces].flatMap(({ loss, floor }) => [loss.buffer, floor.buffer]),
  ];
}

comlink.expose(new ExposedTrainer());
