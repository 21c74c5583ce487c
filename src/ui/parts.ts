/**
 * Parts of the page that an address can leave out: `?hide=header,controls`. An element marks what can go with
 * `data-part`; a style sheet that they all share does the rest. `?embed` leaves out what a frame has no room for.
 */
const PARTS = [
  ...['header', 'exhibits', 'theme', 'keys', 'question', 'share', 'run', 'budget', 'download', 'controls', 'switches'],
  ...['details', 'bet', 'queue', 'cases', 'inside', 'curves', 'notes', 'runs', 'plan', 'footer'],
];

/** What a frame in another page does without. */
const NOT_EMBEDDED = ['header', 'share', 'cases', 'inside', 'queue', 'curves', 'notes', 'runs', 'plan', 'footer'];

/** Where there is no address, as in tests, nothing is left out. */
const query = new URLSearchParams(globalThis.location?.search ?? '');

/** The page is inside another one. */
export const EMBEDDED = query.has('embed');

/** Names that are not known are left alone: an address may come from another version. */
export function hiddenParts(words: URLSearchParams): string[] {
  const asked = (words.get('hide') ?? '').split(',').map((name) => name.trim());
  return PARTS.filter((part) => asked.includes(part) || (words.has('embed') && NOT_EMBEDDED.includes(part)));
}

/** A rule for every element's style sheet. */
export function hidingRule(words: URLSearchParams = query): string {
  const selectors = hiddenParts(words).map((part) => `[data-part~='${part}']`);
  return selectors.length === 0 ? '' : `${selectors.join(', ')} { display: none !important; }`;
}
