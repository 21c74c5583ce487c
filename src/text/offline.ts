/** What is said of use without a connection, and of a newer version that waits. */
const stays = 'A newer version of the lab is here, and waits for you.';

export const offlineText = {
  label: 'Newer version',
  waits: stays,
  /** While runs are under way. */
  underWay: `${stays} Your runs go on with this one. Reloading now breaks them off: what they reached is kept, and “Go on” takes them up again.`,
  /** Goes behind it while runs read a text that the reader gave. */
  ownText: 'That takes the text that you gave: it is not kept, so have it at hand.',
  /** The same where the browser keeps nothing, and for what is on the page when they have ended. */
  notKept: `${stays} Reloading loses what was measured on this page, which this browser does not keep: save it first.`,
  reload: 'Reload for the new version',
  /** At the foot of the page. */
  ready: 'Works without a connection too',
  failed: 'Needs a connection: this browser could not keep the page',
};
