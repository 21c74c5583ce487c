import { expect, test } from 'vitest';
import { groupRequests } from '../../src/train/groups';
import { stepSpec } from '../config/specs';

/** Four cohorts of the same large model, which differ in their number of steps. */
const large = [1, 2, 3, 4].map((steps) => {
  const spec = stepSpec();
  return {
    arm: 'large',
    spec: { ...spec, model: { ...spec.model, dModel: 512, dFf: 2048, nLayers: 8 }, budget: { steps: 100 * steps } },
  };
});

test('runs together must fit into memory together, runs in turn one by one', async () => {
  await expect(groupRequests(large, 'register', false)).rejects.toMatchObject({ name: 'LabError/memory' });
  const inTurn = await groupRequests(large, 'register', false, 'in-turn');
  expect(inTurn.map(({ plan }) => plan.steps)).toEqual([100, 200, 300, 400]);
});
