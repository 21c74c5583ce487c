/** What is said of links, shared results, classes, collections and exports. */
import { capital, count, counted, nats, significant, words } from './numbers';

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

/** Empty where it is not known. */
function day(date: string | undefined): string {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? '' : DAY.format(time);
}

/** Arms of a run beside those of a shared one; src/share/reproduction.ts has the whole. */
interface Compared {
  arms: { arm: string; shared: number; half: number | undefined; here: number; inside: boolean | undefined }[];
  exact: boolean;
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
    busy: 'Runs are under way: stop them first, or wait for their end, and open the link or file again.',
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
    asWritten: 'A text is read as it was written: the link’s lag and share of common rules were left out.',
    fewerExperts: 'A token cannot visit more experts than there are: the link’s number was lowered.',
    results: 'The results in this link cannot be read: its settings were taken, so that you can run it here.',
    runsLeftOut: (runs: number) =>
      `${capital(counted(runs, 'run', 'runs'))} in the link are none of this experiment’s and were left out.`,
    changed: 'Rates were changed by hand while these runs trained: a run from this link will end elsewhere.',
  },

  /** Results that came from a link or a file. */
  shared: {
    label: 'Shared results',
    corrected: 'What was wrong with the link or file',
    dismiss: 'Dismiss',
    lead: (runs: number) =>
      `What you see was measured elsewhere: ${counted(runs, 'run', 'runs')} that somebody shared. Run it here to see whether it comes out again.`,
    /** @param here whether this machine can train */
    recorded: (runs: number, here: boolean) =>
      `Recorded with this lab on another machine: ${counted(runs, 'run', 'runs')}.${here ? ' Start, and see whether it comes out again on this one.' : ''}`,
    from: (device: string, date: string | undefined, version: string) =>
      [device, day(date), `version ${version}`].filter((part) => part !== '').join(' · '),
    underWay: 'Your own runs are drawn over the shared ones, which stay thin and hollow.',
    here: 'Run it here',
    otherText:
      'These runs read a text that the file does not hold: to run them here, open that text first, and then the file.',
    reproduced: ({ arms, exact }: Compared): string => {
      const known = arms.filter(({ inside }) => inside !== undefined);
      const inside = known.filter((arm) => arm.inside === true).length;
      if (exact) return '*Reproduced* to the last digit shared: the same seeds and the same arithmetic.';
      if (known.length === 0) {
        return `Your run is done. One seed has no interval: ${arms.map(({ arm, here, shared }) => `${arm} ended at ${nats(here)}, the shared one at ${nats(shared)}`).join('; ')}.`;
      }
      if (inside === known.length) {
        return known.length === 1
          ? '*Reproduced*: the mean of your seeds ended within the shared 95 % interval.'
          : `*Reproduced*: all ${words(known.length)} means of your seeds ended within the shared 95 % intervals.`;
      }
      if (inside === 0) {
        return known.length === 1
          ? '*Not reproduced*: the mean of your seeds ended outside the shared 95 % interval.'
          : `*Not reproduced*: none of the ${words(known.length)} means of your seeds ended within the shared 95 % intervals.`;
      }
      return `*Partly reproduced*: ${words(inside)} of ${words(known.length)} means of your seeds ended within the shared 95 % intervals.`;
    },
    /** Who ended elsewhere, by how much; empty where nobody did. */
    outside: ({ arms }: Compared): string => {
      const missed = arms.filter(({ inside }) => inside === false);
      const said = missed.map(
        ({ arm, here, shared, half }) => `${arm} ${nats(here)} (shared ${nats(shared)} ± ${nats(half)})`,
      );
      return said.length === 0 ? '' : `Outside: ${said.join(', ')}.`;
    },
    /** What the shared lines are called in the chart. */
    line: (arm: string) => `${arm}, shared`,
  },

  bar: {
    label: 'Sharing',
    copy: 'Copy link',
    share: 'Share results',
    link: 'Link',
    copied: (length: number) => `Copied: a link with these settings, ${count(length)} characters.`,
    shared: (length: number) => `Copied: a link with these settings and results, ${count(length)} characters.`,
    byHand: 'This browser does not let the page copy: take the link from here.',
    tooMuch: (most: number) =>
      `These results are too many for a link (${count(most)} characters): give the file instead.`,
    ownText: 'A link would lead to runs on Moby-Dick, for it does not hold your text: give the file instead.',
    file: 'Download the file',
    qr: 'QR code',
    collect: 'Collect',
    fullScreen: 'Full screen',
    noFullScreen: 'This browser does not let the page fill the screen: use its own key for it, usually F11.',
    save: 'Save …',
    broken: 'A part of this page could not be loaded: check the connection and try again.',
  },

  save: {
    kinds: {
      png: 'Chart as PNG',
      surface: 'Surface as PNG',
      multiples: 'Curves as PNG',
      csv: 'Ends as CSV',
      curves: 'Curves as CSV',
      json: 'Result file (JSON)',
    },
    done: 'Saved.',
    noPicture: 'There is no chart to save yet.',
    noResult: 'There is nothing to save yet: wait for the end of the runs.',
  },

  qr: {
    title: 'The same lab on your own screen',
    image: 'QR code of the link to these settings',
    note: 'It holds the settings, no results. Add &seeds= and numbers of your own to a readable link, and your runs add to the class’s.',
    close: 'Close',
  },

  /** Files and links with results. */
  files: {
    empty: 'This file is empty.',
    noJson: 'This is no JSON: choose the result file that the lab wrote, which ends with .json.',
    noResult: 'This JSON is no result file of the lab.',
    version: 'This result file was written by a newer version of the lab: reload the page to get it.',
    damaged: 'This result file is damaged: some of its fields are missing or hold no numbers.',
    custom: 'These runs belong to no experiment of this page.',
    leftOut: (runs: number) =>
      `${capital(counted(runs, 'end', 'ends'))} in the file are none of this experiment’s and were left out.`,
    tooLarge: 'Too large: 50 MB are taken in all.',
    unreadable: 'The browser could not read this file: it may have been moved.',
    link: (number: number) => `Link ${number}`,
    linkWithoutResults: 'This link holds settings, but no results: ask for one made with “Share results”.',
    none: 'What was dropped is no file.',
  },

  collect: {
    title: 'What the class measured',
    lead: 'Drop result files here, or paste links with results: every run becomes a dot, and one law is fitted to all. Nothing leaves this machine.',
    files: 'Drop files here, or choose them',
    links: 'Links, one a line',
    add: 'Add links',
    close: 'Close',
    pooled: (students: number, runs: number) =>
      `${capital(counted(students, 'result', 'results'))}, ${counted(runs, 'different run', 'different runs')}.`,
    ends: 'Where every run ended, above the floor',
    summary: (runs: number) => `${counted(runs, 'run', 'runs')} as dots, one column for each kind of model.`,
    dot: (arm: string, number: number) => `${arm}, number ${number}`,
    odd: 'Far from the others',
    oddOne: (name: string, arm: string, times: number | undefined) =>
      times === undefined
        ? `${name}: ${arm} diverged.`
        : `${name}: ${arm} ended at ${significant(times, 3)} times the middle of the others.`,
    refused: 'Not used',
    why: (name: string, problem: string) => `${name}: ${problem}`,
    other: 'It is of another experiment, case, budget or setting than most.',
    members: 'Used',
    member: (name: string, numbers: readonly number[], again: number) => {
      const same =
        again === 0
          ? ''
          : `${count(again)} ${again === 1 ? 'end' : 'ends'} handed in before, to the same number, and counted once`;
      const dots = numbers.length === 0 ? '' : `seeds numbered ${numbers.join(', ')}`;
      return `${name}: ${[dots, same].filter((part) => part !== '').join('; ')}.`;
    },
  },
};
