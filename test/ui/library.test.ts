/** The texts of a visit: read in a worker, refused with a sentence, given to the runs that name them. */
import { afterEach, expect, test } from 'vitest';
import { nGramLosses, ORDERS } from '../../src/data/n-grams';
import { readText } from '../../src/data/read-text';
import { tokenise } from '../../src/data/text';
import { expand } from '../../src/experiments/experiment';
import { MOBY_DICK, ownText } from '../../src/experiments/own-text';
import { race } from '../../src/experiments/race';
import type { TextWorker } from '../../src/text-protocol';
import { chooseText, prepareText } from '../../src/ui/choose-text';
import { answerOf } from '../../src/ui/answer';
import type { Connection } from '../../src/ui/connect';
import { Curves } from '../../src/ui/curves';
import { Exhibit } from '../../src/ui/exhibit';
import { Library } from '../../src/ui/library';
import { loadLater } from '../../src/ui/later';
import { Session } from '../../src/ui/session';
import { Store } from '../../src/ui/store';
import { wordsText } from '../config/texts';
import { fakeLink } from './fake-connection';
import { memoryKeeper } from './memory-keeper';

const worker: TextWorker = {
  read: readText,
  references: async (text, config) => {
    const losses = nGramLosses(config, (await tokenise(text)).tokens);
    return ORDERS.map((order, i) => ({ order, loss: losses[i]! }));
  },
};

function connection(broken = new Promise<never>(() => undefined)): Connection<TextWorker> {
  return { remote: worker as unknown as Connection<TextWorker>['remote'], broken, close: () => undefined };
}

const own = wordsText(12_000);
const sessions: Session[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.close();
});

async function open(library: Library) {
  await loadLater();
  const store = new Store();
  const link = fakeLink({ flopsPerSecond: Infinity }).connect;
  const session = new Session(store, new Curves(), link, undefined, (specs) => library.textsOf(specs));
  sessions.push(session);
  const exhibit = new Exhibit(session, ownText, memoryKeeper());
  await exhibit.enter();
  return { store, exhibit };
}

test('a pasted text is what the next start reads, with its n-grams beside it', async () => {
  const library = new Library(connection);
  const { store, exhibit } = await open(library);
  await chooseText(exhibit, library, { pasted: own });
  const { text } = store.state.wanted.setting;
  expect(exhibit.requests('quick').every(({ spec }) => spec.source === text)).toBe(true);
  expect(await library.textsOf(exhibit.requests('quick').map(({ spec }) => spec))).toEqual([own]);
  const chosen = store.state.texts[text!.hash]!;
  expect(chosen.references.map(({ order }) => order)).toEqual([1, 2, 3, 4, 5]);
  expect(chosen.references[0]!.loss).toBeGreaterThan(chosen.references[2]!.loss);
  expect([store.state.reading, store.state.problem]).toEqual([false, undefined]);
});

test.each([
  ['', 'There is nothing to read'],
  ['Call me Ishmael.', 'too few to learn from'],
  ['\0'.repeat(20_000), 'no plain text'],
  ['a'.repeat(20_000_001), 'at most'],
])('text %#.10 is refused with a sentence, and the text before it stays', async (pasted, sentence) => {
  const library = new Library(connection);
  const { store, exhibit } = await open(library);
  await chooseText(exhibit, library, { pasted: own });
  const before = store.state.wanted;
  await chooseText(exhibit, library, { pasted });
  expect(store.state.problem).toMatchObject({ code: 'text' });
  expect(store.state.problem!.sentence).toContain(sentence);
  expect(store.state.wanted).toEqual(before);
  expect(store.state.reading).toBe(false);
});

test('the novel is fetched when runs need it, once, and not before', async () => {
  let fetched = 0;
  const file = new TextEncoder().encode(own).buffer;
  const library = new Library(connection, () => {
    fetched++;
    return Promise.resolve(file);
  });
  await open(library);
  expect(await library.textsOf(expand(race, 'quick').map(({ spec }) => spec))).toEqual([]);
  expect(fetched).toBe(0);
  const specs = expand(ownText, 'quick').map(({ spec }) => spec);
  await library.textsOf(specs);
  expect(fetched).toBe(1);
  // What was fetched here is not the novel, and so none of what the runs ask for.
  expect(library.get(MOBY_DICK.hash)).toBeUndefined();
});

test('a novel that cannot be fetched is said, and so is a worker that breaks down', async () => {
  const library = new Library(connection, () => Promise.reject(new Error('offline')));
  const { store, exhibit } = await open(library);
  await chooseText(exhibit, library, 'novel');
  expect(store.state.problem!.sentence).toContain('could not be fetched');
  await prepareText(exhibit, library);

  const broken = Promise.reject(new Error('out of memory'));
  broken.catch(() => undefined);
  const stuck = { ...connection(broken), remote: { read: () => new Promise(() => undefined) } } as never;
  await expect(new Library(() => stuck).read(own)).rejects.toThrow('The text could not be read (out of memory)');
});

test('a start gives the worker the text, and its answer knows of no floor', async () => {
  const library = new Library(connection);
  const { store, exhibit } = await open(library);
  await chooseText(exhibit, library, { pasted: own });
  await exhibit.choose('quick');
  await exhibit.start();
  expect(store.state.phase).toBe('done');
  const { headline, sure } = answerOf(store.state, new Curves(), ownText);
  expect([headline, ...sure].join(' ')).not.toContain('floor');
});

test('a start without its text says so', async () => {
  const library = new Library(connection, () => Promise.reject(new Error('offline')));
  const { store, exhibit } = await open(library);
  await exhibit.start();
  expect(store.state.phase).toBe('failed');
  expect(store.state.problem).toMatchObject({ code: 'text' });
});
