/** Paints small multiples on a canvas: every tile on the same axes, the one under way marked, one run lit up. */
import { compact, nats, tick } from '../text/numbers';
import { lawChartsText } from '../text/law-charts';
import type { Multiples, Tile } from './multiples-model';
import type { Palette } from './palette';
import { share, valueAt } from './plot-model';
import { linearAxis, logAxis } from './ticks';

const T = lawChartsText.multiples;

/** Height of a well-shaped tile, in its widths. */
const WIDE = 0.62;

export interface Grid {
  columns: number;
  rows: number;
  /** Of a tile, in CSS pixels; around them is room for ticks. */
  width: number;
  height: number;
  left: number;
  gap: number;
  /** Room for a tile's name above its plot. */
  head: number;
}

export function gridOf(tiles: number, columns: number, width: number, em: number): Grid {
  const [left, gap, head] = [em * 3, em * 0.9, em * 1.9];
  const own = (width - left - gap * (columns - 1)) / columns;
  const height = Math.round(Math.min(em * 11, Math.max(em * 5.5, own * WIDE)));
  return { columns, rows: Math.ceil(tiles / columns), width: own, height, left, gap, head };
}

/** Narrowest tile over which its name can be read, in sizes of the writing. */
const NAMED = 6.2;

/**
 * As many columns as make the tiles largest where both sides are given: on a wall nothing may be scrolled to. Tiles
 * under which names would run into each other are no better for their height.
 */
export function gridWithin(tiles: number, width: number, height: number, em: number): Grid {
  const all = Array.from({ length: Math.max(1, tiles) }, (_, i): Grid => {
    const columns = i + 1;
    const rows = Math.ceil(tiles / columns);
    const [left, gap, head] = [em * 3, em * 0.9, em * 1.9];
    const own = Math.max(1, (width - left - gap * (columns - 1)) / columns);
    const tall = Math.max(1, (height - em * 2.2) / Math.max(1, rows) - head);
    return { columns, rows, width: own, height: tall, left, gap, head };
  });
  // Where there is no room for plots under names, names may rather touch than plots vanish.
  const least = (grid: Grid): number =>
    Math.min(grid.width * WIDE, grid.height) -
    (grid.width < NAMED * em ? width : 0) -
    (grid.height < em ? width + height : 0);
  return all.reduce((best, next) => (least(next) > least(best) ? next : best));
}

export function heightOf({ rows, height, head }: Grid, em: number): number {
  return rows * (height + head) + em * 2.2;
}

/** The plot of a tile, in CSS pixels. */
export function plotOf(grid: Grid, index: number): { left: number; top: number; width: number; height: number } {
  const column = index % grid.columns;
  const row = Math.floor(index / grid.columns);
  return {
    left: grid.left + column * (grid.width + grid.gap),
    top: row * (grid.height + grid.head) + grid.head,
    width: grid.width,
    height: grid.height,
  };
}

interface Brush {
  context: CanvasRenderingContext2D;
  palette: Palette;
  multiples: Multiples;
  grid: Grid;
  pointed: string | undefined;
  unit: 'flops' | 'tokens';
}

function paintTile({ context, palette, multiples, grid, pointed }: Brush, tile: Tile, index: number): void {
  const { left, top, width, height } = plotOf(grid, index);
  const em = palette.fontSize;
  const X = (value: number): number => left + share(multiples.x, value) * width;
  const Y = (value: number): number => top + (1 - Math.min(1, Math.max(0, share(multiples.y, value)))) * height;
  const color = palette.series[tile.style] ?? palette.ink;
  const underWay = tile.state === 'under way';

  context.fillStyle = underWay ? (palette.washes[tile.style] ?? palette.grid) : palette.card;
  if (underWay) context.fillRect(left, top, width, height);
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);

  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  const trace = (ys: readonly (number | undefined)[]): void => {
    context.beginPath();
    tile.x.forEach((x, i) => {
      const y = ys[i];
      if (y !== undefined) context.lineTo(X(x), Y(y));
    });
  };
  trace(tile.high);
  for (let i = tile.x.length - 1; i >= 0; i--) context.lineTo(X(tile.x[i]!), Y(tile.low[i]!));
  context.closePath();
  context.fillStyle = palette.washes[tile.style] ?? palette.grid;
  context.fill();
  trace(tile.mean);
  context.strokeStyle = color;
  context.lineWidth = palette.stroke * 0.8;
  context.setLineDash((palette.dashes[tile.style] ?? []).map((part) => part * palette.stroke * 0.8));
  context.stroke();
  context.setLineDash([]);
  const lit = tile.seeds.find(({ key }) => key === pointed);
  if (lit) {
    trace(lit.y);
    context.strokeStyle = palette.ink;
    context.lineWidth = palette.stroke * 0.9;
    context.stroke();
  }
  context.restore();

  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  context.font = `650 ${em}px ${palette.fontFamily}`;
  context.fillStyle = color;
  context.fillText(tile.arm, left, top - em * 0.45);
  const taken = context.measureText(tile.arm).width + em * 0.5;
  const says = lit ? T.seed(lit.seed) : tile.state === 'done' ? lastWords(tile) : T.states[tile.state];
  context.font = `400 ${em * 0.94}px ${palette.fontFamily}`;
  context.fillStyle = underWay || lit ? palette.ink : palette.soft;
  context.textAlign = 'right';
  if (context.measureText(says).width + taken < width) {
    context.fillText(says, left + width, top - em * 0.45);
  }
}

function lastWords({ mean }: Tile): string {
  const value = mean.at(-1);
  return value === undefined ? '' : nats(value, 2);
}

function paintTicks({ context, palette, multiples, grid, unit }: Brush): void {
  const em = palette.fontSize;
  const { x, y, tiles } = multiples;
  const ys = (y.log ? logAxis(y.min, y.max, 3) : linearAxis(y.min, y.max, 3)).ticks;
  const every = x.log ? logAxis(x.min, x.max, 3).ticks : linearAxis(x.min, x.max, 2).ticks;
  context.font = `400 ${em * 0.88}px ${palette.fontFamily}`;
  tiles.forEach((_tile, index) => {
    const box = plotOf(grid, index);
    for (const value of ys) {
      const top = box.top + (1 - share(y, value)) * box.height;
      context.fillStyle = palette.grid;
      context.fillRect(box.left, Math.round(top), box.width, 1);
      // A low tile has room for one number.
      if (index % grid.columns !== 0 || (box.height < em * 1.8 && value !== ys[0])) continue;
      context.fillStyle = palette.soft;
      context.textAlign = 'right';
      context.textBaseline = 'middle';
      context.fillText(tick(value), box.left - em * 0.4, top);
    }
    // Below the last tile of each column.
    if (index + grid.columns < tiles.length) return;
    const ends = every.length > 1 ? [every[0]!, every.at(-1)!] : [valueAt(x, 0.5)];
    context.fillStyle = palette.soft;
    context.textBaseline = 'top';
    for (const value of ends) {
      const part = share(x, value);
      context.textAlign = part < 0.2 ? 'left' : part > 0.8 ? 'right' : 'center';
      const at = box.left + Math.min(1, Math.max(0, part)) * box.width;
      context.fillText(unit === 'tokens' ? compact(value) : tick(value), at, box.top + box.height + em * 0.4);
    }
  });
}

export function paintMultiples(brush: Brush): void {
  paintTicks(brush);
  brush.multiples.tiles.forEach((tile, index) => {
    paintTile(brush, tile, index);
  });
}
