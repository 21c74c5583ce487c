/**
 * Runs as tidy CSV: one row for each end, one column for each thing known about it. Quoting by RFC 4180; a text that a
 * spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV injection"). Of the libraries,
 * d3-dsv lacks that guard, and papaparse is twenty kilobytes of a parser that the page has no use for.
 */

export type CsvValue = string | number | boolean | null | undefined;

/** A row by column names. */
export type CsvRow = Readonly<Record<string, CsvValue>>;

const FORMULA = /^[=+\-@\t\r]/;

function cell(value: CsvValue): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Columns in the order in which the rows bring them; a row without one leaves its cell empty. */
export function csvText(rows: readonly CsvRow[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  return lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}
