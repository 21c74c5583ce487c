/** Every experiment on a law at a few steps, with one seed: each trains, none diverges, and each has something to say. */
import { train, type Log, type Row } from '../lib/campaign';
import { expand } from '../../src/experiments/experiment';
import { EXPERIMENTS } from '../../src/experiments/experiments';
import { fitRequests } from '../../src/experiments/law-fits';
import { verdictOf } from '../../src/experiments/verdict-of';
import { fitLaws } from '../../src/scaling/fit';

export async function measure(log: Log): Promise<Row[]> {
  const rows: Row[] = [];
  for (const experiment of EXPERIMENTS) {
    if (!experiment.law) continue;
    const requests = expand(experiment, 'smoke', { seeds: [1] });
    const { runs, seconds } = await train(requests, () => undefined, { order: 'in-turn' });
    const outcomes = fitRequests(experiment, runs).map((request) => fitLaws({ ...request, resamples: 20 }));
    const verdict = verdictOf(experiment, runs, { fits: outcomes.flatMap(({ fits }) => fits) });
    log(`${experiment.id}: ${verdict?.sentence ?? 'nothing to say'}`);
    rows.push({
      experiment: experiment.id,
      runs: requests.length,
      ends: runs.length,
      diverged: runs.filter(({ diverged }) => diverged).length,
      fits: outcomes.flatMap(({ fits }) => fits).length,
      problems: outcomes.flatMap(({ problems }) => problems.map(({ code }) => code)).join(', '),
      seconds: Math.round(seconds),
    });
  }
  if (rows.some(({ diverged }) => diverged !== 0)) throw new Error(`Some diverged: ${JSON.stringify(rows)}`);
  return rows;
}
