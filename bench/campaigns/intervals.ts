/**
 * Do intervals keep their word? Of 300 simulated sweeps of 25 runs with 1 % noise, the 90 % intervals of both exponents,
 * and those of a prediction at twice the size and twice the tokens, must hold the truth in 84 to 96 % (three standard
 * errors of a share of 300 are 5 %). Nothing is trained.
 */
import { coverage, hits, type SweepOptions } from '../lib/simulated-sweep';
import type { Log, Row } from '../lib/campaign';

const SWEEPS = 300;
const RANGE = [0.84, 0.96] as const;

const CASES: (SweepOptions & { name: string })[] = [
  { name: 'floor known, δ from residuals', floorKnown: true, resamples: 400 },
  { name: 'floor known, δ = 0.001', floorKnown: true, delta: 1e-3, resamples: 400 },
  { name: 'floor fitted, δ from residuals', floorKnown: false, resamples: 400 },
];

export function measure(log: Log): Promise<Row[]> {
  const rows = CASES.map(({ name, ...options }) => {
    const row = { case: name, ...coverage(SWEEPS, options), prediction: hits(SWEEPS, options) };
    log(JSON.stringify(row));
    return row;
  });
  const strays = rows.filter(({ alpha, beta, prediction }) =>
    [alpha, beta, prediction].some((share) => share < RANGE[0] || share > RANGE[1]),
  );
  if (strays.length > 0) throw new Error(`Intervals hold too little or too much: ${JSON.stringify(strays)}.`);
  return Promise.resolve(rows);
}
