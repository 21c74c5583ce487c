/** The gallery of claims: complete, alive where it points to, and in words of its own. */
import { expect, test } from 'vitest';
import { CLAIMS, recordedRace, STATUSES, statusOf, testsOf, toldBy, TOPICS } from '../../src/claims/claims';
import { EXPERIMENTS } from '../../src/experiments/experiments';
import { race } from '../../src/experiments/race';
import { recordedCase } from '../../src/experiments/recorded';
import { claimsText, type ClaimWords } from '../../src/text/claims';

const cards: Record<string, ClaimWords> = claimsText.cards;

test('there are 28, numbered in order, each with its words and no words to spare', () => {
  expect(CLAIMS.map(({ number }) => number)).toEqual(Array.from({ length: 28 }, (_, i) => i + 1));
  expect(CLAIMS.map(({ id }) => id).sort()).toEqual(Object.keys(cards).sort());
  expect(JSON.parse(JSON.stringify(CLAIMS))).toEqual(CLAIMS);
});

test('every experiment tests a claim of the gallery, and every claim’s experiment exists', () => {
  const tested = CLAIMS.flatMap(({ experiments }) => experiments);
  expect([...tested].sort()).toEqual(EXPERIMENTS.map(({ id }) => id).sort());
  for (const claim of CLAIMS) expect(testsOf(claim).map(({ id }) => id)).toEqual(claim.experiments);
});

test('a status follows from what there is', () => {
  const count = (status: string): number => CLAIMS.filter((claim) => statusOf(claim) === status).length;
  expect(count('measured') + count('planned') + count('closed')).toBe(28);
  for (const claim of CLAIMS) {
    const measured = EXPERIMENTS.some(({ id }) => claim.experiments.includes(id));
    expect(statusOf(claim)).toBe(measured ? 'measured' : claim.id === 'closed' ? 'closed' : 'planned');
  }
  for (const status of STATUSES) expect(count(status)).toBeGreaterThan(0);
  for (const topic of TOPICS) expect(CLAIMS.filter((claim) => claim.topic === topic).length).toBeGreaterThan(1);
});

test('a card says one thing a part, in whole sentences, with dated sources and without long quotations', () => {
  for (const [id, { title, says, literature, sources, test: how }] of Object.entries(cards)) {
    expect(title.length, id).toBeLessThanOrEqual(44);
    expect(says.match(/[.!?](?=\s|$)/g), id).toHaveLength(1);
    for (const part of [says, literature, how]) {
      expect(part, id).toMatch(/^[A-Z].*\.$/);
      expect(part.length, id).toBeLessThanOrEqual(220);
      const quoted = [...part.matchAll(/[“"]([^”"]*)[”"]/g)].map((match) => (match[1] ?? '').split(' ').length);
      expect(Math.max(0, ...quoted), id).toBeLessThanOrEqual(4);
    }
    expect(sources.length, id).toBeGreaterThan(0);
    for (const source of sources) expect(source, id).toMatch(/^\p{Lu}.* (19|20)\d\d$/u);
  }
});

test('a recorded race is told by its verdict, and drawn with the claim that it is about', () => {
  const told = CLAIMS.filter((claim) => recordedRace(claim));
  expect(told.map(({ id }) => id)).toEqual(['sparse']);
  expect(recordedRace(told[0]!)?.verdict).toEqual(recordedCase(race.cases[0])?.verdict);
  expect(recordedRace(told[0]!)?.verdict?.sentence).toMatch(/times less compute .*95 % interval/);
});

test('of laws that were recorded the most direct is told, and none that readers bet on', () => {
  const told = Object.fromEntries(CLAIMS.flatMap((claim) => [[claim.id, toldBy(claim)?.id]]));
  expect(told).toMatchObject({ bigger: 'size', balance: 'balance', repeats: 'repeats' });
  for (const id of ['sparse', 'predict', 'double-data', 'lora']) expect(told[id]).toBeUndefined();
});
