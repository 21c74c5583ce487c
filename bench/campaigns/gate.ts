/**
 * The engine's first check on learning: the dense d 16 model on lag 1, 32 topics, zipf 1, at 3 × 10¹⁰ FLOPs.
 * An independent implementation ends at an excess of .58 nats per token; three seeds must agree to .05.
 */
import { shown, spreadOf, train, type Log, type Row } from '../lib/campaign';
import { ladder16, seeds } from '../../src/bench/specs';

const EXPECTED = 0.58;
const TOLERANCE = 0.05;

export async function measure(log: Log): Promise<Row[]> {
  const requests = seeds(ladder16, 3).map((spec) => ({ arm: 'dense d 16', spec }));
  const { runs, seconds } = await train(requests, log);
  const spread = spreadOf(runs);
  log(`mean excess ${shown(spread)} in ${seconds.toFixed(0)} s`);
  if (!(Math.abs(spread.mean - EXPECTED) <= TOLERANCE)) {
    throw new Error(`The mean excess is ${spread.mean.toFixed(3)}, not ${EXPECTED} ± ${TOLERANCE}.`);
  }
  return runs.map(({ seed, loss, floor, excess, evalTokens }) => ({
    seed: String(seed),
    loss,
    floor,
    excess,
    evalTokens,
  }));
}
