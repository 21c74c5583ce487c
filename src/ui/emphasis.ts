/**
 * Catalogue texts mark emphasis with *stars*; this turns them into elements, never through innerHTML. What is dense has
 * the colour of its curve.
 */
import { html, type TemplateResult } from 'lit';

export function emphasised(sentence: string): (TemplateResult | string)[] {
  return sentence
    .split('*')
    .map((part, i) => (i % 2 === 1 ? html`<b class=${/\bdense\b/i.test(part) ? 'dense' : ''}>${part}</b>` : part));
}

/** The same without the stars, for screen readers. */
export function plain(sentence: string): string {
  return sentence.replaceAll('*', '');
}
