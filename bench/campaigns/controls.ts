/** The race's controls at 3 × 10¹⁰ FLOPs: tables in place of the router, routers that never learn, and the ceiling. */
import { caseNamed, raceCase, type Log, type Row } from '../lib/campaign';

const EXPECTED = {
  'table by token': { mean: 1.13, sd: 0.1 },
  'table by position': { mean: 1.13, sd: 0.04 },
  'frozen router': { mean: 0.205, sd: 0.002 },
  'frozen, detached': { mean: 0.318, sd: 0.028 },
  'told the topic': { mean: 0.106, sd: 0.003 },
};

export function measure(log: Log): Promise<Row[]> {
  const chosen = { ...caseNamed('controls'), arms: Object.keys(EXPECTED) };
  return raceCase(chosen, 'quick', EXPECTED, log);
}
