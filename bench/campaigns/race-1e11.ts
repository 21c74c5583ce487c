/** The race at 10¹¹ FLOPs, where the dense model is at its best with a width of 24. */
import { caseNamed, raceCase, type Log, type Row } from '../lib/campaign';

const EXPECTED = {
  dense: { mean: 0.208, sd: 0.036 },
  sparse: { mean: 0.05, sd: 0.004 },
};

export function measure(log: Log): Promise<Row[]> {
  return raceCase(caseNamed('race'), '1e11', EXPECTED, log);
}
