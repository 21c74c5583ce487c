/** What is said of links, shared results, classes, collections and exports. */
import { count, significant, words } from './numbers';

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

function plural(n: number, one: string, many: string): string {
  return `${words(n)} ${n === 1 ? one : many}`;
}

/** Opens a sentence. */
function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

export const shareText = {
  /** What a reader may set, as links' notes name it. */
  fields: {
    nExperts: 'The number of experts',
    topK: 'The number of experts a token visits',
    dModel: 'The width',
    lag: 'The lag',
    share: 'The share of common rules',
  },

  /** What was wrong with a link, and what was done about it. */
  notes: {
    unknown: 'This link says nothing that this page understands: here is the page as it opens without one.',
    nothing: 'This link names no experiment: here is the page as it opens without one.',
    damaged:
      'This link is damaged, perhaps cut short on its way: ask for it again. Here is the page as it opens without one.',
    version: 'This link was made by a newer version of the lab: reload the page to get it, or ask for another link.',
    experiment:
      'This link is about an experiment that this version of the lab does not have: reload the page for a newer one.',
    case: 'The link’s case is none of this experiment’s: its first one is shown instead.',
    budget: 'The link’s budget is none of this experiment’s: choose one beside the chart.',
    seeds: (most: number) =>
      `Seeds are whole numbers, ${words(most)} at most: those of the link that are not were left out.`,
    view: 'The link asks for a view of the chart that there is not: the usual one is shown.',
    noNumber: (field: string) => `${field} in the link is no number: it stays as the experiment has it.`,
    clamped: (field: string, taken: number) =>
      `${field} in the link is not possible: ${significant(taken)} is nearest and was taken.`,
    widthVaries: 'Width is what this experiment varies: the link’s width was left out.',
    noExperts: 'No model of this experiment has experts: the link’s numbers of them were left out.',
    fewerExperts: 'A token cannot visit more experts than there are: the link’s number was lowered.',
    results: 'The results in this link cannot be read: its settings were taken, so that you can run it here.',
    runsLeftOut: (runs: number) =>
      `${capital(plural(runs, 'run', 'runs'))} in the link are none of this experiment’s and were left out.`,
    changed: 'Rates were changed by hand while these runs trained: a run from this link will end elsewhere.',
  },

  day: (date: string) => DAY.format(new Date(date)),
  number: count,
};
