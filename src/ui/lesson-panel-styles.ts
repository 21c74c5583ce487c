/** How the panel of a lesson looks. */
import { css } from 'lit';

export const lessonPanel = css`
  :host {
    display: block;
    container-type: inline-size;
    min-width: 0;
    background: var(--card);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    box-shadow: inset 0 4px 0 var(--good);
    padding: 18px 20px 16px;
  }
  .top {
    display: flex;
    gap: 6px 16px;
    align-items: center;
    justify-content: space-between;
    font-size: var(--t-label);
    color: var(--soft);
  }
  .top b {
    color: var(--ink);
    font-weight: 650;
  }
  .top button {
    font-size: var(--t-label);
    padding: 4px 10px;
  }
  ol {
    display: flex;
    gap: 4px;
    list-style: none;
    margin: 12px 0 0;
    padding: 0;
  }
  ol li {
    flex: 1;
  }
  ol button {
    display: block;
    width: 100%;
    /* Thin to look at, large enough for a thumb. */
    height: 24px;
    padding: 0;
    border: 0;
    border-radius: 6px;
    background: linear-gradient(var(--track), var(--track)) center / 100% 6px no-repeat;
    --track: var(--grid);
  }
  ol button:hover:not(:disabled) {
    background: linear-gradient(var(--control), var(--control)) center / 100% 6px no-repeat;
  }
  ol .past button {
    --track: color-mix(in srgb, var(--good) 45%, var(--grid));
  }
  ol button[aria-current] {
    --track: var(--good);
  }
  h2 {
    font: 600 1.45rem / 1.2 var(--serif);
    letter-spacing: -0.008em;
    margin: 8px 0 6px;
  }
  p {
    margin: 0;
    text-wrap: pretty;
  }
  .step {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 14px 36px;
  }
  .ask {
    font-weight: 600;
  }
  form,
  fieldset,
  .check {
    display: grid;
    gap: 10px;
    justify-items: start;
    align-content: start;
    border: 0;
    margin: 0;
    padding: 0;
    min-width: 0;
  }
  legend {
    padding: 0;
    margin-bottom: 8px;
  }
  .option {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 10px;
    align-items: baseline;
    width: 100%;
    padding: 7px 12px;
    border: 1px solid var(--line);
    border-radius: 10px;
    cursor: pointer;
    font-size: var(--t-small);
  }
  .option:hover {
    border-color: var(--control);
  }
  .option:has(:checked) {
    border-color: var(--ink);
  }
  .option input {
    accent-color: var(--ink);
    margin: 0;
  }
  .number {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    font-size: var(--t-small);
  }
  .number input {
    font: inherit;
    font-size: var(--t-body);
    width: 6em;
    padding: 6px 10px;
    color: var(--ink);
    background: var(--ground);
    border: 1px solid var(--control);
    border-radius: 9px;
  }
  .slider {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 4px 14px;
    align-items: center;
    width: 100%;
  }
  .slider input {
    width: 100%;
    accent-color: var(--good);
  }
  .slider output {
    font-weight: 650;
    font-variant-numeric: tabular-nums;
    min-width: 8.5em;
  }
  .said {
    width: 100%;
    border-inline-start: 3px solid var(--control);
    padding: 2px 0 2px 12px;
    font-size: var(--t-small);
  }
  .said:not(:has(p)) {
    display: none;
  }
  .said.right {
    border-color: var(--good);
  }
  .said.wrong {
    border-color: var(--warn);
  }
  .said p + p {
    margin-top: 6px;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .moves {
    display: flex;
    justify-content: space-between;
    gap: 8px;
    margin-top: 16px;
  }
  .notice {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 14px;
    align-items: center;
    margin-top: 12px;
    font-size: var(--t-small);
    color: var(--soft);
  }
  @container (max-width: 440px) {
    .slider {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @container (min-width: 720px) {
    .step {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    }
    .step.alone {
      grid-template-columns: minmax(0, 46em);
    }
  }
  @media (forced-colors: active) {
    ol button {
      border: 1px solid CanvasText;
    }
    ol button[aria-current] {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
  @media print {
    :host {
      display: none;
    }
  }
`;
