/** The training worker: exposes a Trainer and nothing else. src/protocol.ts is its contract. */
import * as comlink from 'comlink';
import type { RunRequest, TrainEvent, TrainOutcome } from '../src/protocol';
import { Trainer } from '../src/train/trainer';

class ExposedTrainer extends Trainer {
  /** Events go out as they happen, points with their data transferred; nobody waits for the page. */
  override start(requests: RunRequest[], onEvent: (event: TrainEvent) => void): Promise<TrainOutcome> {
    return super.start(requests, (event) => {
      onEvent(event.type === 'points' ? comlink.transfer(event, [event.data.buffer as ArrayBuffer]) : event);
    });
  }
}

comlink.expose(new ExposedTrainer());
