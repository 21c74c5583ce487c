/**
 * Catalogue texts mark emphasis with *stars*; this turns them into elements, never through innerHTML. What is dense has
 * the colour of its curve. What lies between may be made into something else.
 */
import { html, type TemplateResult } from 'lit';

export function emphasised<T = string>(
  sentence: string,
  plainly: (part: string) => T | string = (part) => part,
): (TemplateResult | T | string)[] {
  return sentence
    .split('*')
    .map((part, i) =>
      i % 2 === 1 ? html`<b class=${/\bdense\b/i.test(part) ? 'dense' : ''}>${part}</b>` : plainly(part),
    );
}

/** The same without the stars, for screen readers. */
export function plain(sentence: string): string {
  return sentence.replaceAll('*', '');
}
