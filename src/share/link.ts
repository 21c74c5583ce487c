/**
 * A link: what is run and how it is shown, and if its reader shared them, the results. In the address's fragment, so
 * no server ever sees it: `#v1.` and deflated JSON in base64url; or, by hand, readable keys (readable-link.ts).
 */
import type { ResultFile } from '../protocol';
import { shareText } from '../text/share';
import { own, stateOf, stateValue, type LinkState } from './link-state';
import { packResults, unpackResults } from './packed-results';
import { payloadOf, textOf } from './payload';
import { readableValue } from './readable-link';

const VERSION = 1;
/** Characters of an address that mail programs, chats and browsers all take. */
export const LONGEST_LINK = 12_000;
/** Points of each curve that are tried, until the link is short enough. */
const POINTS = [50, 25, 12] as const;

export interface OpenedLink {
  /** Undefined where the link says nothing that can be run: the page then opens as without it. */
  state: LinkState | undefined;
  result: ResultFile | undefined;
  /** What was corrected or could not be read, a sentence each. */
  notes: string[];
}

/** From the form of an older version to the next one's: the step at index i goes from version i + 1. */
const MIGRATIONS: readonly ((value: unknown) => unknown)[] = [];

/** The value in today's form. */
function migrate(value: unknown, version: number): unknown {
  return MIGRATIONS.slice(version - 1).reduce((older, step) => step(older), value);
}

async function fragmentOf(value: object): Promise<string> {
  return `#v${VERSION}.${await payloadOf(JSON.stringify(value))}`;
}

/** The fragment, with its `#`, that sets all this. */
export function configLink(state: LinkState): Promise<string> {
  return fragmentOf(stateValue(state));
}

/** The fragment that shows these results; undefined where they are too many for a link. */
export async function resultLink(state: LinkState, result: ResultFile): Promise<string | undefined> {
  for (const points of POINTS) {
    const link = await fragmentOf({ ...stateValue(state), results: packResults(result, points) });
    if (link.length <= LONGEST_LINK) return link;
  }
  return undefined;
}

/** What a link's JSON value says; never throws. */
export function opened(value: unknown): OpenedLink {
  const { state, notes } = stateOf(value);
  const results = own(value, 'results');
  if (!state || results === undefined) return { state, result: undefined, notes };
  const unpacked = unpackResults(results, state);
  return { state, result: unpacked.result, notes: [...notes, ...unpacked.notes] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads a fragment, with or without its `#`, or a whole address. Never throws, whatever it is given: what is wrong is a
 * sentence in `notes`.
 */
export async function openLink(address: string): Promise<OpenedLink> {
  const fragment = address.slice(address.indexOf('#') + 1);
  const nothing = (note: string): OpenedLink => ({ state: undefined, result: undefined, notes: [note] });
  if (fragment === '') return { state: undefined, result: undefined, notes: [] };
  const [, digits, payload = ''] = /^v(\d{1,6})\.(.*)$/s.exec(fragment) ?? [];
  if (digits === undefined) {
    const value = readableValue(fragment);
    return value ? opened(value) : nothing(shareText.notes.unknown);
  }
  const version = Number(digits);
  if (version < 1 || version > VERSION) return nothing(shareText.notes.version);
  const text = await textOf(payload);
  const value = text === undefined ? undefined : parsed(text);
  return value === undefined ? nothing(shareText.notes.damaged) : opened(migrate(value, version));
}
