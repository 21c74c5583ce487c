/** What chart.ts can draw, as plain values. */
import type { Axis } from './ticks';

export interface ChartAxis extends Axis {
  label: string;
  log: boolean;
  /** Text at a tick. */
  format: (value: number) => string;
  /** Text of a value that is pointed at. */
  exact: (value: number) => string;
}

/** A line with a band. The arrays are parallel; null is a hole that the line spans. */
export interface Line {
  name: string;
  /** Index of its colour, dash and shape. */
  style: number;
  dashed: boolean;
  /** A thin line that is not pointed at. */
  faint?: boolean;
  x: number[];
  y: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
}

/** A measured value with its error bar. */
export interface Dot {
  x: number;
  y: number;
  low?: number;
  high?: number;
  style: number;
  /** Not final yet. */
  hollow: boolean;
}

/** Words at a point, drawn to its right, or centred above it. */
export interface Label {
  x: number;
  y: number;
  style: number;
  text: string;
  detail?: string;
  place: 'right' | 'above';
}

/** A horizontal line with a meaning. */
export interface Rule {
  y: number;
  text: string;
}

/** Something that happened to a line: a change of setting, or the end of a diverged run. */
export interface Mark {
  x: number;
  y: number;
  style: number;
  kind: 'change' | 'diverged';
  text: string;
}

/** How much less it took one line to get as low as another: from where it was that low to where the other ended. */
export interface Bracket {
  y: number;
  from: number;
  to: number;
  text: string;
  /** Look of the line that got there first; its dots are joined, for that is what the bracket is read from. */
  style: number;
}

export interface ChartModel {
  x: ChartAxis;
  y: ChartAxis;
  lines: Line[];
  dots: Dot[];
  labels: Label[];
  rules: Rule[];
  marks: Mark[];
  bracket?: Bracket | undefined;
  /** Characters of the longest label that the right end will ever carry; its room is kept from the beginning. */
  room?: { text: number; detail: number };
  /** What is said in the middle of a chart that is still empty. */
  hint?: string | undefined;
}
