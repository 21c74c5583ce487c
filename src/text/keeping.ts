/** What is said of runs that were broken off, and of a store that does not keep them. */
const WHEN = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

export const keepingText = {
  label: 'Runs that were broken off',
  brokenOff: (title: string, budget: string, startedAt: string) =>
    `“${title}” (${budget}), begun on ${WHEN.format(new Date(startedAt))}, was broken off. What had ended is kept, and the rest can go on where it was.`,
  custom: 'Runs of your own',
  goOn: 'Go on',
  discard: 'Leave it at that',
  lost: 'The runs stopped, but nothing is lost: press “Go on” to train what is missing.',
};
