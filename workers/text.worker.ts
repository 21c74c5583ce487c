/** The worker that reads texts, so that the page stays quick. src/text-protocol.ts is its contract. */
import * as comlink from 'comlink';
import { nGramLosses, ORDERS } from '../src/data/n-grams';
import { readText } from '../src/data/read-text';
import { tokenise } from '../src/data/text';
import type { TextWorker } from '../src/text-protocol';

const worker: TextWorker = {
  read: readText,
  references: async (text, config) => {
    const losses = nGramLosses(config, (await tokenise(text)).tokens);
    return ORDERS.map((order, i) => ({ order, loss: losses[i]! }));
  },
};
comlink.expose(worker);
