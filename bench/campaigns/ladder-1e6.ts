/**
 * Loss against size over 1.0 million tokens, dense: an independent implementation found, with a cosine schedule, excess
 * 1.31 at width 8 to .42 at width 48, and an exponent of .335 ± .006 over non-embedding parameters.
 */
import { endsByArm, shown, spreadOf, train, type Log, type Row } from '../lib/campaign';
import { expand } from '../../src/experiments/experiment';
import { observationsOf } from '../../src/experiments/observations';
import { size } from '../../src/experiments/size';
import { fitLaws } from '../../src/scaling/fit';

const EXPECTED: Record<string, number> = {
  'dense 8': 1.31,
  'dense 12': 1.06,
  'dense 16': 0.86,
  'dense 24': 0.68,
  'dense 32': 0.55,
  'dense 48': 0.42,
};

export async function measure(log: Log): Promise<Row[]> {
  const requests = expand(size, '1e11').filter(({ arm }) => arm in EXPECTED);
  const { runs, seconds } = await train(requests, log, { order: 'in-turn' });
  log(`${Math.round(seconds)} s in all`);
  const observations = observationsOf(size, runs);
  for (const floor of [0, undefined]) {
    const { fits } = fitLaws({ observations, law: 'power', axis: 'n', ...(floor !== undefined && { floor }) });
    for (const { parameters, intervals, r2 } of fits) {
      log(`${floor === undefined ? 'floor free' : 'floor known'}: ${JSON.stringify({ parameters, intervals, r2 })}`);
    }
  }
  return endsByArm(runs).map((ends) => ({
    arm: ends[0]!.arm,
    size: ends[0]!.paramsNonEmbedding,
    excess: shown(spreadOf(ends)),
    'with cosine': EXPECTED[ends[0]!.arm] ?? NaN,
    seconds: Math.round(ends[0]!.seconds),
  }));
}
