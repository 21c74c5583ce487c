/** What a reader sees of the runs that are kept: the table, its dialogs, and why something could not be kept. */
import { count } from './numbers';

const inMemory = 'Runs go on, but what is not written will be gone when this tab is closed: export what you need.';

export const archiveText = {
  problem: {
    full: `The browser’s storage for this page is full. ${inMemory} Deleting runs that you no longer need makes room.`,
    forbidden: `This browser does not let the page store anything (a private window, or blocked site data). ${inMemory}`,
    newer: `The runs here were kept by a newer version of the lab: reload the page to get it. ${inMemory}`,
    slow: `The browser’s storage does not answer yet. ${inMemory}`,
    blocked: `Another tab keeps an older version of the lab open: close it or reload it. ${inMemory}`,
    superseded: `A newer version of the lab was opened in another tab: reload this one once its runs are done. ${inMemory}`,
    terminated: `The browser closed the storage, as it does when site data are deleted: reload the page once your runs are done. ${inMemory}`,
    failed: (why: string) => `The browser could not store runs (${why}). ${inMemory}`,
    unknownSweep:
      'A result arrived for runs that nobody had announced and was not kept: reload the page and start again.',
    unreadableSweep:
      'What was kept of these runs is damaged or from another version of the lab: they cannot go on; start them anew.',
    held: 'These runs are being trained already, perhaps in another tab: go on there, or close it first.',
  },

  unreadable: (n: number) =>
    `${n === 1 ? 'One record' : `${count(n)} records`} could not be read (damaged, or from another version of the lab) and ${n === 1 ? 'is' : 'are'} left out; nothing was deleted.`,
};
