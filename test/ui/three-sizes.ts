/** A ladder short enough for tests of the page. */
import type { Experiment } from '../../src/experiments/experiment';
import { dense, denseName, LADDER_AMOUNTS } from '../../src/experiments/ladder';
import { size } from '../../src/experiments/size';

const WIDTHS = [8, 16, 24];

export const threeSizes: Experiment = {
  ...size,
  varies: { ...size.varies, arms: WIDTHS.map(dense) },
  cases: [{ ...size.cases[0], arms: WIDTHS.map(denseName) }],
  amounts: LADDER_AMOUNTS,
};
