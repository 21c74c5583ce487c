/** A text for tests, written by a rule, and specs that read it. */
import { tokenise, type Tokens } from '../../src/data/text';
import { threefry, uniform } from '../../src/math/rng';
import type { RunSpec, TextSource } from '../../src/config/run-spec';
import { raceSpec } from './specs';

const WORDS = ['sea', 'whale', 'ship', 'the', 'a', 'white', 'old', 'deep', 'captain', 'harpoon', 'wind', 'of', 'and'];

/** About `characters` characters of words in no order, in lines. */
export function wordsText(characters: number, seed = 1): string {
  let text = '';
  for (let i = 0; text.length < characters; i++) {
    const [x, y] = threefry([seed, 99], [i, 0]);
    text += WORDS[uniform(x, WORDS.length)]! + (uniform(y, 9) === 0 ? '.\n' : ' ');
  }
  return text;
}

/** That text as tokens. */
export function wordsTokens(characters = 12_000): Promise<Tokens> {
  return tokenise(wordsText(characters));
}

/** The race's dense model on a text, windows of 20. */
export function textSpec(
  { source }: Pick<Tokens, 'source'>,
  hyper: Partial<RunSpec['hyper']> = {},
): RunSpec<TextSource> {
  return {
    ...raceSpec(hyper),
    source,
    seqLen: 20,
    batchSize: 3,
    schedule: { kind: 'wsd', warmupSteps: 6, decayFraction: 0.3 },
    budget: { steps: 20 },
    branches: [1],
  };
}
