/** Styles of settings; only what lies below the charts has any, so they come with the second script. */
import { css } from 'lit';

/** Sliders in a fieldset, each with its name, its value and a word below. */
export const fields = css`
  fieldset {
    border: 0;
    margin: 0;
    padding: 0;
    display: grid;
  }
  fieldset:disabled {
    opacity: 0.72;
  }
  .value {
    font-weight: 650;
    font-variant-numeric: tabular-nums;
  }
  small {
    grid-column: 1 / -1;
    color: var(--soft);
    font-size: var(--t-label);
  }
  input[type='range'] {
    grid-column: 1 / -1;
    width: 100%;
    accent-color: var(--ink);
  }
`;
