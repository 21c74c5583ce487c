/** A saving between two lines: a bracket at the height that both reached, and how much less one needed. */
import type { Bracket, Dot } from './chart-model';
import type { Pen } from './chart-pen';

/** Dotted, so that nobody takes it for a curve. */
function joinDots({ context, px, X, Y, color }: Pen, dots: readonly Dot[], style: number): void {
  context.strokeStyle = color(style);
  context.lineWidth = px(1.5);
  context.setLineDash([px(1.5), px(4)]);
  context.beginPath();
  for (const dot of dots) if (dot.style === style && !dot.hollow) context.lineTo(X(dot.x), Y(dot.y));
  context.stroke();
  context.setLineDash([]);
}

interface Place {
  x: number;
  y: number;
}

/** The first place at which no dot lies under the words; else the one above the middle. */
function freePlace(pen: Pen, words: string, places: readonly [Place, ...Place[]], dots: readonly Dot[]): Place {
  const { context, em, palette, px, X, Y } = pen;
  context.font = `650 ${em * 1.15}px ${palette.fontFamily}`;
  const half = context.measureText(words).width / 2 + px(7);
  const covers = ({ x, y }: Place, dot: Dot): boolean =>
    Math.abs(X(dot.x) - x) < half && Math.abs(Y(dot.y) - y) < em * 0.6 + px(7);
  return places.find((place) => !dots.some((dot) => covers(place, dot))) ?? places[0];
}

export function drawBracket(pen: Pen, { from, to, y: value, text, style }: Bracket, dots: readonly Dot[]): void {
  const { context, palette, em, px, X, Y, write } = pen;
  joinDots(pen, dots, style);
  const [left, right, y] = [X(from), X(to) - px(9), Y(value)];
  const cap = px(6);
  context.strokeStyle = palette.ink;
  context.lineWidth = px(Math.max(1.5, palette.stroke * 0.6));
  context.beginPath();
  context.moveTo(left, y);
  context.lineTo(right, y);
  context.moveTo(left, y - cap);
  context.lineTo(left, y + cap);
  context.stroke();
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const length = right - left;
  const [above, below] = [y - px(8) - em * 0.55, y + px(8) + em * 0.55];
  const places: [Place, ...Place[]] = [
    { x: left + length * 0.5, y: above },
    { x: left + length * 0.3, y: above },
    { x: left + length * 0.7, y: above },
    { x: left + length * 0.7, y: below },
    { x: left - em * 2, y: below + em * 1.2 },
    { x: left - em * 2, y: below + em * 3 },
  ];
  const place = freePlace(pen, text, places, dots);
  write(text, place.x, place.y, palette.ink, 650, 1.15);
}
