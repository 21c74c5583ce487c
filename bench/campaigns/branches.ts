/**
 * Is a branch of a long run a short run? The race's two arms at a quarter and at half of 3 × 10¹⁰ FLOPs, as branches of
 * one run and as runs of their own. Both are the same steps at the same rates, so that even seed for seed there should
 * be no difference.
 */
import { totalSteps, tokensPerStep } from '../../src/config/flops';
import { expand } from '../../src/experiments/experiment';
import { race } from '../../src/experiments/race';
import type { RunRequest, RunResult } from '../../src/protocol';
import { agree, endsByArm, shown, spreadOf, train, type Log, type Row } from '../lib/campaign';

/** A run of its own that ends where a branch of `request` does. */
function alone({ arm, spec }: RunRequest, fraction: number): RunRequest {
  const tokens = Math.round(totalSteps(spec) * fraction) * tokensPerStep(spec);
  return { arm, spec: { ...spec, budget: { tokens }, branches: [1] } };
}

/** Of two runs with one seed, in nats. */
function largestDifference(some: readonly RunResult[], others: readonly RunResult[]): number {
  const differences = some.map(({ seed, excess }) =>
    Math.abs(excess - (others.find((other) => other.seed === seed)?.excess ?? NaN)),
  );
  return Math.max(...differences);
}

export async function measure(log: Log): Promise<Row[]> {
  const whole = expand(race, 'quick');
  const fractions = race.base.branches.filter((fraction) => fraction < 1);
  const short = whole.flatMap((request) => fractions.map((fraction) => alone(request, fraction)));
  const branches = endsByArm((await train(whole, log)).runs);
  const separate = endsByArm((await train(short, log)).runs);
  return separate.flatMap((ends) => {
    const [end] = ends;
    const branch = branches.find(([one]) => one?.arm === end?.arm && one?.trainFlops === end?.trainFlops);
    if (!end || !branch) return [];
    const [asBranch, byItself] = [spreadOf(branch), spreadOf(ends)];
    return [
      {
        arm: end.arm,
        FLOPs: end.trainFlops.toExponential(2),
        branch: shown(asBranch),
        alone: shown(byItself),
        agrees: agree(asBranch, byItself),
        'largest difference': largestDifference(branch, ends),
      },
    ];
  });
}
