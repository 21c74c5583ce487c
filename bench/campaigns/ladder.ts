/**
 * The short ladder of sizes, dense and sparse: an independent implementation found exponents of .22 and .34 over active
 * parameters, and the sparse model below the dense one at every size.
 */
import { shown, spreadOf, endsByArm, train, type Log, type Row } from '../lib/campaign';
import { expand } from '../../src/experiments/experiment';
import { kindOf, observationsOf } from '../../src/experiments/observations';
import { size } from '../../src/experiments/size';
import { fitLaws } from '../../src/scaling/fit';

const EXPECTED = { dense: { alpha: 0.22, within: 0.03 }, sparse: { alpha: 0.34, within: 0.04 } };

export async function measure(log: Log): Promise<Row[]> {
  const { runs, seconds } = await train(expand(size, 'quick'), log, { order: 'in-turn' });
  log(`${Math.round(seconds)} s in all`);
  const { fits } = fitLaws({ observations: observationsOf(size, runs), law: 'power', axis: 'n', floor: 0 });
  const failures: string[] = [];
  for (const { kind, parameters, intervals } of fits) {
    const { alpha = NaN } = parameters;
    const expected = EXPECTED[kind as keyof typeof EXPECTED];
    log(
      `${kind}: exponent ${alpha.toFixed(3)}, 90 % interval ${intervals.alpha?.map((a) => a.toFixed(3)).join(' – ')}`,
    );
    if (!(Math.abs(alpha - expected.alpha) <= expected.within)) failures.push(`The exponent of ${kind} is ${alpha}.`);
  }
  const means = new Map(endsByArm(runs).map((ends) => [ends[0]!.arm, spreadOf(ends).mean]));
  for (const [arm, mean] of means) {
    const twin = means.get(arm.replace('sparse', 'dense'));
    if (arm.startsWith('sparse') && !(mean < twin!)) failures.push(`${arm} does not end below its dense twin.`);
  }
  if (failures.length > 0) throw new Error(failures.join(' '));
  return endsByArm(runs).map((ends) => ({
    arm: ends[0]!.arm,
    kind: kindOf(size, ends[0]!.arm),
    active: ends[0]!.paramsActive,
    excess: shown(spreadOf(ends)),
    seconds: Math.round(ends[0]!.seconds),
  }));
}
