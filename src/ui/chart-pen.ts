/** What the painters of a chart's annotations share: the canvas, the way from values to pixels, and a way to write. */
import type uPlot from 'uplot';
import type { Palette } from './palette';

export interface Pen {
  context: CanvasRenderingContext2D;
  palette: Palette;
  /** The plot's box in device pixels. */
  box: { left: number; top: number; right: number; bottom: number };
  /** Width of the whole chart in CSS pixels. */
  width: number;
  /** Size of the writing in device pixels. */
  em: number;
  /** Device pixels of so many CSS pixels. */
  px: (value: number) => number;
  X: (value: number) => number;
  Y: (value: number) => number;
  color: (style: number) => string;
  /** Text with a halo in the ground's colour, so that it stays readable on a line. */
  write: (words: string, x: number, y: number, fill: string, weight: number, size?: number) => void;
}

export function penFor(plot: uPlot, palette: Palette): Pen {
  const { ctx: context, bbox } = plot;
  const ratio = bbox.width / Math.max(1, plot.over.clientWidth);
  const em = palette.fontSize * ratio;
  const px = (value: number): number => value * ratio;
  return {
    context,
    palette,
    box: { left: bbox.left, top: bbox.top, right: bbox.left + bbox.width, bottom: bbox.top + bbox.height },
    width: plot.root.clientWidth,
    em,
    px,
    X: (value) => plot.valToPos(value, 'x', true),
    Y: (value) => plot.valToPos(value, 'y', true),
    color: (style) => palette.series[style] ?? palette.ink,
    write: (words, x, y, fill, weight, size = 1) => {
      context.font = `${weight} ${em * size}px ${palette.fontFamily}`;
      context.lineJoin = 'round';
      context.lineWidth = px(4);
      context.strokeStyle = palette.card;
      context.strokeText(words, x, y);
      context.fillStyle = fill;
      context.fillText(words, x, y);
    },
  };
}
