/** Looks of a native dialog, shared by those that have one. */
import { css } from 'lit';

export const dialogStyles = css`
  dialog {
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--card);
    color: var(--ink);
    padding: 22px 24px;
    max-width: min(96vw, 1200px);
    max-height: 96vh;
    overflow: auto;
  }
  dialog::backdrop {
    background: #0008;
  }
  .head {
    display: flex;
    justify-content: space-between;
    align-items: center;
    gap: 16px;
    margin-bottom: 14px;
  }
`;
