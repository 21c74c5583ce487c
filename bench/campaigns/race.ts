/** The race at 3 × 10¹⁰ FLOPs, with its branches: three seeds of the dense and of the sparse model, lag 2. */
import { caseNamed, raceCase, type Log, type Row } from '../lib/campaign';

const EXPECTED = {
  dense: { mean: 0.631, sd: 0.058 },
  sparse: { mean: 0.201, sd: 0.003 },
};

export function measure(log: Log): Promise<Row[]> {
  return raceCase(caseNamed('race'), 'quick', EXPECTED, log);
}
