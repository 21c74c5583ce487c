/** What chart.ts paints over the lines: rules, dots with error bars, labels at the lines' ends, marks. */
import type uPlot from 'uplot';
import type { ChartModel, Dot, Label } from './chart-model';
import type { Palette } from './palette';

/** Below this width only the names of the lines are written, not their values. */
const NARROW = 520;

/** Room to the right of the plot for the labels there, in CSS pixels. */
export function labelRoom(model: ChartModel, palette: Palette, width: number): number {
  if (!model.room) return palette.fontSize * 1.5;
  const { text, detail } = model.room;
  const longest = width < NARROW ? text * 1.1 : Math.max(text * 1.1, detail);
  return palette.fontSize * (1.7 + 0.58 * longest);
}

/** Shapes differ as well as colours: circle, square, diamond, triangle, and again. */
function shape(context: CanvasRenderingContext2D, style: number, x: number, y: number, radius: number): void {
  context.beginPath();
  switch (style % 4) {
    case 0:
      context.arc(x, y, radius, 0, 2 * Math.PI);
      break;
    case 1:
      context.rect(x - radius * 0.88, y - radius * 0.88, radius * 1.76, radius * 1.76);
      break;
    case 2:
      context.moveTo(x, y - radius * 1.25);
      context.lineTo(x + radius * 1.25, y);
      context.lineTo(x, y + radius * 1.25);
      context.lineTo(x - radius * 1.25, y);
      break;
    default:
      context.moveTo(x, y - radius * 1.15);
      context.lineTo(x + radius * 1.1, y + radius * 0.85);
      context.lineTo(x - radius * 1.1, y + radius * 0.85);
  }
  context.closePath();
}

interface Placed extends Label {
  left: number;
  top: number;
}

/** Pushes labels apart that would lie on one another, both ways and within the plot, keeping their order. */
function spread(labels: Placed[], height: number, reach: number, top: number, bottom: number): void {
  labels.sort((a, b) => a.top - b.top);
  const passes = 12;
  for (let pass = 0; pass < passes; pass++) {
    for (let i = 1; i < labels.length; i++) {
      const label = labels[i];
      const above = labels[i - 1];
      if (!label || !above || Math.abs(label.left - above.left) > reach) continue;
      const overlap = above.top + height - label.top;
      if (overlap <= 0) continue;
      above.top -= overlap / 2;
      label.top += overlap / 2;
    }
    for (const label of labels) label.top = Math.min(Math.max(label.top, top), bottom);
  }
}

export function drawAnnotations(plot: uPlot, model: ChartModel, palette: Palette): void {
  const { ctx: context, bbox } = plot;
  const ratio = bbox.width / Math.max(1, plot.over.clientWidth);
  const em = palette.fontSize * ratio;
  const px = (value: number): number => value * ratio;
  const X = (value: number): number => plot.valToPos(value, 'x', true);
  const Y = (value: number): number => plot.valToPos(value, 'y', true);
  const color = (style: number): string => palette.series[style] ?? palette.ink;
  const insideX = (value: number): boolean => value >= model.x.min && value <= model.x.max * (1 + 1e-9);

  /** Text with a halo in the ground's colour, so that it stays readable on a line. */
  const write = (words: string, x: number, y: number, fill: string, weight: number, size = 1): void => {
    context.font = `${weight} ${em * size}px ${palette.fontFamily}`;
    context.lineJoin = 'round';
    context.lineWidth = px(4);
    context.strokeStyle = palette.card;
    context.strokeText(words, x, y);
    context.fillStyle = fill;
    context.fillText(words, x, y);
  };

  context.save();

  for (const rule of model.rules) {
    const y = Y(rule.y);
    context.strokeStyle = palette.soft;
    context.lineWidth = px(1.25);
    context.setLineDash([px(2), px(4)]);
    context.beginPath();
    context.moveTo(bbox.left, y);
    context.lineTo(bbox.left + bbox.width, y);
    context.stroke();
    context.setLineDash([]);
    context.textAlign = 'left';
    context.textBaseline = 'bottom';
    write(rule.text, bbox.left + px(8), y - px(4), palette.soft, 400);
  }

  if (model.hint !== undefined) {
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    writeLines(model.hint, bbox.left + bbox.width / 2, bbox.top + bbox.height / 2, bbox.width * 0.8);
  }

  for (const mark of model.marks) {
    if (!insideX(mark.x)) continue;
    const x = X(mark.x);
    const y = Y(mark.y);
    context.strokeStyle = color(mark.style);
    context.lineWidth = px(2);
    context.beginPath();
    if (mark.kind === 'diverged') {
      const arm = px(5);
      context.moveTo(x - arm, y - arm);
      context.lineTo(x + arm, y + arm);
      context.moveTo(x - arm, y + arm);
      context.lineTo(x + arm, y - arm);
    } else {
      context.moveTo(x, y - px(16));
      context.lineTo(x, y + px(8));
    }
    context.stroke();
    context.textAlign = 'center';
    context.textBaseline = 'bottom';
    write(mark.text, x, y - px(18), color(mark.style), 600);
  }

  for (const dot of model.dots) drawDot(dot);

  const width = plot.root.clientWidth;
  const lineHeight = em * (width < NARROW ? 1.3 : 2.5);
  const right = model.labels
    .filter((label) => label.place === 'right' && insideX(label.x))
    .map((label): Placed => ({ ...label, left: X(label.x) + px(11), top: Y(label.y) }));
  spread(right, lineHeight, em * 7, bbox.top + em * 0.6, bbox.top + bbox.height - lineHeight * 0.6);
  context.textAlign = 'left';
  for (const label of right) {
    const value = width < NARROW ? undefined : label.detail;
    context.textBaseline = 'middle';
    write(
      label.text,
      label.left,
      value === undefined ? label.top : label.top - em * 0.1,
      color(label.style),
      650,
      1.12,
    );
    if (value !== undefined) write(value, label.left, label.top + em * 1.08, palette.soft, 400);
  }
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  const written: { x: number; y: number; width: number }[] = [];
  for (const label of model.labels) {
    if (label.place !== 'above') continue;
    const x = X(label.x);
    const above = Y(label.y) - px(9);
    const taken = written.some((other) => Math.abs(other.y - above) < em * 1.3 && Math.abs(other.x - x) < other.width);
    const y = taken ? Y(label.y) + em * 2 : above;
    write(label.text, x, y, color(label.style), 650, 1.05);
    written.push({ x, y, width: context.measureText(label.text).width + px(6) });
  }

  context.restore();

  function writeLines(words: string, x: number, y: number, width: number): void {
    context.font = `400 ${em}px ${palette.fontFamily}`;
    const lines: string[] = [];
    for (const word of words.split(' ')) {
      const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
      if (lines.length > 0 && context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    lines.forEach((line, i) => {
      write(line, x, y + (i - (lines.length - 1) / 2) * em * 1.5, palette.soft, 400);
    });
  }

  function drawDot(dot: Dot): void {
    const x = X(dot.x);
    const y = Y(dot.y);
    const stroke = Math.max(2, palette.stroke) * ratio;
    context.strokeStyle = color(dot.style);
    context.lineWidth = stroke;
    if (dot.low !== undefined && dot.high !== undefined) {
      const cap = px(4);
      const low = Math.min(Y(dot.low), bbox.top + bbox.height);
      const high = Math.max(Y(dot.high), bbox.top);
      context.beginPath();
      context.moveTo(x, low);
      context.lineTo(x, high);
      context.moveTo(x - cap, low);
      context.lineTo(x + cap, low);
      context.moveTo(x - cap, high);
      context.lineTo(x + cap, high);
      context.stroke();
    }
    shape(context, dot.style, x, y, px(3.4 + palette.stroke * 0.8));
    context.fillStyle = dot.hollow ? palette.card : color(dot.style);
    context.fill();
    context.stroke();
  }
}
