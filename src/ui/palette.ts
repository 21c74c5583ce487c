/** The theme's colours and sizes, resolved for a canvas, which knows no custom properties. */

/** Looks of lines: colour, dash and shape. See arm-style.ts. */
const STYLES = 8;

export interface Palette {
  ink: string;
  soft: string;
  faint: string;
  line: string;
  grid: string;
  card: string;
  series: string[];
  /** The series' colours, thin enough to lie over one another. */
  washes: string[];
  /** In multiples of the line's width. */
  dashes: number[][];
  stroke: number;
  fontSize: number;
  fontFamily: string;
}

const DASHES = [[], [4, 2], [1.2, 1.6], [7, 2, 1.5, 2], [8, 3], [2.5, 1.5], [3.2, 2.2], []];

export function readPalette(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  // Going through `color` turns every notation into rgb, system colours of a forced palette included.
  const probe = document.createElement('span');
  (element.shadowRoot ?? element).append(probe);
  const color = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const number = (name: string): number => Number.parseFloat(style.getPropertyValue(`--${name}`));
  const series = Array.from({ length: STYLES }, (_, i) => color(`series-${i}`));
  probe.style.fontSize = 'var(--t-chart)';
  const palette: Palette = {
    ink: color('ink'),
    soft: color('soft'),
    faint: color('faint'),
    line: color('line'),
    grid: color('grid'),
    card: color('card'),
    series,
    washes: series.map((rgb) => rgb.replace(/^rgb\((.*)\)$/, `rgba($1, ${number('wash')})`)),
    dashes: DASHES,
    stroke: number('stroke'),
    fontSize: Number.parseFloat(getComputedStyle(probe).fontSize),
    fontFamily: style.fontFamily,
  };
  probe.remove();
  return palette;
}
