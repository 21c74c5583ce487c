/** Draws a PlotModel as SVG: every colour and width is the theme's, every mark can be pointed at. */
import { css, nothing, svg, type TemplateResult } from 'lit';
import { SPARSE } from './arm-style';
import { placeX, placeY, share, spreadOut, type PlotBox, type PlotLabel, type PlotModel } from './plot-model';

/** Below this width labels lie within the plot, for want of room beside it. */
const NARROW = 560;

export interface PlotSize {
  width: number;
  height: number;
  /** Size of the writing, in pixels. */
  em: number;
}

export function boxOf({ room }: Pick<PlotModel, 'room'>, { width, height, em }: PlotSize): PlotBox {
  const right = width < NARROW ? em * 1.2 : em * (1.6 + 0.56 * room);
  const left = em * 5.1;
  const top = em * 1.2;
  return { left, top, width: Math.max(40, width - left - right), height: Math.max(40, height - top - em * 4) };
}

/** Runs stand beside their mean, for seeds of one arm have one place on the axis; sparse ones on the other side. */
export function dodge(style: number, em: number): number {
  return (style === SPARSE ? 0.8 : -0.8) * em;
}

/** Colours, widths and dashes; `.s6` and `.s7` are dense and sparse. */
export const plotStyles = css`
  svg {
    display: block;
    width: 100%;
    height: 100%;
    font-size: var(--t-chart);
    font-family: inherit;
    overflow: visible;
  }
  text {
    fill: var(--soft);
    font-variant-numeric: tabular-nums;
  }
  .halo {
    paint-order: stroke;
    stroke: var(--card);
    stroke-width: 4px;
    stroke-linejoin: round;
  }
  .name {
    font-weight: 650;
    fill: var(--c, var(--ink));
  }
  .grid {
    stroke: var(--grid);
  }
  .axis {
    stroke: var(--line);
  }
  .rule {
    stroke: var(--soft);
    stroke-width: 1.25px;
    stroke-dasharray: 2 4;
  }
  .s0 {
    --c: var(--series-0);
  }
  .s1 {
    --c: var(--series-1);
  }
  .s2 {
    --c: var(--series-2);
  }
  .s3 {
    --c: var(--series-3);
  }
  .s4 {
    --c: var(--series-4);
  }
  .s5 {
    --c: var(--series-5);
  }
  .s6 {
    --c: var(--series-6);
  }
  .s7 {
    --c: var(--series-7);
  }
  .line {
    fill: none;
    stroke: var(--c);
    stroke-width: calc(var(--stroke) * 1px);
    stroke-linejoin: round;
  }
  .line.s6 {
    stroke-dasharray: calc(var(--stroke) * 3.2px) calc(var(--stroke) * 2.2px);
  }
  .line.s1 {
    stroke-dasharray: calc(var(--stroke) * 4px) calc(var(--stroke) * 2px) calc(var(--stroke) * 1px)
      calc(var(--stroke) * 2px);
  }
  .line.few,
  .line.beyond {
    stroke-width: calc(var(--stroke) * 0.65px);
    stroke-dasharray: calc(var(--stroke) * 0.7px) calc(var(--stroke) * 1.9px);
    stroke-linecap: round;
  }
  .line.run {
    stroke-width: calc(var(--stroke) * 0.4px);
    stroke-dasharray: none;
    opacity: 0.55;
  }
  .line.path {
    stroke: var(--ink);
    stroke-width: calc(var(--stroke) * 0.65px);
    stroke-dasharray: none;
  }
  .line.even {
    stroke: var(--faint);
    stroke-width: 1px;
    stroke-dasharray: none;
    opacity: 0.6;
  }
  .band {
    fill: var(--c);
    opacity: var(--wash);
  }
  .mean {
    fill: var(--c);
    stroke: var(--c);
    stroke-width: calc(var(--stroke) * 0.9px);
  }
  .mean.hollow {
    fill: var(--card);
  }
  .bar {
    fill: none;
    stroke: var(--c, var(--ink));
    stroke-width: calc(var(--stroke) * 0.75px);
  }
  .single {
    fill: var(--c);
    stroke: var(--card);
    stroke-width: 0.75px;
    opacity: 0.8;
  }
  .faint {
    opacity: 0.38;
  }
  .pointed {
    opacity: 1;
    stroke: var(--ink);
    stroke-width: calc(var(--stroke) * 0.8px);
  }
`;

/** Shapes differ as well as colours, as in chart-dots.ts. */
function shape(style: number, x: number, y: number, r: number): string {
  if (style === 6) return `M${x - r * 0.88} ${y - r * 0.88}h${r * 1.76}v${r * 1.76}h${-r * 1.76}z`;
  if (style === 7 || style === 0) return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
  if (style % 2 === 0)
    return `M${x} ${y - r * 1.25}l${r * 1.25} ${r * 1.25}l${-r * 1.25} ${r * 1.25}l${-r * 1.25} ${-r * 1.25}z`;
  return `M${x} ${y - r * 1.15}l${r * 1.1} ${r * 2}h${-r * 2.2}z`;
}

function path(xs: readonly number[], ys: readonly number[]): string {
  return xs.map((x, i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${ys[i]!.toFixed(1)}`).join('');
}

export function axesSvg(model: Pick<PlotModel, 'x' | 'y'>, box: PlotBox, em: number): TemplateResult {
  const bottom = box.top + box.height;
  const right = box.left + box.width;
  const wide = model.x.ticks.map((value) => model.x.format(value));
  // Words that would run into each other take every other place.
  const room = box.width / Math.max(1, wide.length);
  const every = wide.some((words) => words.length * em * 0.55 > room) && wide.length > 3 ? 2 : 1;
  const apart = box.height / Math.max(1, model.y.ticks.length) < em * 1.2 ? 2 : 1;
  return svg`
    ${model.y.ticks.map((value, i) => {
      const y = placeY(model, box, value);
      return svg`<line class="grid" x1=${box.left} x2=${right} y1=${y} y2=${y} />${
        i % apart === 0
          ? svg`<text x=${box.left - em * 0.6} y=${y} dy=".33em" text-anchor="end">${model.y.format(value)}</text>`
          : nothing
      }`;
    })}
    <line class="axis" x1=${box.left} x2=${right} y1=${bottom} y2=${bottom} />
    ${model.x.ticks.map((value, i) => {
      const x = placeX(model, box, value);
      return svg`<line class="axis" x1=${x} x2=${x} y1=${bottom} y2=${bottom + 4} />${
        i % every === 0 ? svg`<text x=${x} y=${bottom + em * 1.5} text-anchor="middle">${wide[i]}</text>` : nothing
      }`;
    })}
    <text x=${box.left + box.width / 2} y=${bottom + em * 3.2} text-anchor="middle">${model.x.label}</text>
    <text
      transform="translate(${em * 0.9} ${box.top + box.height / 2}) rotate(-90)" text-anchor="middle"
    >${alongside(model.y.label, box, em)}</text>
  `;
}

/** The upright axis's words, without what is in brackets where the plot is low: above it lies the chart's title. */
function alongside(words: string, box: PlotBox, em: number): string {
  const room = box.height + 2 * box.top;
  return words.length * em * 0.55 <= room ? words : words.replace(/ \(.*\)$/, '');
}

function barSvg(model: PlotModel, box: PlotBox, style: number | undefined, x: number, low: number, high: number) {
  const px = placeX(model, box, x);
  const clamp = (y: number): number => Math.min(box.top + box.height, Math.max(box.top, y));
  const [top, bottom] = [clamp(placeY(model, box, high)), clamp(placeY(model, box, low))];
  return svg`<path class="bar s${style ?? 'none'}" d="M${px} ${top}V${bottom}M${px - 4} ${top}h8M${px - 4} ${bottom}h8" />`;
}

/** An interval with square ends, wider than an error bar so that nobody takes one for the other. */
function bracketsSvg(model: PlotModel, box: PlotBox, em: number) {
  const half = em * 0.55;
  return model.brackets.map(({ along, x, y, low, high }) => {
    const [px, py] = [placeX(model, box, x), placeY(model, box, y)];
    if (along === 'x') {
      const [left, right] = [placeX(model, box, low), placeX(model, box, high)].map((each) =>
        Math.min(box.left + box.width, Math.max(box.left, each)),
      ) as [number, number];
      return svg`<path class="bar" d="M${left} ${py}H${right}M${left} ${py - half}v${2 * half}M${right} ${py - half}v${2 * half}" />
        <path class="bar" d=${shape(4, px, py, em * 0.36)} fill="var(--card)" />`;
    }
    const [top, bottom] = [placeY(model, box, high), placeY(model, box, low)];
    return svg`<path class="bar" d="M${px - half * 1.6} ${top}h${3.2 * half}M${px - half * 1.6} ${bottom}h${3.2 * half}M${px - half * 1.6} ${top}V${bottom}M${px + half * 1.6} ${top}V${bottom}" />
      <path class="bar" d="M${px - half * 1.6} ${py}h${3.2 * half}" stroke-dasharray="3 3" />`;
  });
}

function nameSvg({ style, text, power, detail, quiet }: PlotLabel, x: number, y: number, em: number, anchor: string) {
  return svg`<text class="halo s${style ?? 'none'}" x=${x} y=${y} text-anchor=${anchor}>
    <tspan class=${quiet ? '' : 'name'}>${text}${
      power === undefined ? nothing : svg`<tspan dy="-.42em" font-size=".78em">${power}</tspan>`
    }</tspan>${
      detail === undefined
        ? nothing
        : svg`<tspan x=${x} dy=${power === undefined ? em * 1.25 : em * 1.6}>${detail}</tspan>`
    }</text>`;
}

/** Lines of writing that a label takes. */
function linesOf({ detail }: PlotLabel): number {
  return detail === undefined ? 1.3 : 2.7;
}

/** At the right ends of what they name; on a narrow plot laws are named in the corner that falling curves leave free. */
function endLabels(model: PlotModel, box: PlotBox, { width, em }: PlotSize) {
  const narrow = width < NARROW;
  const labels = model.labels.filter(({ place }) => place === 'right').toSorted((a, b) => b.y - a.y);
  const law = ({ power, detail }: PlotLabel): boolean => power !== undefined || detail !== undefined;
  let next = box.top + em * 0.4;
  const wanted = labels.map((label) => {
    const own = placeY(model, box, label.y);
    if (!narrow) return own;
    if (!law(label)) return own - em * 1.2;
    const place = next;
    next += em * linesOf(label);
    return place;
  });
  const heights = labels.map((label) => em * linesOf(label));
  const tops = spreadOut(wanted, heights, box.top + em * 0.4, box.top + box.height + em * 0.6);
  return labels.map((label, i) => {
    const x = narrow ? box.left + box.width : placeX(model, box, label.x) + em * 1.5;
    return nameSvg(label, x, tops[i]! + em * 0.33, em, narrow ? 'end' : 'start');
  });
}

function overLabels(model: PlotModel, box: PlotBox, em: number) {
  return model.labels
    .filter(({ place }) => place === 'above')
    .map((label) => {
      const x = placeX(model, box, label.x);
      const lift = em * (label.detail === undefined ? 0.8 : 2.1);
      const y = Math.max(box.top + em * 0.4, placeY(model, box, label.y) - lift);
      const beyond = x > box.left + box.width - em * 6;
      return nameSvg(label, beyond ? x + em * 1.2 : x, y, em, beyond ? 'end' : 'middle');
    });
}

/** Words in the middle of an empty plot. */
function hintSvg(words: string, box: PlotBox) {
  return svg`<text class="halo" x=${box.left + box.width / 2} y=${box.top + box.height / 2} text-anchor="middle">${words}</text>`;
}

export function plotSvg(model: PlotModel, box: PlotBox, size: PlotSize, pointed: string | undefined): TemplateResult {
  const { em } = size;
  const xs = (values: readonly number[]): number[] => values.map((value) => placeX(model, box, value));
  const ys = (values: readonly number[]): number[] => values.map((value) => placeY(model, box, value));
  const drawn = model.lines.filter(({ x }) => x.length > 1);
  const inside = (x: number): boolean => share(model.x, x) >= -0.01 && share(model.x, x) <= 1.01;
  const order = [
    ...model.runs.filter(({ key }) => key !== pointed),
    ...model.runs.filter(({ key }) => key === pointed),
  ];
  return svg`
    <g aria-hidden="true">
      ${axesSvg(model, box, em)}
      ${model.rules.map(({ y, text }) => {
        const top = placeY(model, box, y);
        return svg`<line class="rule" x1=${box.left} x2=${box.left + box.width} y1=${top} y2=${top} />
          <text class="halo" x=${box.left + em * 0.6} y=${top - em * 0.4}>${text}</text>`;
      })}
      ${model.bands.map(
        ({ style, x, low, high }) =>
          svg`<path class="band s${style}" d="${path(xs(x), ys(low))}L${path(xs(x.toReversed()), ys(high.toReversed())).slice(1)}Z" />`,
      )}
      ${drawn.map(({ role, style, x, y }) => svg`<path class="line ${role} s${style}" d=${path(xs(x), ys(y))} />`)}
      ${model.means.map(({ style, x, low, high, faint }) =>
        low === undefined || high === undefined || faint ? nothing : barSvg(model, box, style, x, low, high),
      )}
      ${model.means.map(
        ({ style, x, y, hollow, faint }) =>
          svg`<path
            class="mean s${style} ${hollow ? 'hollow' : ''} ${faint ? 'faint' : ''}"
            d=${shape(style, placeX(model, box, x), placeY(model, box, y), em * (faint ? 0.28 : 0.42))}
          />`,
      )}
      ${bracketsSvg(model, box, em)}
      ${order
        .filter(({ x }) => inside(x))
        .map(({ key, style, x, y, faint }) => {
          const on = key === pointed;
          return svg`<circle
            class="single s${style} ${on ? 'pointed' : faint ? 'faint' : ''}" data-run=${key}
            cx=${placeX(model, box, x) + dodge(style, em)} cy=${placeY(model, box, y)} r=${em * (on ? 0.5 : 0.22)}
          />`;
        })}
      ${endLabels(model, box, size)} ${overLabels(model, box, em)}
      ${model.hint === undefined ? nothing : hintSvg(model.hint, box)}
    </g>
  `;
}
