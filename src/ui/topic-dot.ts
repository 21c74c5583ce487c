/** A topic's colour, always beside its name. */
import { css, html, type TemplateResult } from 'lit';
import { insideText } from '../text/inside';
import { inlineStyle } from './styles';

/** In the order of the topics' names; legible on a light ground and on a dark one. */
const COLORS = [
  ...['#2b7bd6', '#2a9d5c', '#d6423c', '#c9971c', '#8a5bd0', '#85888f', '#e07b28', '#1f9c9c'],
  ...['#e0689f', '#94613a', '#86b32d', '#4258b8', '#85853a', '#a04a86', '#4fb1dc', '#b5553a'],
];

export const topicDot = css`
  .dot {
    display: inline-block;
    width: 0.72em;
    height: 0.72em;
    border-radius: 50%;
    border: 1px solid transparent;
  }
`;

export function dot(topic: number): TemplateResult {
  const color = COLORS[topic % COLORS.length] ?? 'currentColor';
  return html`<span class="dot" aria-hidden="true" .style=${inlineStyle(`background: ${color}`)}></span>`;
}

export function topicName(topic: number): string {
  return insideText.topic(topic);
}
