/** The recorded results that come with the lab are of the experiments as they are, and are read without a complaint. */
import { expect, test } from 'vitest';
import { experimentOf } from '../../src/experiments/experiments';
import { opened } from '../../src/share/link';
import { keyOf, requestsOf, specsOf, type RecordedLaw } from '../../src/share/record-law';
import { recordedLaw } from '../../src/ui/recorded-law';

const files = import.meta.glob<RecordedLaw>('../../src/experiments/recorded/*.json', {
  import: 'default',
  eager: true,
});

test('there are three or more', () => {
  expect(Object.keys(files).length).toBeGreaterThanOrEqual(3);
});

test.each(Object.entries(files))('%s', async (path, file) => {
  const requests = requestsOf(file.experiment, file.budget);
  expect(path).toContain(`/${file.experiment}.json`);
  const keys = (specs: RecordedLaw['specs']): string[] =>
    Object.entries(specs).map(([arm, spec]) => keyOf({ arm, spec }));
  expect(keys(file.specs)).toEqual(keys(specsOf(requests)));
  expect(opened(file).notes).toEqual([]);

  const shown = (await recordedLaw(file.experiment))!;
  expect(shown.origin).toBe('recorded');
  expect(new Set(shown.result.runs.map(({ arm, seed }) => `${arm} ${seed}`)).size).toBe(requests.length);
  expect(shown.result.date).toMatch(/^20\d\d-/);
  expect(shown.result.device.name).not.toBe('');
  expect(shown.result.runs.every(({ diverged }) => !diverged)).toBe(true);
  expect(shown.law.verdict?.sentence).not.toBe('');
  expect(shown.law.prediction !== undefined).toBe(experimentOf(file.experiment)!.law!.predicted !== undefined);
});

test('what was not recorded is not there', async () => {
  expect(await recordedLaw('race')).toBeUndefined();
  expect(await recordedLaw('../race-recorded')).toBeUndefined();
});
