/** What a reader sees where a text of their own is read. */
import type { TextProblem } from '../text-protocol';
import { bytes, count, percent } from './numbers';

export const ownText = {
  title: 'Which text',
  lead: 'Everything stays on this machine. Models read it character by character; the last tenth is held out.',
  novel: 'Moby-Dick',
  novelNote: 'The novel of 1851, 1.2 MB, fetched from this site when it is chosen or the runs start.',
  pasted: 'Pasted text',
  takeNovel: 'Take Moby-Dick',
  open: 'Open a file …',
  drop: 'or drop one here',
  paste: 'or paste a text',
  take: 'Take this text',
  reading: 'The text is being read …',
  chosen: (title: string, length: number, characters: number, folded: number) =>
    [
      `${title}: ${count(length)} characters of ${count(characters)} kinds.`,
      folded > 0
        ? `Rare ones, ${folded < 0.001 ? 'under 0.1 %' : percent(folded)} of the text, count as one kind.`
        : '',
    ]
      .join(' ')
      .trim(),
  notRead: (title: string, length: number) => `${title}: ${count(length)} characters.`,
  problem: (problem: TextProblem): string => {
    switch (problem.code) {
      case 'empty':
        return 'There is nothing to read in this text: choose or paste another one.';
      case 'tiny':
        return `This text has ${count(problem.length)} characters, too few to learn from and to measure on: take one of at least ${count(problem.least)}, some five pages.`;
      case 'huge':
        return `This text has ${bytes(problem.bytes)}, and the lab reads at most ${bytes(problem.most)}: take a part of it.`;
      case 'binary':
        return 'This is no plain text: save it as text (UTF-8) and open that, or paste the words themselves.';
    }
  },
  notFetched: 'Moby-Dick could not be fetched: check the connection and try again, or take a text of your own.',
  brokeDown: (message: string) =>
    `The text could not be read (${message.replace(/\.$/, '')}): try again, or take another one.`,
  reference: (order: number) =>
    order === 1 ? 'counting single characters' : `counting ${['pairs', 'triples', 'fours', 'fives'][order - 2]}`,
  referenceNote:
    'Dashed: what counting comes to. Whoever only counts which characters follow which (Witten–Bell n-grams of the same training text) loses so much on the same held-out characters.',
  written: {
    title: 'What they write now',
    lead: 'The beginning is from the held-out text; what follows it is the text itself, and then each model, 64 characters on.',
    empty: 'Once they train, the models write here every few seconds.',
    truth: 'the text',
    likely: (arm: string) => `${arm}, likeliest`,
    drawn: (arm: string) => `${arm}, drawn`,
    note: 'Likeliest: the most probable character each time, which soon goes in circles. Drawn: by chance, as the model holds them probable, a little surer (temperature 0.8).',
    step: (step: number) => `After ${count(step)} steps, seed 1.`,
  },
};
