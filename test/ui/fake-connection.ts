/** A session's connection to a FakeTrainWorker over a real message channel, comlink and structured clone included. */
import * as comlink from 'comlink';
import type { TrainWorker } from '../../src/protocol';
import type { Connection } from '../../src/ui/connect';
import { FakeTrainWorker, type FakeOptions } from './fake-train-worker';

export interface FakeLink {
  connect: () => Connection;
  /** Makes the worker break down, as a script error in it would. */
  crash(message: string): void;
  /** Workers made so far. */
  made: number;
}

export function fakeLink(options: FakeOptions = {}): FakeLink {
  let reject: (error: Error) => void = () => undefined;
  const link: FakeLink = {
    made: 0,
    crash(message) {
      reject(new Error(message));
    },
    connect() {
      link.made++;
      const { port1, port2 } = new MessageChannel();
      comlink.expose(new FakeTrainWorker(options), port2);
      const broken = new Promise<never>((_resolve, fail) => {
        reject = fail;
      });
      broken.catch(() => undefined);
      return {
        remote: comlink.wrap<TrainWorker>(port1),
        broken,
        close() {
          port1.close();
          port2.close();
        },
      };
    },
  };
  return link;
}
