/** A value's leaves by their paths, as in `spec.model.dModel`. */
import type { CsvValue } from './csv';

/** Lists are leaves, as JSON: their length may differ from run to run. */
export function flatten(value: object, prefix = ''): Record<string, CsvValue> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]: [string, unknown]): [string, CsvValue][] => {
      const path = `${prefix}${key}`;
      if (Array.isArray(inner)) return [[path, JSON.stringify(inner)]];
      if (typeof inner === 'object' && inner !== null) return Object.entries(flatten(inner, `${path}.`));
      return [[path, inner as CsvValue]];
    }),
  );
}
