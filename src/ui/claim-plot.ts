/** A small picture of a recorded race: loss above the floor by compute, both arms, and the saving between them. */
import { css, html, svg } from 'lit';
import type { Recorded } from '../experiments/recorded';
import { mean } from '../math/statistics';
import { claimsText as text } from '../text/claims';
import { nats, power, times } from '../text/numbers';

const WIDTH = 300;
const HEIGHT = 190;
const LEFT = 12;
const RIGHT = 58;
const TOP = 26;
const BOTTOM = 34;

interface Spot {
  x: number;
  y: number;
}

/** Means over the seeds at each end, from little compute to much. */
function curveOf({ ends }: Recorded, arm: string): Spot[] {
  const sound = ends.filter((end) => end.arm === arm && !end.diverged);
  const budgets = [...new Set(sound.map(({ trainFlops }) => trainFlops))].sort((a, b) => a - b);
  return budgets.map((x) => ({
    x,
    y: mean(sound.filter(({ trainFlops }) => trainFlops === x).map(({ excess }) => excess)),
  }));
}

export const claimPlotStyles = css`
  .plot {
    display: block;
    width: 100%;
    height: auto;
    max-width: 400px;
    overflow: visible;
  }
  .plot text {
    font: 12px var(--sans);
    fill: var(--soft);
    font-variant-numeric: tabular-nums;
  }
  .plot path,
  .plot line {
    fill: none;
    stroke: var(--line);
  }
  .plot .dense {
    --arm: var(--series-6);
  }
  .plot .sparse {
    --arm: var(--series-7);
  }
  .plot .arm path {
    stroke: var(--arm);
    stroke-width: 2.25;
  }
  .plot .dense path {
    stroke-dasharray: 7 5;
  }
  .plot .arm circle {
    fill: var(--card);
    stroke: var(--arm);
    stroke-width: 2.25;
  }
  .plot .arm text {
    fill: var(--arm);
    font-weight: 650;
  }
  .plot .saving {
    stroke: var(--ink);
    stroke-width: 1.5;
  }
  .plot text.saved {
    fill: var(--ink);
    font-weight: 650;
  }
`;

/** Undefined where there is nothing to draw. */
export function claimPlot(recorded: Recorded) {
  const { verdict } = recorded;
  if (!verdict) return undefined;
  const [dense, sparse] = [curveOf(recorded, verdict.dense), curveOf(recorded, verdict.sparse)];
  const all = [...dense, ...sparse];
  const [last, lastSparse] = [dense.at(-1), sparse.at(-1)];
  if (!last || !lastSparse || all.some(({ y }) => y <= 0)) return undefined;
  const span = (values: number[]): [number, number] => [Math.log(Math.min(...values)), Math.log(Math.max(...values))];
  const [x0, x1] = span(all.map(({ x }) => x));
  const [y0, y1] = span(all.map(({ y }) => y));
  const at = ({ x, y }: Spot): [number, number] => [
    LEFT + ((Math.log(x) - x0) / (x1 - x0)) * (WIDTH - LEFT - RIGHT),
    TOP + ((y1 - Math.log(y)) / (y1 - y0)) * (HEIGHT - TOP - BOTTOM),
  ];
  const arm = (name: string, css: 'dense' | 'sparse', curve: Spot[], end: Spot) => {
    const spots = curve.map(at);
    const [x, y] = at(end);
    return svg`<g class="arm ${css}">
      <path d="M${spots.map((spot) => spot.join(' ')).join('L')}" />
      ${spots.map(([cx, cy]) => svg`<circle cx=${cx} cy=${cy} r="4.5" />`)}
      <text x=${x + 10} y=${y - 1}>${name}</text>
      <text x=${x + 10} y=${y + 13}>${nats(end.y, 2)}</text>
    </g>`;
  };
  const saved = verdict.computeSaved;
  const budgets = dense.map(({ x }) => x);
  return html`<svg
    class="plot"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label=${text.plot(dense.map(({ y }) => nats(y, 2)).join(', '), sparse.map(({ y }) => nats(y, 2)).join(', '))}
  >
    <line x1=${LEFT} x2=${WIDTH - RIGHT} y1=${HEIGHT - BOTTOM + 10} y2=${HEIGHT - BOTTOM + 10} />
    ${[budgets[0], budgets.at(-1)].map((x, i) =>
      x === undefined
        ? null
        : svg`<text x=${at({ x, y: last.y })[0]} y=${HEIGHT - 6} text-anchor=${i === 0 ? 'start' : 'end'}>
            ${power(x)} FLOPs
          </text>`,
    )}
    ${arm(verdict.dense, 'dense', dense, last)} ${arm(verdict.sparse, 'sparse', sparse, lastSparse)}
    ${
      saved
        ? svg`<line class="saving" x1=${at({ x: saved.atBudget / saved.factor, y: saved.atLoss })[0]}
              x2=${at({ x: saved.atBudget, y: saved.atLoss })[0] - 7}
              y1=${at({ x: 1, y: saved.atLoss })[1]} y2=${at({ x: 1, y: saved.atLoss })[1]} />
            <text class="saved" x=${at({ x: saved.atBudget / saved.factor, y: saved.atLoss })[0] + 8}
              y=${at({ x: 1, y: saved.atLoss })[1] - 7}>${text.less(times(saved.factor))}</text>`
        : null
    }
  </svg>`;
}
