/**
 * The engine's first check on learning: the dense d 16 model on lag 1, 32 topics, zipf 1, at 3 × 10¹⁰ FLOPs.
 * An independent implementation ends at an excess of .58 nats per token; three seeds must agree to .05.
 */
import { mean, standardDeviation } from '../../src/math/statistics';
import { Trainer } from '../../src/train/trainer';
import { ladder16, seeds } from '../lib/specs';

const EXPECTED = 0.58;
const TOLERANCE = 0.05;

export async function measure(log: (line: string) => void): Promise<Record<string, string | number | boolean>[]> {
  const trainer = new Trainer();
  const { name } = await trainer.open();
  const requests = seeds(ladder16, 3).map((spec) => ({ arm: 'dense d 16', spec }));
  let tenths = 0;
  const { runs, seconds } = await trainer.start(requests, (event) => {
    if (event.type !== 'progress' || event.fraction < (tenths + 1) / 10) return;
    tenths = Math.floor(event.fraction * 10);
    log(`${name}: ${tenths * 10} %, ${Math.round(event.secondsLeft)} s left`);
  });
  const rows = runs.map(({ seed, loss, floor, excess, evalTokens }) => ({
    seed: String(seed),
    loss,
    floor,
    excess,
    evalTokens,
  }));
  const excesses = runs.map(({ excess }) => excess);
  const average = mean(excesses);
  log(`mean excess ${average.toFixed(3)} ± ${standardDeviation(excesses).toFixed(3)} in ${seconds.toFixed(0)} s`);
  if (Math.abs(average - EXPECTED) > TOLERANCE) {
    throw new Error(`The mean excess is ${average.toFixed(3)}, not ${EXPECTED} ± ${TOLERANCE}.`);
  }
  return rows;
}
