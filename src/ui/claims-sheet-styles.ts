/** How the sheet of claims looks. */
import { css } from 'lit';

export const claimsSheet = css`
  .filter {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
    margin: 20px 0 0;
  }
  section {
    margin-top: 34px;
  }
  h2 {
    font-size: var(--t-small);
    color: var(--soft);
    border-bottom: 1px solid var(--line);
    padding-bottom: 8px;
    margin-bottom: 16px;
  }
  .cards {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 330px), 1fr));
    /* Heads, articles, literature and foot of the cards in a row line up. */
    gap: 0 var(--gap);
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .claim {
    display: grid;
    grid-row: span 4;
    grid-template-rows: subgrid;
    grid-template-columns: minmax(0, 1fr);
    gap: 14px;
    margin-bottom: var(--gap);
    background: var(--card);
    border: 1px solid var(--line);
    border-top: 3px solid var(--line);
    border-radius: var(--radius);
    padding: 16px 18px 18px;
    min-width: 0;
  }
  .claim.measured {
    border-top-color: var(--good);
  }
  .claim.closed {
    border-top-color: var(--warn);
  }
  .head {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 4px 12px;
    align-items: baseline;
    align-content: start;
  }
  .number {
    font: 500 1.5rem / 1 var(--serif);
    color: var(--faint);
  }
  h3 {
    grid-column: 1 / -1;
    margin: 4px 0 0;
    font: 600 1.2rem / 1.22 var(--serif);
    letter-spacing: -0.005em;
    text-wrap: balance;
  }
  .status {
    display: inline-flex;
    gap: 7px;
    align-items: center;
    font-size: var(--t-label);
    color: var(--soft);
  }
  .status::before {
    content: '';
    width: 9px;
    height: 9px;
    border: 2px solid currentcolor;
    border-radius: 50%;
  }
  .measured .status {
    color: var(--good);
    font-weight: 600;
  }
  .measured .status::before {
    background: currentcolor;
  }
  .closed .status {
    color: var(--warn);
  }
  .closed .status::before {
    border-radius: 0;
  }
  .says {
    margin: 0;
    font: italic 400 1rem / 1.45 var(--serif);
    text-wrap: pretty;
  }
  .part {
    font-size: var(--t-small);
    min-width: 0;
  }
  .part p {
    margin: 0;
    text-wrap: pretty;
  }
  .label {
    display: block;
    font: 600 var(--t-label) / 1.5 var(--sans);
    color: var(--faint);
  }
  .sources {
    color: var(--soft);
    font-size: var(--t-label);
    margin-top: 4px !important;
  }
  .foot {
    display: grid;
    gap: 10px;
    align-content: start;
    border-top: 1px solid var(--grid);
    padding-top: 12px;
  }
  .sure {
    display: block;
    margin-top: 4px;
    font-size: var(--t-label);
    color: var(--soft);
  }
  .opens {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .opens button {
    font-size: var(--t-label);
    padding: 5px 11px;
    white-space: normal;
    text-align: start;
  }
  .opens button::after {
    content: ' →';
    content: ' →' / '';
  }
  figure {
    margin: 0;
  }
  @media (min-width: 760px) {
    .claim.shown {
      grid-column: span 2;
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      column-gap: 28px;
    }
    .shown figure {
      grid-area: 1 / 2 / -1 / 3;
      align-self: center;
      justify-self: center;
      width: 100%;
      max-width: 400px;
    }
    .shown .head {
      grid-area: 1 / 1 / 2 / 3;
    }
    .shown figure {
      grid-row: 2 / -1;
    }
  }
  @media (max-width: 759px) {
    .claim {
      grid-row: auto;
      grid-template-rows: none;
    }
  }
  :host([theme='projector']) .cards {
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 560px), 1fr));
  }
  @media print {
    section {
      margin-top: 18px;
    }
    h2 {
      break-after: avoid;
    }
    .cards {
      display: block;
      columns: 2;
      column-gap: 18px;
    }
    .claim {
      display: grid;
      grid-template-rows: none;
      break-inside: avoid;
      gap: 8px;
      padding: 10px 12px;
      margin-bottom: 12px;
    }
    .claim.shown {
      grid-template-columns: minmax(0, 1fr);
    }
    .shown figure,
    .shown .head {
      grid-area: auto;
    }
    .opens {
      display: none;
    }
  }
`;
