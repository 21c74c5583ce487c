/**
 * Sources on which routing by content should not be what pays, at 3 × 10¹⁰ FLOPs: with lag 1 a table by token does as
 * well as the learned router, and when topics share nine of ten rules nothing should win.
 */
import { caseNamed, raceCase, type Log, type Row } from '../lib/campaign';

const LAG_1 = {
  dense: { mean: 0.33, sd: 0.004 },
  sparse: { mean: 0.113, sd: 0.008 },
  'table by token': { mean: 0.098, sd: 0.002 },
};

export async function measure(log: Log): Promise<Row[]> {
  return [
    ...(await raceCase(caseNamed('lag-1'), 'quick', LAG_1, log)),
    ...(await raceCase(caseNamed('shared'), 'quick', {}, log)),
  ];
}
