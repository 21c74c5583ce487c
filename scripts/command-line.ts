/** What the commands that measure in a browser have in common on their command lines. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { ADAPTERS } from './headless';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Ends the program with a sentence on what to correct. */
export function giveUp(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}

/** Options and names as they were given. Gives up on what it does not know. */
export function readArguments<T extends Options>(options: T) {
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    return giveUp((error as Error).message);
  }
}

/** The parts among `all` that were named. Gives up on a name that is none. */
export function partsNamed<Part extends string>(names: readonly string[], all: readonly Part[]): Part[] {
  const unknown = names.filter((name) => !all.some((part) => part === name));
  if (unknown.length > 0) giveUp(`No part is called ${unknown.join(', ')}; there are: ${all.join(', ')}.`);
  return names.flatMap((name) => all.filter((part) => part === name));
}

/** The adapters that `--adapter` leaves, all of them without it. */
export function adaptersNamed(name: string | undefined) {
  const adapters = ADAPTERS.filter((adapter) => name === undefined || adapter === name);
  if (adapters.length === 0) giveUp('--adapter is hardware or software.');
  return adapters;
}
