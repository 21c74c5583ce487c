/** What chart.ts paints over the lines: rules, marks, a bracket, dots with error bars, labels. */
import type uPlot from 'uplot';
import { drawBracket } from './chart-bracket';
import { drawDots } from './chart-dots';
import { drawLabels } from './chart-labels';
import type { ChartModel, Mark, Rule } from './chart-model';
import { penFor, type Pen } from './chart-pen';
import type { Palette } from './palette';

function drawRule({ context, palette, box, px, Y, write }: Pen, rule: Rule): void {
  const y = Y(rule.y);
  context.strokeStyle = palette.soft;
  context.lineWidth = px(1.25);
  context.setLineDash([px(2), px(4)]);
  context.beginPath();
  context.moveTo(box.left, y);
  context.lineTo(box.right, y);
  context.stroke();
  context.setLineDash([]);
  context.textAlign = 'left';
  context.textBaseline = 'bottom';
  write(rule.text, box.left + px(8), y - px(4), palette.soft, 400);
}

/** Words in the middle, or out of the way of what is there, in as many lines as they need; none where they go beyond. */
function drawHint({ context, palette, box, em, write }: Pen, words: string, empty: boolean): void {
  context.font = `400 ${em}px ${palette.fontFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const [room, across, down] = empty ? [0.8, 0.5, 0.5] : [0.44, 0.27, 0.62];
  const width = (box.right - box.left) * room;
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length > 0 && context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  const x = box.left + (box.right - box.left) * across;
  const middle = box.top + (box.bottom - box.top) * down;
  const height = lines.length * em * 1.5;
  if (middle - height / 2 < box.top || middle + height / 2 > box.bottom) return;
  lines.forEach((line, i) => {
    write(line, x, middle - height / 2 + (i + 0.5) * em * 1.5, palette.soft, 400);
  });
}

function drawMark({ context, px, X, Y, color, write }: Pen, mark: Mark): void {
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

export function drawAnnotations(plot: uPlot, model: ChartModel, palette: Palette): void {
  const pen = penFor(plot, palette);
  pen.context.save();
  for (const rule of model.rules) drawRule(pen, rule);
  if (model.hint !== undefined) drawHint(pen, model.hint, model.dots.length === 0);
  for (const mark of model.marks) {
    if (mark.x >= model.x.min && mark.x <= model.x.max * (1 + 1e-9)) drawMark(pen, mark);
  }
  if (model.bracket) drawBracket(pen, model.bracket, model.dots);
  drawDots(pen, model.dots);
  drawLabels(pen, model);
  pen.context.restore();
}
