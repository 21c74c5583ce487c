/**
 * What a run that was not trained yet will measure, with the interval that holds one new run nine times out of ten if
 * the law goes on as it was.
 *
 * Everything is in log y, ŷ being the law at the new place:
 *
 * - fit: the 5th and 95th percentiles q of log ŷ over the bootstrap of the runs;
 * - seeds: σ², pooled over places at which runs were repeated;
 * - misfit: μ² = max(0, (M − σ²) / m), M = Σ_g m_g r̄_g² / (G − p), with r̄_g the mean residual of the m_g ends at place
 *   g of G, p fitted parameters, m = Σ m_g / G: what lies between the law and its places beyond the seeds. Where nothing
 *   was repeated m_g = 1, σ is unknown, and μ² = M holds it.
 *
 * The interval is log ŷ ± √((log ŷ − q)² + (t·s)²) with s² = σ² + μ² and t the 95 % point of Student's t, whose degrees
 * of freedom are those of s² by Satterthwaite's rule (1946), rounded down.
 */
import type { FitRequest, Place, Prediction, PredictionOutcome } from '../fit-protocol';
import { standardDeviation, studentQuantile } from '../math/statistics';
import { HOLDS, percentiles } from './bootstrap';
import { byKind } from './fit';
import { fitKind, parameterCount, residualsOf, type KindFit } from './fit-kind';
import { places, seedNoise } from './noise';
import { valueOf } from './sum-of-powers';
import type { Problem } from './usable';

interface Scatter {
  /** σ², or null. */
  seeds: number | null;
  /** μ² */
  misfit: number;
  degrees: number;
}

/** Of one run about the law, or nothing where no place is left over to tell. */
function scatterOf(fit: KindFit): Scatter | { found: number; needed: number } {
  const residuals = residualsOf(fit);
  const groups = fit.law.derived ? residuals.map((_, i) => [i]) : places(fit.observations);
  const p = parameterCount(fit);
  if (groups.length <= p) return { found: groups.length, needed: p + 1 };
  const between = groups.reduce((sum, group) => {
    const mean = group.reduce((total, i) => total + residuals[i]!, 0) / group.length;
    return sum + group.length * mean ** 2;
  }, 0);
  const M = between / (groups.length - p);
  const noise = fit.law.derived ? undefined : seedNoise(fit.observations);
  if (!noise) return { seeds: null, misfit: M, degrees: groups.length - p };
  const seeds = noise.sigma ** 2;
  const m = residuals.length / groups.length;
  const misfit = Math.max(0, (M - seeds) / m);
  // s² = M/m + (1 − 1/m) σ² where there is misfit, else σ² alone.
  const parts: [number, number][] =
    misfit > 0
      ? [
          [M / m, groups.length - p],
          [(1 - 1 / m) * seeds, noise.degrees],
        ]
      : [[seeds, noise.degrees]];
  const total = parts.reduce((sum, [part]) => sum + part, 0);
  const rule = parts.reduce((sum, [part, degrees]) => sum + part ** 2 / degrees, 0);
  return { seeds, misfit, degrees: rule > 0 ? Math.max(1, Math.floor(total ** 2 / rule)) : noise.degrees };
}

/** How many times farther out than the farthest row of the sample. */
function beyond({ sample }: KindFit, logX: readonly number[]): number {
  const outside = sample.logX.map((column, j) =>
    Math.max(logX[j]! - column.reduce((a, b) => Math.max(a, b)), column.reduce((a, b) => Math.min(a, b)) - logX[j]!),
  );
  return Math.exp(Math.max(0, ...outside));
}

function predictKind(request: FitRequest, fit: KindFit, at: Place): Prediction | Problem {
  const logX = fit.law.logX(at);
  const scatter = scatterOf(fit);
  if ('needed' in scatter) return { code: 'too-few-to-predict', ...scatter };
  if (!logX.every(Number.isFinite)) return { code: 'bad-target', axes: fit.law.x };
  const log = Math.log(valueOf(fit.sum, logX));
  const logs = fit.draws.map((draw) => Math.log(valueOf(draw, logX)));
  if (logs.length < 2) return { code: 'too-few-to-predict', found: 1, needed: 2 };
  const [low, high] = percentiles(logs);
  const one = studentQuantile(scatter.degrees, HOLDS) * Math.sqrt((scatter.seeds ?? 0) + scatter.misfit);
  return {
    law: request.law,
    kind: fit.kind,
    at,
    predicted: Math.exp(log),
    interval: [
      Math.exp(log - Math.hypot(Math.max(0, log - low), one)),
      Math.exp(log + Math.hypot(Math.max(0, high - log), one)),
    ],
    spread: {
      fit: standardDeviation(logs),
      seeds: scatter.seeds === null ? null : Math.sqrt(scatter.seeds),
      misfit: Math.sqrt(scatter.misfit),
    },
    beyond: beyond(fit, logX),
    notes: fit.notes,
  };
}

/** Fits as `fitLaws` does, and predicts a run of each kind at `at`. The same request has the same outcome. */
export function predictRuns(request: FitRequest, at: Place): PredictionOutcome {
  const outcome: PredictionOutcome = { predictions: [], problems: [] };
  for (const [kind, observations] of byKind(request.observations)) {
    const fit = fitKind(request, kind, observations);
    if ('code' in fit) {
      outcome.problems.push(fit);
      continue;
    }
    const prediction = predictKind(request, fit, at);
    if ('code' in prediction) outcome.problems.push({ kind, ...prediction });
    else outcome.predictions.push(prediction);
  }
  return outcome;
}
