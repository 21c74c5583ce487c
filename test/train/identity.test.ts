import { expect, test } from 'vitest';
import { runIdentity } from '../../src/train/identity';
import { raceSpec } from '../config/specs';

test('equal runs have equal identities, whatever the order of their fields', async () => {
  const spec = raceSpec();
  const turned = Object.fromEntries(Object.entries(spec).reverse()) as typeof spec;
  expect(await runIdentity(turned, 'register')).toBe(await runIdentity(spec, 'register'));
});

test('another seed, another rate or another kernel profile is another run', async () => {
  const identities = await Promise.all([
    runIdentity(raceSpec(), 'register'),
    runIdentity(raceSpec(), 'subgroup'),
    runIdentity(raceSpec({ seed: 2 }), 'register'),
    runIdentity(raceSpec({ lr: 0.02 }), 'register'),
  ]);
  expect(new Set(identities).size).toBe(4);
});
