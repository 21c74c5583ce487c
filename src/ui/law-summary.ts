/** The chart of a law in words, for those who cannot see it. */
import type { Experiment } from '../experiments/experiment';
import { lawChartsText } from '../text/law-charts';
import type { LawPoints } from './law-points';
import type { LabState } from './store';

const T = lawChartsText.chart;

/** Names of the laws' variables, spoken. */
const SPOKEN: Record<string, string> = { n: 'size', d: 'data', c: 'compute' };

export function lawSummary(
  experiment: Experiment,
  { law }: Pick<LabState, 'law'>,
  { means }: Pick<LawPoints, 'means'>,
): string {
  const ended = means.filter(({ hollow }) => !hollow);
  if (ended.length === 0) return T.summaryBefore;
  // Of several ends of an arm the last is the one that is told; the table has all.
  const arms = [...new Set(ended.map(({ arm }) => arm))];
  const parts = arms.flatMap((arm) => {
    const own = ended.filter((mean) => mean.arm === arm).toSorted((a, b) => a.tokens - b.tokens);
    const mean = own.at(-1);
    return mean ? [T.point(arm, mean.y, mean.high === undefined ? undefined : mean.high - mean.y)] : [];
  });
  const laws = law.fits.flatMap((fit) => {
    const { alpha, E = 0 } = fit.parameters;
    const interval = fit.intervals.alpha;
    if (!fit.enough || alpha === undefined || !interval || fit.law === 'chinchilla') return [];
    return [T.summaryLaw(fit.kind, SPOKEN[fit.x] ?? fit.x, alpha, ...interval, E)];
  });
  const { prediction } = law;
  const foretold =
    experiment.law?.predicted === undefined || !prediction
      ? []
      : [
          prediction.measured === undefined
            ? T.predicted(prediction.predicted)
            : `${prediction.hit ? T.hit : T.miss}: ${T.cameTo(prediction.measured, prediction.predicted)}`,
        ];
  return [T.summary(parts.join(', ')), ...laws, ...foretold].join(' ');
}
