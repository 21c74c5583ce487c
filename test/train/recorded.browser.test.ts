/** The smallest run that was recorded comes out again. */
import { expect, test } from 'vitest';
import { countParameters, totalSteps, trainFlopsPerStep } from '../../src/config/flops';
import type { BranchEvent } from '../../src/protocol';
import { requestsOf, type RecordedLaw } from '../../src/share/record-law';
import { Trainer } from '../../src/train/trainer';

const files = import.meta.glob<RecordedLaw>('../../src/experiments/recorded/*.json', {
  import: 'default',
  eager: true,
});

/** Seeds end some per cent apart, other rates further; kernels whose sums are ordered otherwise, a tenth of this. */
const NEAR = 0.005;

test('the smallest recorded run, trained again', async () => {
  const recorded = Object.values(files).flatMap(({ experiment, budget, results }) =>
    requestsOf(experiment, budget).map((request) => ({ request, results })),
  );
  const flops = ({ request: { spec } }: (typeof recorded)[number]): number =>
    totalSteps(spec) * trainFlopsPerStep(spec) + countParameters(spec).total;
  const smallest = recorded.reduce((best, next) => (flops(next) < flops(best) ? next : best));
  const { request, results } = smallest;
  const { arm, spec } = request;
  const run = results.runs.find((each) => each.arm === arm && each.seed === spec.hyper.seed)!;
  const [, , excess] = run.ends.at(-1)!;

  const ends: BranchEvent[] = [];
  await new Trainer().start([request], (event) => {
    if (event.type === 'branch') ends.push(event);
  });
  const last = ends.at(-1)!;
  const again = last.runs[0]!.excess;
  expect(Math.abs(again / excess! - 1)).toBeLessThan(NEAR);
}, 120_000);
