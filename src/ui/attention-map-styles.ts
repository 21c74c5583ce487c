/** How the map of attention looks. */
import { css } from 'lit';

export const attentionMap = css`
  :host {
    display: grid;
    gap: 12px;
    min-width: 0;
    container-type: inline-size;
  }
  canvas {
    display: block;
    color: var(--series-7);
    image-rendering: pixelated;
  }
  fieldset {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
    margin: 0;
    padding: 0;
    border: 0;
  }
  label {
    position: relative;
    display: grid;
    gap: 4px;
    padding: 6px;
    border: 1px solid var(--line);
    border-radius: 9px;
    font-size: var(--t-label);
    color: var(--soft);
    cursor: pointer;
    justify-items: center;
  }
  label:hover {
    color: var(--ink);
  }
  label:has(:checked) {
    color: var(--ink);
    border-color: var(--ink);
    box-shadow: inset 0 0 0 1px var(--ink);
  }
  label:has(:focus-visible) {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }
  label canvas {
    width: 72px;
    height: 72px;
    background: var(--ground);
  }
  .both {
    display: grid;
    grid-template-columns: minmax(0, 1.45fr) minmax(15em, 1fr);
    gap: 16px 28px;
  }
  @container (max-width: 44em) {
    .both {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  .map {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 3px;
    max-width: 44rem;
    container-type: inline-size;
    --cell: calc((100cqw - 3.2em) / var(--count));
  }
  .names {
    display: grid;
    font-family: var(--mono);
    font-size: min(var(--t-label), calc(var(--cell) * 0.78));
    line-height: 1;
    color: var(--soft);
  }
  .top {
    grid-column: 2;
    grid-template-columns: repeat(var(--count), minmax(0, 1fr));
    align-items: end;
    justify-items: center;
  }
  .top span {
    writing-mode: vertical-rl;
    transform: rotate(180deg);
  }
  .side {
    grid-template-rows: repeat(var(--count), minmax(0, 1fr));
    align-items: center;
    justify-items: end;
    min-width: 2.2em;
  }
  .names .here {
    color: var(--ink);
    font-weight: 700;
  }
  .plot {
    position: relative;
    aspect-ratio: 1;
    background: var(--ground);
    border-radius: 4px;
    overflow: hidden;
    touch-action: pan-y;
  }
  .plot canvas {
    width: 100%;
    height: 100%;
  }
  .future {
    position: absolute;
    inset: 0;
    /* Above the diagonal nothing has been read. */
    clip-path: polygon(var(--side) 0, 100% 0, 100% calc(100% - var(--side)));
    background: repeating-linear-gradient(135deg, var(--grid) 0 1px, transparent 1px 9px);
    color: var(--faint);
    font-size: var(--t-label);
    text-align: end;
    padding: 10px 12px;
  }
  .band {
    position: absolute;
    border: 0 solid var(--ink);
    pointer-events: none;
  }
  .row {
    left: 0;
    border-width: 1px 0;
  }
  .column {
    bottom: 0;
    border-width: 0 1px;
  }
  .map:has(~ .hidden:focus-visible) {
    outline: 2px solid var(--focus);
    outline-offset: 4px;
    border-radius: 6px;
  }
  .says {
    display: grid;
    gap: 10px;
    align-content: start;
    font-size: var(--t-small);
  }
  .says p {
    margin: 0;
    text-wrap: pretty;
  }
  .says .pointed {
    min-height: 3em;
  }
  ol {
    display: grid;
    gap: 5px;
    list-style: none;
    margin: 0;
    padding: 0;
  }
  li {
    display: grid;
    grid-template-columns: 3.4em minmax(0, 1fr) 3.2em;
    gap: 10px;
    align-items: center;
    font-variant-numeric: tabular-nums;
  }
  li b {
    font: 550 var(--t-small) var(--mono);
  }
  li i {
    display: block;
    height: 1.5em;
    border-radius: 3px;
    background: var(--grid);
    overflow: hidden;
    position: relative;
    font-style: normal;
  }
  li i span {
    position: absolute;
    inset: 0 auto 0 0;
    background: color-mix(in srgb, var(--series-7) 55%, var(--card));
  }
  li i em {
    position: absolute;
    inset: 0 auto 0 7px;
    display: flex;
    align-items: center;
    font-style: normal;
    font-size: var(--t-label);
    color: var(--ink);
    white-space: nowrap;
  }
  li .num {
    text-align: end;
  }
  .scale {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 10px;
    align-items: center;
    color: var(--soft);
    font-size: var(--t-label);
  }
  .scale span {
    display: inline-flex;
    gap: 5px;
    align-items: center;
  }
  .scale i {
    width: 16px;
    height: 16px;
    border-radius: 3px;
    border: 1px solid var(--line);
    background: color-mix(in srgb, var(--series-7) var(--share), var(--ground));
  }
  @media (forced-colors: active) {
    .plot canvas,
    label canvas,
    .scale i,
    li i span {
      forced-color-adjust: none;
    }
  }
`;
