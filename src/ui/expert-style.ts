/** An expert's look: one of six colours by its number, and by its half-dozen one of four patterns; its number is with it. */
import { css, html, type TemplateResult } from 'lit';
import { inlineStyle } from './styles';

/** Of the theme's colours those whose lightness or hue colour-blind eyes tell apart best. */
const COLORS = [6, 7, 3, 1, 4, 0];
const PATTERNS = 4;

export const expertStyles = css`
  .expert {
    --tint: color-mix(in srgb, var(--color) 24%, var(--card));
    --mark: color-mix(in srgb, var(--color) 46%, var(--card));
    display: block;
    text-align: center;
    font: 550 var(--t-label) / 1.5 var(--mono);
    color: var(--ink);
    background: var(--tint);
    border-inline-start: 3px solid var(--color);
  }
  .pattern1 {
    background: repeating-linear-gradient(45deg, var(--mark) 0 2px, var(--tint) 2px 7px);
  }
  .pattern2 {
    background: radial-gradient(var(--mark) 1.6px, var(--tint) 2px) 0 0 / 7px 7px;
  }
  .pattern3 {
    background: repeating-linear-gradient(0deg, var(--mark) 0 2px, var(--tint) 2px 6px);
  }
  @media (forced-colors: active) {
    .expert {
      background: Canvas;
      border-color: CanvasText;
    }
  }
`;

/** @param classes further classes of the element */
export function expertChip(expert: number, classes = ''): TemplateResult {
  const color = COLORS[expert % COLORS.length] ?? 0;
  const pattern = Math.floor(expert / COLORS.length) % PATTERNS;
  return html`<span class="expert pattern${pattern} ${classes}" .style=${inlineStyle(`--color: var(--series-${color})`)}
    >${expert + 1}</span
  >`;
}
