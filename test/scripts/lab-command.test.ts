import { describe, expect, test } from 'vitest';
import { BadInput } from '../../scripts/bad-input';
import { parseCommand } from '../../scripts/lab-command';
import { EXPERIMENTS } from '../../src/experiments/experiments';
import { race } from '../../src/experiments/race';
import { size } from '../../src/experiments/size';

const command = (line: string) => parseCommand(line.split(' ').filter((part) => part !== ''));

const IDS = EXPERIMENTS.map(({ id }) => id);
const CHOICE = `${IDS.slice(0, -1).join(', ')} or ${IDS.at(-1)}`;

/** The sentence with which a command line is refused. */
function refusal(line: string): string {
  try {
    command(line);
  } catch (error) {
    expect(error).toBeInstanceOf(BadInput);
    return (error as Error).message;
  }
  throw new Error(`${line} was accepted.`);
}

const ANY = ['hardware', 'software'];

test('run reads a file', () => {
  expect(command('run spec.json --out result.json --adapter software')).toEqual({
    kind: 'run',
    file: 'spec.json',
    out: 'result.json',
    adapters: ['software'],
  });
  expect(command('run spec.json')).toEqual({ kind: 'run', file: 'spec.json', out: undefined, adapters: ANY });
});

test('an experiment runs as the page runs it, unless told otherwise', () => {
  expect(command('sweep race')).toEqual({
    kind: 'experiment',
    experiment: race,
    case: race.cases[0],
    budget: 'quick',
    seeds: [1, 2, 3],
    out: undefined,
    adapters: ANY,
  });
  expect(command('sweep size')).toMatchObject({ experiment: size, case: size.cases[0] });
  expect(command('sweep race --budget 1e11 --case lag-1 --seeds 4,5 --out x.json')).toMatchObject({
    case: { id: 'lag-1' },
    budget: '1e11',
    seeds: [4, 5],
    out: 'x.json',
  });
});

test('tune has seeds of its own', () => {
  expect(command('tune race')).toMatchObject({ kind: 'tune', experiment: race, budget: 'quick', seeds: [101, 102] });
  expect(command('tune race --case controls --seeds 200,4294967295')).toMatchObject({
    case: { id: 'controls' },
    seeds: [200, 4294967295],
  });
});

test('record takes any number of files', () => {
  expect(command('record a.json b.json --out c.json')).toEqual({
    kind: 'record',
    files: ['a.json', 'b.json'],
    out: 'c.json',
  });
});

describe('bad input is refused with a sentence', () => {
  test.each([
    ['runn spec.json', 'There is no command called runn: give run, sweep, tune, record or fit.'],
    ['race', 'There is no command called race: give run, sweep, tune, record or fit.'],
    ['tune rice', `There is no experiment called rice: choose ${CHOICE}.`],
    ['sweep rice', `There is no experiment called rice: choose ${CHOICE}.`],
    ['sweep race --budget 1e10', '--budget is smoke, quick, 1e11, 3e11 or 8e11, not 1e10.'],
    ['sweep race --case lag-3', '--case is race, controls, frozen, lag-1, shared or memory, not lag-3.'],
    ['sweep size --case race', '--case is sizes, not race.'],
    ['sweep race --adapter gpu', '--adapter is hardware or software, not gpu.'],
    ['run spec.json --budget quick', 'run takes no --budget.'],
    ['run spec.json --seeds 1', 'run takes no --seeds.'],
    ['record a.json --adapter software', 'record takes no --adapter.'],
    ['sweep race --seeds 1,2,2', '--seeds names a seed twice: 1,2,2.'],
    ['tune race --seeds 3,101', 'Seeds that are reported cannot be tuned on (3): choose others, such as 101,102.'],
    [
      'sweep race --seeds 1,101,102',
      'Seeds that were tuned on cannot be reported (101, 102): choose others, such as 1,2,3.',
    ],
  ])('%s', (line, sentence) => {
    expect(refusal(line)).toBe(sentence);
  });

  test.each(['1,2.5', 'one', '1;2', '-1', '1,', '4294967296', '0x10', '1e3'])('--seeds=%s', (seeds) => {
    expect(refusal(`sweep race --seeds=${seeds}`)).toBe(
      `--seeds is a list of whole numbers from 0 to 4294967295, as in 1,2,3, not ${seeds}.`,
    );
  });

  test.each([
    '',
    'run',
    'tune',
    'run a.json b.json',
    'sweep',
    'sweep race now',
    'tune race now',
    'record',
    'sweep race --quick',
    'sweep race --budget',
  ])('with the usage: %s', (line) => {
    expect(refusal(line)).toContain('Usage: npm run lab -- ');
  });
});
