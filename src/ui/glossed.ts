/** Sentences whose terms show their meaning. */
import { html, type TemplateResult } from 'lit';
import { glossary, type Term } from '../text/glossary';
import './term-tip';

const FORMS = new Map<string, Term>(
  glossary.flatMap((term) => term.forms.map((form): [string, Term] => [form.toLowerCase(), term])),
);

const ANY = new RegExp(`\\b(${[...FORMS.keys()].sort((a, b) => b.length - a.length).join('|')})\\b`, 'gi');

/**
 * The sentence in pieces; each term is marked where it is met first.
 * @param met terms that were marked before, in sentences that are read together; grows
 */
export function glossed(sentence: string, met = new Set<Term>()): (TemplateResult | string)[] {
  const pieces: (TemplateResult | string)[] = [];
  let from = 0;
  for (const match of sentence.matchAll(ANY)) {
    const term = FORMS.get(match[0].toLowerCase());
    if (!term || met.has(term)) continue;
    met.add(term);
    pieces.push(sentence.slice(from, match.index), html`<term-tip .meaning=${term.meaning}>${match[0]}</term-tip>`);
    from = match.index + match[0].length;
  }
  return [...pieces, sentence.slice(from)].filter((piece) => piece !== '');
}
