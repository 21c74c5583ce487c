/** Links that people write by hand: `#experiment=size&budget=quick&experts=8`. The same checks as for any other follow. */

const SETTINGS = { experts: 'nExperts', topk: 'topK', width: 'dModel', lag: 'lag', share: 'share' } as const;

/** Keys that say what is run. */
export const READABLE_KEYS = ['experiment', 'case', 'budget', 'seeds', ...Object.keys(SETTINGS)] as const;

/** A number where the text is one; else the text, for whoever checks it to refuse. */
function number(text: string): number | string {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : value;
}

/** The value that a link with these words would have held; undefined where none of the keys is known. */
export function readableValue(fragment: string): object | undefined {
  const words = new URLSearchParams(fragment);
  if (!READABLE_KEYS.some((key) => words.has(key))) return undefined;
  const taken = (key: string): Record<string, string> => {
    const value = words.get(key);
    return value === null ? {} : { [key]: value };
  };
  const settings = Object.entries(SETTINGS).flatMap(([key, field]): [string, unknown][] => {
    const value = words.get(key);
    return value === null ? [] : [[field, number(value)]];
  });
  const seeds = words.get('seeds');
  return {
    // Without one it is about the first.
    experiment: 'race',
    ...taken('experiment'),
    ...taken('case'),
    ...taken('budget'),
    ...(seeds !== null && { seeds: seeds.split(',').map(number) }),
    ...(settings.length > 0 && { setting: Object.fromEntries(settings) }),
  };
}
