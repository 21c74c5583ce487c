/** Every type that crosses the boundary between the page and the worker that reads texts, on one page. */
import type { StaticConfig, TextSource } from './config/run-spec';

/** Why a text cannot be used; the page has the sentence. */
export type TextProblem =
  | { code: 'empty' }
  | { code: 'tiny'; length: number; least: number }
  | { code: 'huge'; bytes: number; most: number }
  | { code: 'binary' };

/** A text as the lab reads it. */
export interface ReadText {
  /** In its one form. */
  text: string;
  source: TextSource;
  /** Characters that have a token of their own. */
  characters: number;
  /** Share of the text that is made of all the other characters. */
  folded: number;
}

/** Mean loss of an n-gram on the held-out windows, nats per character. */
export interface Reference {
  order: number;
  loss: number;
}

/** Reads texts and counts n-grams, off the page's thread. */
export interface TextWorker {
  /** What was pasted, or a file's bytes. */
  read(what: string | ArrayBuffer): Promise<ReadText | TextProblem>;
  references(text: string, config: StaticConfig<TextSource>): Promise<Reference[]>;
}
