import { describe, expect, it } from 'vitest';
import { PlanBuilder } from '../../src/plan/builder';
import type { Plan } from '../../src/plan/plan';
import { assignSlots } from '../../src/plan/slots';
import { wordsOf, type Tensor } from '../../src/plan/tensor';
import { planCohort } from '../../src/train/cohort';
import { raceSpec, smallSpec } from '../config/specs';
import { toy } from './toy';

/** First and last dispatch that touches each activation. */
function lives({ dispatches }: Pick<Plan, 'dispatches'>): { tensor: Tensor; first: number; last: number }[] {
  const found = new Map<Tensor, { tensor: Tensor; first: number; last: number }>();
  for (const [at, { bindings }] of dispatches.entries()) {
    for (const { tensor } of bindings.filter((bound) => bound.tensor.home.kind === 'activation')) {
      found.set(tensor, { tensor, first: found.get(tensor)?.first ?? at, last: at });
    }
  }
  return [...found.values()];
}

const cohorts = { race: planCohort([raceSpec(), raceSpec()]), small: planCohort([smallSpec()]) };
const plans = Object.entries(cohorts).flatMap(([name, { train, evaluate }]): [string, Plan][] => [
  [`training plan, ${name}`, train.plan],
  [`evaluation plan, ${name}`, evaluate.plan],
]);

describe.each(plans)('slots of the %s', (_name, plan) => {
  const all = lives(plan);

  it('are never shared by two tensors that live at once', () => {
    const clashes = all.flatMap((a, i) =>
      all
        .slice(i + 1)
        .filter((b) => plan.slots.get(a.tensor.id) === plan.slots.get(b.tensor.id))
        .filter((b) => a.first <= b.last && b.first <= a.last)
        .map((b) => `${a.tensor.name} and ${b.tensor.name}`),
    );
    expect(clashes).toEqual([]);
  });

  it('are large enough, and no larger than their largest tensor', () => {
    const needed = plan.slotWords.map(() => 0);
    for (const { tensor } of all) {
      const slot = plan.slots.get(tensor.id)!;
      needed[slot] = Math.max(needed[slot]!, wordsOf(tensor));
    }
    expect(plan.slotWords).toEqual(needed);
  });

  it('take little more than what lives at once, and far less than a buffer for each tensor', () => {
    const total = (lived: typeof all) => lived.reduce((sum, { tensor }) => sum + wordsOf(tensor), 0);
    const peaks = plan.dispatches.map((_, at) => total(all.filter(({ first, last }) => first <= at && at <= last)));
    const shared = plan.slotWords.reduce((sum, words) => sum + words, 0);
    expect(shared).toBeLessThan(1.4 * Math.max(...peaks));
    expect(shared).toBeLessThan(0.7 * total(all));
    expect(new Set(plan.slots.values()).size).toBe(plan.slotWords.length);
  });
});

it('a chain needs two slots', () => {
  const b = new PlanBuilder(2, false);
  let x = b.parameter('x', [70], 0);
  for (let i = 0; i < 6; i++) x = toy(b, x, `y${i}`);
  const { slots, slotWords } = assignSlots(b.dispatches);
  expect([slots.size, slotWords]).toEqual([6, [256, 256]]);
});
