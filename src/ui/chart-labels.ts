/** Words on a chart: names at the right ends of lines, and over dots. */
import type { ChartModel, Label } from './chart-model';
import type { Pen } from './chart-pen';
import type { Palette } from './palette';

/** Below this width only the names of the lines are written, not their values. */
const NARROW = 520;
/** Names longer than this would take too much of a narrow chart: there they are written over the lines' ends. */
const LONG = 9;

/** True where names lie within the plot, for want of room beside it. */
function within(model: ChartModel, width: number): boolean {
  return width < NARROW && (model.room?.text ?? 0) > LONG;
}

/** Room to the right of the plot for the labels there, in CSS pixels. */
export function labelRoom(model: ChartModel, palette: Palette, width: number): number {
  if (!model.room || within(model, width)) return palette.fontSize * 1.5;
  const { text, detail } = model.room;
  const longest = width < NARROW ? text * 1.1 : Math.max(text * 1.1, detail);
  return palette.fontSize * (1.7 + 0.58 * longest);
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

function drawRight(pen: Pen, model: ChartModel): void {
  const { context, em, px, X, Y, box, color, palette, write } = pen;
  const inside = within(model, pen.width);
  const narrow = pen.width < NARROW;
  const lineHeight = em * (narrow ? 1.3 : 2.5);
  const labels = model.labels
    .filter((label) => label.place === 'right' && label.x >= model.x.min && label.x <= model.x.max * (1 + 1e-9))
    .map((label): Placed => ({
      ...label,
      left: inside ? X(label.x) : X(label.x) + px(11),
      top: inside ? Y(label.y) - em * 1.2 : Y(label.y),
    }));
  spread(labels, lineHeight, em * 7, box.top + em * 0.6, box.bottom - lineHeight * 0.6);
  context.textAlign = inside ? 'right' : 'left';
  context.textBaseline = 'middle';
  for (const label of labels) {
    const value = narrow ? undefined : label.detail;
    const y = value === undefined ? label.top : label.top - em * 0.1;
    write(label.text, label.left, y, color(label.style), 650, 1.12);
    if (value !== undefined) write(value, label.left, label.top + em * 1.08, palette.soft, 400);
  }
}

function drawAbove({ context, em, px, X, Y, color, write }: Pen, labels: readonly Label[]): void {
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  const written: { x: number; y: number; width: number }[] = [];
  for (const label of labels) {
    if (label.place !== 'above') continue;
    const x = X(label.x);
    const above = Y(label.y) - px(9);
    const taken = written.some((other) => Math.abs(other.y - above) < em * 1.3 && Math.abs(other.x - x) < other.width);
    const y = taken ? Y(label.y) + em * 2 : above;
    write(label.text, x, y, color(label.style), 650, 1.05);
    written.push({ x, y, width: context.measureText(label.text).width + px(6) });
  }
}

export function drawLabels(pen: Pen, model: ChartModel): void {
  drawRight(pen, model);
  drawAbove(pen, model.labels);
}
