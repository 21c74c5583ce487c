/** Measured values with their error bars. */
import type { Dot } from './chart-model';
import type { Pen } from './chart-pen';

/** Shapes differ as well as colours; one for each look. */
const SHAPES = ['circle', 'square', 'diamond', 'triangle', 'diamond', 'triangle', 'square', 'circle'] as const;

function shape(context: CanvasRenderingContext2D, style: number, x: number, y: number, radius: number): void {
  context.beginPath();
  switch (SHAPES[style]) {
    case 'circle':
      context.arc(x, y, radius, 0, 2 * Math.PI);
      break;
    case 'square':
      context.rect(x - radius * 0.88, y - radius * 0.88, radius * 1.76, radius * 1.76);
      break;
    case 'diamond':
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

function drawDot({ context, palette, box, px, X, Y, color }: Pen, dot: Dot): void {
  const x = X(dot.x);
  const y = Y(dot.y);
  context.strokeStyle = color(dot.style);
  context.lineWidth = px(Math.max(2, palette.stroke));
  if (dot.low !== undefined && dot.high !== undefined) {
    const cap = px(4);
    const low = Math.min(Y(dot.low), box.bottom);
    const high = Math.max(Y(dot.high), box.top);
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

export function drawDots(pen: Pen, dots: readonly Dot[]): void {
  for (const dot of dots) drawDot(pen, dot);
}
