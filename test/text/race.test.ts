import { describe, expect, test } from 'vitest';
import { raceText, type RaceFacts } from '../../src/text/race';

/** No-break spaces as ordinary ones, to be readable here. */
const plain = (value: string): string => value.replaceAll('\u00a0', ' ');

const won: RaceFacts = {
  dense: 'dense',
  sparse: 'sparse',
  outcome: 'sparse-wins',
  excessRatio: { factor: 3.14, low: 2.9, high: 3.4 },
  computeSaved: { factor: 2.71, low: 2.34, high: 3.14 },
  secondsSaved: { factor: 1.42, low: 1.2, high: 1.6 },
  denseComputeSaved: null,
  atBudget: 3e10,
  seeds: 3,
  diverged: 0,
};
const lost: RaceFacts = {
  ...won,
  outcome: 'dense-wins',
  excessRatio: { factor: 0.5, low: 0.4, high: 0.625 },
  computeSaved: null,
  secondsSaved: null,
  denseComputeSaved: { factor: 1.8, low: 1.5, high: 2.1 },
};
const drawn: RaceFacts = {
  ...won,
  outcome: 'no-difference',
  excessRatio: { factor: 0.98, low: 0.9, high: 1.07 },
  computeSaved: null,
  secondsSaved: null,
};
const alone: RaceFacts = {
  ...won,
  outcome: 'undecided',
  excessRatio: { factor: 3.14 },
  computeSaved: { factor: 2.71 },
  secondsSaved: { factor: 1.42 },
  seeds: 1,
};

describe('where losses are compared', () => {
  const losses = { measure: 'loss', excessRatio: { factor: 1.052, low: 1.02, high: 1.08 } } as const;

  test('nothing is said of a floor', () => {
    const all: RaceFacts[] = [
      won,
      { ...won, computeSaved: null },
      lost,
      { ...lost, denseComputeSaved: null },
      drawn,
      alone,
    ];
    for (const facts of all) {
      const told = { ...facts, ...losses };
      const words = [raceText.sentence(told), raceText.headline(told), ...raceText.sure(told)].join(' ');
      expect(words).not.toContain('floor');
    }
  });

  test('the difference is told in per cent', () => {
    const facts: RaceFacts = { ...won, ...losses, computeSaved: null };
    expect(plain(raceText.headline(facts))).toBe(
      '*The sparse model* ended with a loss *4.9 % lower* than that of the dense model.',
    );
    const { low: _low, high: _high, ...factor } = losses.excessRatio;
    const one: RaceFacts = { ...alone, measure: 'loss', excessRatio: { factor: 1 / factor.factor } };
    expect(plain(raceText.headline(one))).toBe(
      'The sparse model ended with a loss 5.2 % higher than that of the dense model, but *one seed* decides nothing.',
    );
    expect(plain(raceText.sentence({ ...drawn, measure: 'loss' }))).toContain('times the loss of the dense model');
  });
});

describe('the sentence', () => {
  const cases: [string, RaceFacts, string][] = [
    [
      'the sparse model wins',
      won,
      'The sparse model reached the dense model’s final loss with 2.7 times less compute (95 % interval 2.3 to 3.1, three seeds, at 3 × 10¹⁰ FLOPs a run), and in 1.4 times less time.',
    ],
    [
      'but takes longer',
      { ...won, secondsSaved: { factor: 0.8, low: 0.7, high: 0.9 } },
      'The sparse model reached the dense model’s final loss with 2.7 times less compute (95 % interval 2.3 to 3.1, three seeds, at 3 × 10¹⁰ FLOPs a run), but in 1.3 times more time.',
    ],
    [
      'or as long',
      { ...won, secondsSaved: { factor: 1.02 } },
      'The sparse model reached the dense model’s final loss with 2.7 times less compute (95 % interval 2.3 to 3.1, three seeds, at 3 × 10¹⁰ FLOPs a run), and in about the same time.',
    ],
    [
      'by more than was measured',
      { ...won, computeSaved: { factor: 4, atLeast: true }, secondsSaved: { factor: 2.2, atLeast: true } },
      'The sparse model reached the dense model’s final loss with at least 4.0 times less compute, being below it already where it was first measured (three seeds, at 3 × 10¹⁰ FLOPs a run), and in at least 2.2 times less time.',
    ],
    [
      'by more than was measured, in who knows what time',
      { ...won, computeSaved: { factor: 4, atLeast: true }, secondsSaved: { factor: 0.8, atLeast: true } },
      'The sparse model reached the dense model’s final loss with at least 4.0 times less compute, being below it already where it was first measured (three seeds, at 3 × 10¹⁰ FLOPs a run).',
    ],
    [
      'without a saving that can be told',
      { ...won, computeSaved: null, secondsSaved: null },
      'The sparse model ended 3.1 times closer to the floor than the dense model (95 % interval 2.9 to 3.4, three seeds, at 3 × 10¹⁰ FLOPs a run).',
    ],
    [
      'the dense model wins',
      lost,
      'The dense model reached the sparse model’s final loss with 1.8 times less compute (95 % interval 1.5 to 2.1, three seeds, at 3 × 10¹⁰ FLOPs a run): the sparse model saved nothing.',
    ],
    [
      'the dense model wins without a saving that can be told',
      { ...lost, denseComputeSaved: null },
      'The dense model ended 2.0 times closer to the floor than the sparse model (95 % interval 1.6 to 2.5, three seeds, at 3 × 10¹⁰ FLOPs a run): the sparse model saved nothing.',
    ],
    [
      'no difference',
      drawn,
      'No difference that three seeds can show: the sparse model ended at 1.02 times the distance of the dense model from the floor (95 % interval 0.93 to 1.1, three seeds, at 3 × 10¹⁰ FLOPs a run).',
    ],
    [
      'one seed',
      alone,
      'One seed gives no interval, so nothing is decided: at 3 × 10¹⁰ FLOPs a run the sparse model ended 3.1 times closer to the floor than the dense model and reached its final loss with 2.7 times less compute, and in 1.4 times less time.',
    ],
    [
      'one seed, the other way',
      { ...alone, excessRatio: { factor: 0.5 }, computeSaved: null, secondsSaved: null },
      'One seed gives no interval, so nothing is decided: at 3 × 10¹⁰ FLOPs a run the sparse model ended 2.0 times farther from the floor than the dense model.',
    ],
    [
      'other arms',
      { ...drawn, dense: 'frozen router' },
      'No difference that three seeds can show: the sparse model ended at 1.02 times the distance of the model with a frozen router from the floor (95 % interval 0.93 to 1.1, three seeds, at 3 × 10¹⁰ FLOPs a run).',
    ],
    [
      'an arm of the reader’s',
      { ...won, dense: 'mine', secondsSaved: null },
      'The sparse model reached the final loss of the model “mine” with 2.7 times less compute (95 % interval 2.3 to 3.1, three seeds, at 3 × 10¹⁰ FLOPs a run).',
    ],
  ];

  test.each(cases)('%s', (_name, facts, expected) => {
    expect(plain(raceText.sentence(facts))).toBe(expected);
  });

  test('runs that were left out have one of their own', () => {
    expect(raceText.sentence({ ...won, diverged: 1 })).toMatch(/less time\. One run diverged and is left out\.$/);
    expect(raceText.sentence({ ...won, diverged: 2 })).toMatch(/less time\. Two runs diverged and are left out\.$/);
  });

  test('it never speaks of memory', () => {
    for (const facts of [won, lost, drawn, alone]) expect(raceText.sentence(facts)).not.toContain('memory');
  });
});

describe('the headline and its small print', () => {
  const cases: [RaceFacts, string, string[]][] = [
    [
      won,
      '*The sparse model* reached the dense model’s final loss with *2.7× less compute*.',
      ['95 % interval 2.3 to 3.1', 'three seeds', '3 × 10¹⁰ FLOPs each', '1.4× less time on this machine'],
    ],
    [
      { ...won, computeSaved: { factor: 4, atLeast: true }, secondsSaved: { factor: 0.7, atLeast: true } },
      '*The sparse model* reached the dense model’s final loss with *at least 4.0× less compute*.',
      ['three seeds', '3 × 10¹⁰ FLOPs each'],
    ],
    [
      { ...won, computeSaved: null, secondsSaved: { factor: 0.5 } },
      '*The sparse model* ended *3.1× closer* to the floor than the dense model.',
      ['95 % interval 2.9 to 3.4', 'three seeds', '3 × 10¹⁰ FLOPs each', '2.0× more time on this machine'],
    ],
    [
      lost,
      '*The dense model* reached the sparse model’s final loss with *1.8× less compute*.',
      ['95 % interval 1.5 to 2.1', 'three seeds', '3 × 10¹⁰ FLOPs each'],
    ],
    [
      drawn,
      '*No difference* between the dense model and the sparse model that three seeds can show.',
      ['1.02 times as far from the floor, 95 % interval 0.93 to 1.1', 'three seeds', '3 × 10¹⁰ FLOPs each'],
    ],
    [
      { ...alone, diverged: 2 },
      'The sparse model ended *3.1× closer* to the floor, but *one seed* decides nothing.',
      [
        'no interval from one seed',
        'one seed',
        '3 × 10¹⁰ FLOPs each',
        '1.4× less time on this machine',
        'two runs diverged and are left out',
      ],
    ],
  ];

  test.each(cases)('%#', (facts, headline, sure) => {
    expect(plain(raceText.headline(facts))).toBe(headline);
    expect(raceText.sure(facts).map(plain)).toEqual(sure);
  });
});
