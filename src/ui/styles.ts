/** Styles that several elements share. Each element takes what it needs into its own shadow root. */
import { css, unsafeCSS } from 'lit';
import { hidingRule } from './parts';

/**
 * For `.style=${…}` in a template. Assigned to the property, a declaration goes through the object model; the
 * attribute, which `style=` and lit's styleMap would write, is refused by the page's Content-Security-Policy.
 */
export function inlineStyle(declarations: string): CSSStyleDeclaration {
  return declarations as unknown as CSSStyleDeclaration;
}

/** Present for screen readers and the keyboard, not for the eye. */
export const hidden = css`
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    padding: 0;
    border: 0;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

export const base = css`
  ${unsafeCSS(hidingRule())}
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host([hidden]) {
    display: none;
  }
  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }
  /* Takes the focus only so that reading goes on from there: nothing can be done with it. */
  [tabindex='-1']:is(h1, h2, h3):focus-visible {
    outline: none;
  }
  h2 {
    font-size: var(--t-small);
    font-weight: 650;
    margin: 0;
    letter-spacing: 0.005em;
    text-wrap: balance;
  }
  .note {
    color: var(--soft);
    font-size: var(--t-label);
    margin: 0;
  }
`;

export const card = css`
  .card {
    background: var(--card);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    padding: 18px 20px;
  }
  @media (max-width: 520px) {
    .card {
      padding: 14px;
    }
  }
`;

/** A large chart, and beside it what runs it. */
export const stage = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--gap);
    min-width: 0;
  }
  .stage {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(310px, 28%);
    grid-template-rows: auto 1fr;
    gap: var(--gap);
  }
  .stage > * {
    grid-column: 2;
    min-width: 0;
  }
  .stage > :first-child {
    grid-column: 1;
    grid-row: 1 / -1;
  }
  @media (max-width: 1000px) {
    .stage {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: none;
      /* The keyboard goes the way of the eye. */
      reading-flow: grid-order;
    }
    .stage > :is(*, :first-child) {
      grid-column: 1;
      grid-row: auto;
    }
    /* What starts it comes before what it shows. */
    .run {
      order: -1;
    }
  }
`;

export const button = css`
  button {
    font: inherit;
    font-size: var(--t-small);
    font-weight: 550;
    color: var(--ink);
    background: transparent;
    border: 1px solid var(--control);
    border-radius: 10px;
    padding: 7px 13px;
    white-space: nowrap;
    cursor: pointer;
  }
  button:hover:not(:disabled) {
    background: var(--grid);
  }
  button:disabled {
    color: var(--faint);
    border-color: var(--line);
    cursor: default;
  }
`;

/** The button that is meant to be pressed next; goes behind `button`. */
export const primary = css`
  .primary {
    background: var(--ink);
    color: var(--card);
    border-color: var(--ink);
  }
  .primary:hover:not(:disabled) {
    background: color-mix(in srgb, var(--ink) 85%, var(--card));
  }
`;

export const table = css`
  .scroll {
    overflow-x: auto;
  }
  table {
    border-collapse: collapse;
    font-size: var(--t-label);
    font-variant-numeric: tabular-nums;
    min-width: 100%;
  }
  caption {
    text-align: start;
    color: var(--soft);
    padding: 0 0 6px;
  }
  th,
  td {
    padding: 4px 14px 4px 0;
    text-align: start;
    vertical-align: top;
    border-bottom: 1px solid var(--grid);
    white-space: nowrap;
  }
  thead th {
    color: var(--soft);
    font-weight: 550;
    border-bottom-color: var(--line);
  }
  .num {
    text-align: end;
  }
  tfoot :is(th, td) {
    border-bottom: 0;
    border-top: 1px solid var(--line);
    font-weight: 650;
  }
`;

export const details = css`
  summary {
    cursor: pointer;
    font-size: var(--t-label);
    color: var(--soft);
    width: fit-content;
    border-radius: 4px;
  }
  summary:hover {
    color: var(--ink);
  }
  details[open] > summary {
    margin-bottom: 8px;
  }
`;

/** A share as a number and a bar, in a cell of a table. */
export const shareBar = css`
  .share {
    display: inline-grid;
    width: 100%;
    grid-template-columns: 3.2em minmax(70px, 1fr);
    gap: 10px;
    align-items: center;
    min-width: 150px;
  }
  .bar {
    height: 8px;
    border-radius: 4px;
    background: var(--grid);
    overflow: hidden;
  }
  .bar i {
    display: block;
    height: 100%;
    background: var(--series-6);
  }
  @media (forced-colors: active) {
    .bar i {
      background: Highlight;
    }
  }
`;
