/** What `npm run lab -- …` was asked to do. Nothing is read or started here; bad input is refused with a sentence. */
import { parseArgs } from 'node:util';
import type { BudgetName } from '../src/config/run-spec';
import type { Case, Experiment } from '../src/experiments/experiment';
import { caseOf, EXPERIMENTS, experimentOf } from '../src/experiments/experiments';
import { BadInput } from './bad-input';
import { COLUMNS, FILE_LAWS, type FileFit } from './fit-file';
import { ADAPTERS, type Adapter } from './headless';

const IDS = EXPERIMENTS.map(({ id }) => id);

const USAGE = `Usage: npm run lab -- run spec.json [--out result.json] [--adapter hardware|software]
       npm run lab -- sweep ${IDS.join('|')} [--budget quick] [--case …] [--seeds 1,2,3] [--out …] [--adapter …]
       npm run lab -- tune … [--budget quick] [--case …] [--seeds 101,102] [--out …] [--adapter …]
       npm run lab -- record result.json … [--out …]
       npm run lab -- fit FILE --size COLUMN --tokens COLUMN --loss COLUMN [--compute …] [--run …] [--kind …]
                      [--law ${FILE_LAWS.join('|')}] [--floor E] [--delta 1e-3] [--bootstrap 400] [--json] [--out …]`;

const COMMANDS = ['run', 'sweep', 'tune', 'record', 'fit'];

/** Seeds are 32-bit. */
const MOST_SEED = 0xffffffff;

interface Common {
  /** Where the result goes; standard output if absent. */
  out: string | undefined;
  adapters: readonly Adapter[];
}

export interface RunCommand extends Common {
  kind: 'run';
  /** Holds the run specs. */
  file: string;
}

export interface RecordCommand {
  kind: 'record';
  /** Results of the race, or of its tuning, to be put into one file. */
  files: string[];
  out: string | undefined;
}

export interface ExperimentCommand extends Common {
  /** To run a case of an experiment, or to tune it. */
  kind: 'experiment' | 'tune';
  experiment: Experiment;
  case: Case;
  budget: BudgetName;
  seeds: number[];
}

export interface FitCommand {
  kind: 'fit';
  file: string;
  fit: FileFit;
  /** JSON on standard output in place of words. */
  json: boolean;
  out: string | undefined;
}

export type Command = RunCommand | ExperimentCommand | RecordCommand | FitCommand;

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        ...{ out: text, adapter: text, budget: text, case: text, seeds: text },
        ...{ size: text, tokens: text, compute: text, loss: text, run: text, kind: text },
        ...{ law: text, floor: text, delta: text, bootstrap: text, json: { type: 'boolean' } },
      },
    });
  } catch (error) {
    throw new BadInput(`${(error as Error).message}\n${USAGE}`);
  }
}

type Values = ReturnType<typeof parse>['values'];

/** `a, b or c` */
function either(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}

function adaptersOf({ adapter }: Values): readonly Adapter[] {
  const adapters = ADAPTERS.filter((name) => adapter === undefined || name === adapter);
  if (adapters.length === 0) throw new BadInput(`--adapter is hardware or software, not ${String(adapter)}.`);
  return adapters;
}

function budgetOf(experiment: Experiment, { budget = 'quick' }: Values): BudgetName {
  const found = experiment.budgets.find((name) => name === budget);
  if (!found) throw new BadInput(`--budget is ${either(experiment.budgets)}, not ${budget}.`);
  return found;
}

function chosenCase(experiment: Experiment, { case: id }: Values): Case {
  if (id === undefined) return experiment.cases[0];
  const found = caseOf(experiment, id);
  if (!found) throw new BadInput(`--case is ${either(experiment.cases.map((one) => one.id))}, not ${id}.`);
  return found;
}

function readSeeds(text: string): number[] {
  const seeds = text.split(',').map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : NaN));
  if (!seeds.every((seed) => seed <= MOST_SEED)) {
    throw new BadInput(`--seeds is a list of whole numbers from 0 to ${MOST_SEED}, as in 1,2,3, not ${text}.`);
  }
  if (new Set(seeds).size < seeds.length) throw new BadInput(`--seeds names a seed twice: ${text}.`);
  return seeds;
}

/** What is tuned and what is reported never share a seed. */
function seedsOf(kind: ExperimentCommand['kind'], experiment: Experiment, { seeds: text }: Values): number[] {
  const { tuned, seeds: reported } = experiment;
  const [own, others] = kind === 'tune' ? [tuned.grid.seeds, reported] : [reported, tuned.grid.seeds];
  const seeds = text === undefined ? own : readSeeds(text);
  const shared = seeds.filter((seed) => others.includes(seed));
  if (shared.length > 0) {
    const rule =
      kind === 'tune' ? 'Seeds that are reported cannot be tuned on' : 'Seeds that were tuned on cannot be reported';
    throw new BadInput(`${rule} (${shared.join(', ')}): choose others, such as ${own.join(',')}.`);
  }
  return seeds;
}

function experimentCommand(kind: ExperimentCommand['kind'], id: string, values: Values): ExperimentCommand {
  const experiment = experimentOf(id);
  if (!experiment) throw new BadInput(`There is no experiment called ${id}: choose ${either(IDS)}.`);
  return {
    kind,
    experiment,
    case: chosenCase(experiment, values),
    budget: budgetOf(experiment, values),
    seeds: seedsOf(kind, experiment, values),
    out: values.out,
    adapters: adaptersOf(values),
  };
}

const FIT_OPTIONS = [...COLUMNS, 'law', 'floor', 'delta', 'bootstrap', 'json'] as const;
const TRAIN_OPTIONS = ['adapter', 'budget', 'case', 'seeds'] as const;

function readNumber(values: Values, option: 'floor' | 'delta' | 'bootstrap'): number | undefined {
  const text = values[option];
  if (text === undefined) return undefined;
  const number = text.trim() === '' ? NaN : Number(text);
  if (Number.isNaN(number)) throw new BadInput(`--${option} is a number, not ${text}.`);
  return number;
}

function fitCommand(file: string, values: Values): FitCommand {
  const { law: asked = 'chinchilla', out, json = false } = values;
  const law = FILE_LAWS.find((name) => name === asked);
  if (!law) throw new BadInput(`--law is ${either(FILE_LAWS)}, not ${asked}.`);
  const columns = Object.fromEntries(
    COLUMNS.flatMap((column) => (values[column] === undefined ? [] : [[column, values[column]]])),
  );
  const [floor, delta, resamples] = [
    readNumber(values, 'floor'),
    readNumber(values, 'delta'),
    readNumber(values, 'bootstrap'),
  ];
  return { kind: 'fit', file, fit: { law, columns, floor, delta, resamples }, json, out };
}

/** Refuses options that a command would not look at. */
function takesNo(command: string, values: Values, options: readonly (keyof Values)[]): void {
  const option = options.find((name) => values[name] !== undefined);
  if (option !== undefined) throw new BadInput(`${command} takes no --${option}.`);
}

export function parseCommand(args: string[]): Command {
  const { values, positionals } = parse(args);
  const [command, ...subjects] = positionals;
  const [subject] = subjects;
  if (command === undefined) throw new BadInput(USAGE);
  if (command !== 'fit') takesNo(command, values, FIT_OPTIONS);
  if (!COMMANDS.includes(command)) {
    throw new BadInput(`There is no command called ${command}: give ${either(COMMANDS)}.`);
  }
  if (subject === undefined || (subjects.length > 1 && command !== 'record')) throw new BadInput(USAGE);
  if (command === 'sweep') return experimentCommand('experiment', subject, values);
  if (command === 'tune') return experimentCommand('tune', subject, values);
  if (command === 'fit') {
    takesNo(command, values, TRAIN_OPTIONS);
    return fitCommand(subject, values);
  }
  takesNo(command, values, ['budget', 'case', 'seeds']);
  if (command === 'run') return { kind: 'run', file: subject, out: values.out, adapters: adaptersOf(values) };
  takesNo(command, values, ['adapter']);
  return { kind: 'record', files: subjects, out: values.out };
}
