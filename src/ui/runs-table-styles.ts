/** How the table of runs looks. */
import { css } from 'lit';

export const runsTable = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 12px;
    align-items: center;
  }
  .bar .end {
    margin-inline-start: auto;
  }
  label {
    font-size: var(--t-label);
    color: var(--soft);
    display: flex;
    gap: 8px;
    align-items: center;
    flex: 0 1 26em;
  }
  input[type='search'] {
    font: inherit;
    font-size: var(--t-small);
    color: var(--ink);
    background: var(--card);
    border: 1px solid var(--control);
    border-radius: 10px;
    padding: 6px 11px;
    flex: 1;
    min-width: 0;
  }
  input[type='checkbox'] {
    accent-color: var(--ink);
    width: 1.1em;
    height: 1.1em;
    margin: 0;
    vertical-align: -0.15em;
  }
  .problem {
    background: var(--warn-ground);
    color: var(--warn);
    border-radius: 10px;
    padding: 8px 12px;
    font-size: var(--t-label);
    margin: 0;
  }
  .scroll {
    max-height: 62vh;
    overflow: auto;
  }
  .scroll:focus-visible {
    outline-offset: -2px;
  }
  thead th {
    position: sticky;
    top: 0;
    background: var(--card);
    z-index: 1;
  }
  thead button {
    border: 0;
    padding: 2px 0;
    border-radius: 4px;
    font-size: inherit;
    color: inherit;
  }
  thead button:hover:not(:disabled) {
    background: none;
    color: var(--ink);
    text-decoration: underline;
  }
  th[aria-sort='ascending'],
  th[aria-sort='descending'] {
    color: var(--ink);
  }
  .num .order {
    float: left;
  }
  .order {
    display: inline-block;
    width: 1em;
  }
  td {
    vertical-align: middle;
  }
  td button {
    border: 0;
    padding: 2px 4px;
    border-radius: 4px;
    font-size: inherit;
    font-weight: inherit;
  }
  td:nth-child(2) button {
    margin-inline-start: -4px;
  }
  td .nameless {
    color: var(--soft);
  }
  .star {
    color: var(--soft);
    font-size: 1.15em;
    line-height: 1;
  }
  .star[aria-pressed='true'] {
    color: var(--accent);
  }
  tbody tr:hover td {
    background: var(--grid);
  }
  tbody tr.pointed td {
    background: var(--grid);
    box-shadow:
      inset 0 2px var(--accent),
      inset 0 -2px var(--accent);
  }
  .diverged {
    color: var(--warn);
  }
  @media (forced-colors: active) {
    tbody tr.pointed td {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;
