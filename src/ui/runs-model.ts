/** What the table of runs shows of kept runs: its columns, filter, order, and what differs between some of them. */
import type { RunRow } from '../archive/records';
import type { CsvValue } from '../share/csv';
import { flatten } from '../share/flatten';
import { archiveText as text } from '../text/archive';
import { compact, count, duration, nats, power, significant } from '../text/numbers';

export type ColumnId = keyof typeof text.columns;

interface Column {
  id: ColumnId;
  numeric: boolean;
  /** What it is sorted by. */
  value: (row: RunRow) => string | number;
  shown: (row: RunRow) => string;
}

const WHEN = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** A damaged date is shown as it is. */
function day(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : WHEN.format(date);
}

function words(id: ColumnId, value: (row: RunRow) => string): Column {
  return { id, numeric: false, value: (row) => value(row).toLowerCase(), shown: value };
}

function number(id: ColumnId, value: (row: RunRow) => number, shown: (value: number) => string): Column {
  return { id, numeric: true, value, shown: (row) => shown(value(row)) };
}

export const COLUMNS: readonly Column[] = [
  words('name', ({ name }) => name),
  words('experiment', (row) => text.experiment(row.experiment, row.case, row.budget)),
  words('arm', ({ run }) => run.arm),
  number('seed', ({ run }) => run.seed, String),
  number('width', ({ run }) => run.spec.model.dModel, count),
  {
    id: 'experts',
    numeric: false,
    value: ({ run }) => run.spec.model.moe?.nExperts ?? 0,
    shown: ({ run: { spec } }) =>
      spec.model.moe ? text.experts(spec.model.moe.nExperts, spec.model.moe.topK) : text.dense,
  },
  number('active', ({ run }) => run.paramsActive, count),
  number('tokens', ({ run }) => run.tokens, compact),
  number('flops', ({ run }) => run.trainFlops, power),
  number(
    'rate',
    ({ run }) => run.lr,
    (value) => significant(value, 3),
  ),
  number(
    'excess',
    ({ run }) => run.excess,
    (value) => nats(value, 4),
  ),
  number(
    'loss',
    ({ run }) => run.loss,
    (value) => nats(value, 4),
  ),
  words('diverged', ({ run }) => text.diverged(run.diverged)),
  { id: 'when', numeric: false, value: ({ at }) => at, shown: ({ at }) => day(at) },
  words('device', ({ device }) => device),
  number('seconds', ({ run }) => run.seconds, duration),
];

/** A row for those who do not see it. */
export function titleOf({ run, name }: RunRow): string {
  return text.run(run.arm, run.seed, name);
}

/** What each row says, in small letters; a row is replaced when it changes. */
const said = new WeakMap<RunRow, string>();

function wordsOf(row: RunRow): string {
  let all = said.get(row);
  if (all === undefined) {
    all = COLUMNS.map(({ shown }) => shown(row))
      .join(' ')
      .toLowerCase();
    said.set(row, all);
  }
  return all;
}

/** Rows that have every word of `filter` somewhere. */
export function filtered(rows: readonly RunRow[], filter: string): readonly RunRow[] {
  const wanted = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return wanted.length === 0 ? rows : rows.filter((row) => wanted.every((word) => wordsOf(row).includes(word)));
}

export interface Order {
  /** Undefined: the newest sweep first, within it by arm, seed and budget. */
  column: ColumnId | undefined;
  descending: boolean;
}

/** What a press on a column's head makes of the order: ascending, descending, and back to the first. */
export function nextOrder(order: Order, column: ColumnId): Order {
  if (order.column !== column) return { column, descending: false };
  return order.descending ? { column: undefined, descending: false } : { column, descending: true };
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

function byDefault(a: RunRow, b: RunRow): number {
  return (
    compare(b.startedAt, a.startedAt) ||
    compare(a.sweep, b.sweep) ||
    compare(a.run.arm, b.run.arm) ||
    compare(a.run.seed, b.run.seed) ||
    compare(a.run.trainFlops, b.run.trainFlops)
  );
}

/** Pinned rows come first in any order, and what is not a number or not there last. */
export function sorted(rows: readonly RunRow[], { column, descending }: Order): RunRow[] {
  const value = COLUMNS.find(({ id }) => id === column)?.value;
  const missing = (cell: string | number): boolean => cell === '' || Number.isNaN(cell);
  const keyed = rows.map((row) => ({ row, cell: value?.(row) ?? '' }));
  keyed.sort((a, b) => {
    const pins = Number(b.row.pinned) - Number(a.row.pinned);
    if (pins !== 0 || !value) return pins || byDefault(a.row, b.row);
    const holes = Number(missing(a.cell)) - Number(missing(b.cell));
    const order = missing(a.cell) ? 0 : compare(a.cell, b.cell);
    return holes || (descending ? -order : order) || byDefault(a.row, b.row);
  });
  return keyed.map(({ row }) => row);
}

export interface Difference {
  path: string;
  /** In plain words; the path where there are none. */
  field: string;
  /** One for each row. */
  values: string[];
}

function plain(value: CsvValue): string {
  if (value === undefined || value === null) return text.compare.absent;
  if (typeof value === 'boolean') return value ? text.compare.yes : text.compare.no;
  if (typeof value !== 'number') return String(value);
  // To the last digit: what differs must be seen to differ.
  return Number.isInteger(value) && Math.abs(value) < 1e9 ? count(value) : String(value).replace('-', '−');
}

/** Fields of spec and result in which these runs differ. Their seed is told once. */
export function differences(rows: readonly RunRow[]): Difference[] {
  const leaves = rows.map(
    ({ key: _key, id: _id, sweep: _sweep, pinned: _pinned, weights: _weights, run, ...about }) => {
      const { changes, ...result } = run;
      const { 'spec.hyper.seed': _seed, 'spec.hyper.lr': _lr, ...fields } = flatten(result);
      const made = changes.length > 0 ? JSON.stringify(changes) : null;
      const all: Record<string, CsvValue> = { ...flatten(about), ...fields, changes: made };
      return all;
    },
  );
  const paths = [...new Set(leaves.flatMap((fields) => Object.keys(fields)))];
  return paths
    .filter((path) => leaves.some((fields) => !Object.is(fields[path] ?? null, leaves[0]?.[path] ?? null)))
    .map((path) => ({
      path,
      field: text.fields[path] ?? path,
      values: leaves.map((fields) => plain(fields[path])),
    }));
}
