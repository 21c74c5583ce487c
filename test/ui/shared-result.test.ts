/** Results of elsewhere become what the page shows: the same series, ends and curves as of a run of its own. */
import { expect, test } from 'vitest';
import { race } from '../../src/experiments/race';
import { MOBY_DICK, ownText } from '../../src/experiments/own-text';
import { size } from '../../src/experiments/size';
import type { ResultFile } from '../../src/protocol';
import { openLink, resultLink } from '../../src/share/link';
import { stateOf } from '../../src/share/link-state';
import { measuredState } from '../../src/ui/measured-state';
import { hiddenParts, hidingRule } from '../../src/ui/parts';
import { sharedResult } from '../../src/ui/shared-result';
import { INITIAL_STATE } from '../../src/ui/store';
import { fitted, FLOOR, power, runsOf } from './law-runs';

const device = {
  ...{ name: 'Some adapter', vendor: '', architecture: '', software: false, kernelProfile: 'register' },
  ...{ kernelsBy: 'adapter' as const, probe: [], features: [] },
};

test('a race: two lines of three seeds, ends at every branch, means as recorded', async () => {
  const state = stateOf({ experiment: 'race', budget: 'quick' }).state!;
  const runs = runsOf(race, 'quick', power(30, 0.4));
  const file: ResultFile = {
    schemaVersion: 1,
    experiment: 'race',
    budget: 'quick',
    device,
    version: '1',
    seconds: 9,
    runs,
    verdict: null,
  };
  const shown = sharedResult(state, (await openLink((await resultLink(state, file))!)).result!);
  expect(shown.series.map(({ arm, seeds, branches }) => [arm, seeds, branches.length])).toEqual([
    ['dense', [1, 2, 3], 2],
    ['sparse', [1, 2, 3], 2],
  ]);
  expect(shown.ends).toHaveLength(18);
  expect(shown.ends.filter(({ fraction }) => fraction === 1)).toHaveLength(6);
  const [dense] = shown.series;
  expect(shown.curves.steps(dense!.cohort)).toBe(dense!.steps);
  // The recorded point at a quarter of the steps is the mean since the first step.
  const quarter = Math.ceil(dense!.steps / 4);
  expect(shown.curves.mean(dense!.cohort, 0, 'excess', 2, quarter)).toBeCloseTo(1.5, 2);
  expect(shown.curves.mean(dense!.cohort, 0, 'loss', 2, quarter)).toBeCloseTo(1.5 + FLOOR, 2);
  // Links do not carry early branches; files do.
  expect(shown.curves.branchSteps(dense!.cohort, 0)).toBe(0);
  const ofFile = sharedResult(state, file);
  const [early] = dense!.branches;
  expect(ofFile.curves.branchSteps(dense!.cohort, 0)).toBe(early!.steps - early!.from);
  expect(ofFile.curves.seconds(dense!.cohort, dense!.steps)).toBeCloseTo(2, 6);
});

test('a ladder: its law and its verdict are there at once', () => {
  const state = stateOf({ experiment: 'size', budget: 'quick' }).state!;
  const runs = runsOf(size, 'quick', power(30, 0.4));
  const fits = [fitted('dense', 30, 0.4)];
  const file: ResultFile = {
    schemaVersion: 1,
    experiment: 'size',
    budget: 'quick',
    device,
    version: '1',
    seconds: 9,
    runs,
    verdict: null,
    fits,
  };
  const { law, series } = sharedResult(state, file);
  expect(series).toHaveLength(8);
  expect(law.fits).toEqual(fits);
  expect(law.verdict?.headline).toBeTruthy();
});

test('runs on a text of somebody else’s are not taken for runs on the page’s own', () => {
  const { state } = stateOf({ experiment: 'own-text', budget: 'quick' });
  const file: ResultFile = {
    ...{ schemaVersion: 1, experiment: 'own-text', budget: 'quick', device, version: '1', seconds: 9, verdict: null },
    runs: runsOf(ownText, 'quick', power(30, 0.4)),
  };
  expect(sharedResult(state!, file).subject.setting).toEqual({});
  const text = { ...MOBY_DICK, hash: '0123456789abcdef' };
  const runs = file.runs.map((run) => ({ ...run, spec: { ...run.spec, source: text } }));
  const { subject } = sharedResult(state!, { ...file, runs });
  expect(subject.setting).toEqual({ text });
  expect(measuredState({ subject, view: INITIAL_STATE.view })).toBeUndefined();
});

test('an address leaves parts out, and names that there are not are left alone', () => {
  const words = (text: string) => new URLSearchParams(text);
  expect(hiddenParts(words('hide=footer,notes,{}'))).toEqual(['notes', 'footer']);
  expect(hiddenParts(words('embed'))).toContain('header');
  expect(hiddenParts(words(''))).toEqual([]);
  expect(hidingRule(words('hide=budget'))).toBe("[data-part~='budget'] { display: none !important; }");
});
