/** The training worker: exposes a Trainer and nothing else. src/protocol.ts is its contract. */
import * as comlink from 'comlink';
import type { RunRequest, StartOptions, TrainEvent, TrainOutcome } from '../src/protocol';
import { Trainer } from '../src/train/trainer';

class ExposedTrainer extends Trainer {
  /**
   * Events go out as they happen, their arrays transferred; training waits for nobody. They have a channel of their own,
   * and between channels there is no order: so the outcome waits until the page has the last of them.
   */
  override async start(
    requests: RunRequest[],
    onEvent: (event: TrainEvent) => unknown,
    options?: StartOptions,
  ): Promise<TrainOutcome> {
    let last: unknown;
    const emit = (event: TrainEvent): void => {
      last = onEvent(comlink.transfer(event, arraysOf(event)));
    };
    try {
      return await super.start(requests, emit, options);
    } finally {
      await last;
    }
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
