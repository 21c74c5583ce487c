/** The one entry: observations and what is wanted become fits, one for each kind of runs. */
import type { Fit, FitNote, FitOutcome, FitProblem, FitRequest, LawName, Observation, Valley } from '../fit-protocol';
import { bootstrap, percentiles } from './bootstrap';
import { chinchillaParameters, computeOptimalWith } from './chinchilla';
import { envelope } from './frontier';
import { fitKind, RESAMPLES, residualsOf, type KindFit } from './fit-kind';
import { bottomOf, budgets } from './isoflop';
import { distinct, ENOUGH_SIZES, ENOUGH_TOKENS, ones } from './law';
import { valueOf } from './sum-of-powers';

/** Points of a drawn curve, and how far beyond the largest run it goes. */
const CURVE_POINTS = 48;
const CURVE_BEYOND = 4;

/** A fitted floor that is a smaller part of the lowest loss than this is none. */
const NO_FLOOR = 1e-3;

/** Observations by kind, in the order in which the kinds appear; one without a name where there is none. */
export function byKind(observations: readonly Observation[]): Map<string, Observation[]> {
  const kinds = new Map<string, Observation[]>(observations.length === 0 ? [['', []]] : []);
  for (const each of observations) kinds.set(each.kind, [...(kinds.get(each.kind) ?? []), each]);
  return kinds;
}

function r2Of(fit: KindFit): number {
  const { logY } = fit.sample;
  const mean = logY.reduce((sum, each) => sum + each, 0) / logY.length;
  const whole = logY.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return 1 - residualsOf(fit).reduce((sum, each) => sum + each ** 2, 0) / whole;
}

function logGrid(low: number, high: number): number[] {
  const step = Math.log(high / low) / (CURVE_POINTS - 1);
  return Array.from({ length: CURVE_POINTS }, (_, i) => low * Math.exp(i * step));
}

/** FLOPs of a token by size, as measured: straight lines between the sizes in logarithms, continued on either side. */
function flopsPerToken(observations: readonly Observation[]): (n: number) => number {
  const costs = new Map<number, number[]>();
  for (const { n, d, c } of observations) {
    const cost = Number.isFinite(c) ? c / d : 6 * n;
    costs.set(n, [...(costs.get(n) ?? []), Math.log(cost)]);
  }
  const known = [...costs]
    .map(([n, logs]) => ({ logN: Math.log(n), log: logs.reduce((sum, each) => sum + each, 0) / logs.length }))
    .sort((a, b) => a.logN - b.logN);
  return (n) => {
    const logN = Math.log(n);
    const behind = known.findIndex((each) => each.logN >= logN);
    const i = behind < 0 ? known.length - 2 : Math.max(0, behind - 1);
    const [a, b] = [known[i]!, known[i + 1]!];
    return Math.exp(a.log + ((logN - a.logN) / (b.logN - a.logN)) * (b.log - a.log));
  };
}

/** Where the law is drawn: x, and the axes of its terms there. */
function drawnAt(fit: KindFit, law: LawName): { x: number; logX: number[] }[] {
  const { observations } = fit;
  const along = (of: (each: Observation) => number): number[] => {
    const values = observations.map(of);
    return logGrid(Math.min(...values), CURVE_BEYOND * Math.max(...values));
  };
  if (law !== 'chinchilla') {
    const axis = fit.law.x as 'n' | 'd' | 'c' | 'x';
    return along((each) => each[axis]!).map((x) => ({ x, logX: fit.law.logX({ n: x, d: x, c: x, x }) }));
  }
  const cost = flopsPerToken(observations);
  const sizes = observations.map(({ n }) => n);
  const range = [Math.min(...sizes) / 100, 100 * Math.max(...sizes)] as const;
  const parameters = chinchillaParameters(fit.sum);
  return along(({ n, d, c }) => (Number.isFinite(c) ? c : 6 * n * d)).map((x) => {
    const { n, d } = computeOptimalWith(parameters, x, cost, range);
    return { x, logX: [Math.log(n), Math.log(d)] };
  });
}

function curveOf(fit: KindFit, law: LawName): Fit['curve'] {
  const places = drawnAt(fit, law);
  const bands = places.map(({ logX }) => percentiles(fit.draws.map((draw) => valueOf(draw, logX))));
  return {
    x: places.map(({ x }) => x),
    y: places.map(({ logX }) => valueOf(fit.sum, logX)),
    low: bands.map(([low]) => low),
    high: bands.map(([, high]) => high),
  };
}

function valleysOf({ observations }: KindFit, { resamples = RESAMPLES, seed = 1 }: FitRequest): Valley[] {
  const runs = observations.map(({ run }) => run);
  return budgets(observations).flatMap((group) => {
    const bottom = bottomOf(observations, group, ones(observations.length));
    if (!bottom) return [];
    const { logC, logN, logLoss, sizes } = bottom;
    const draws = bootstrap(runs, resamples, seed, (weights) => bottomOf(observations, group, weights)?.logN);
    const [low, high] = percentiles(draws);
    return {
      c: Math.exp(logC),
      n: Math.exp(logN),
      interval: [Math.exp(low), Math.exp(high)],
      loss: Math.exp(logLoss),
      sizes,
    };
  });
}

/** Distinct values along the law's axis, and token counts where those matter too. */
function sizesOf({ observations, sample }: KindFit, law: LawName): { sizes: number; tokens: number } {
  const counts = (values: number[]): number => distinct(values, ones(values.length));
  switch (law) {
    case 'chinchilla':
      return { sizes: counts(observations.map(({ n }) => n)), tokens: counts(observations.map(({ d }) => d)) };
    case 'frontier':
      return { sizes: counts(envelope(observations, ones(observations.length)).map(({ n }) => n)), tokens: Infinity };
    default:
      return { sizes: distinct(sample.logX[0]!, sample.weights), tokens: Infinity };
  }
}

function describe(fit: KindFit, request: FitRequest): Fit {
  const { law } = request;
  const { kind, observations, sum, delta, draws } = fit;
  const parameters = fit.law.parameters(sum);
  const known = fit.floor === undefined ? [] : ['E'];
  const drawn = draws.map(fit.law.parameters);
  const intervals = Object.fromEntries(
    draws.length === 0
      ? []
      : Object.keys(parameters)
          .filter((name) => !known.includes(name))
          .map((name) => [name, percentiles(drawn.map((each) => each[name] ?? NaN))]),
  );
  const { sizes, tokens } = sizesOf(fit, law);
  const enough = sizes >= ENOUGH_SIZES && tokens >= ENOUGH_TOKENS;
  const valleys = law === 'isoflop' ? valleysOf(fit, request) : undefined;
  const lost = valleys ? budgets(observations).length - valleys.length : 0;
  const lowest = Math.min(...observations.map(({ loss }) => loss));
  const notes: FitNote[] = [
    ...(enough ? [] : [{ code: 'too-few', law, sizes, tokens } as const]),
    ...(law !== 'isoflop' && fit.floor ? [{ code: 'floor-given', floor: fit.floor } as const] : []),
    ...(fit.floor === undefined && sum.E < NO_FLOOR * lowest ? [{ code: 'no-floor-found' } as const] : []),
    ...(draws.length === 0 ? [{ code: 'no-intervals' } as const] : []),
    ...(valleys ? [{ code: 'parabola-bias' } as const] : []),
    ...(lost > 0 ? [{ code: 'valleys-left-out', valleys: lost } as const] : []),
    ...(law === 'frontier' ? [{ code: 'frontier-from-above' } as const] : []),
    ...fit.notes,
  ];
  return {
    ...{ law, kind, x: fit.law.x, parameters, intervals },
    ...{ objective: sum.objective, delta, r2: r2Of(fit) },
    runs: new Set(observations.map(({ run }) => run)).size,
    ...{ sizes, enough, notes },
    curve: curveOf(fit, law),
    ...(valleys && { valleys }),
  };
}

/** Fits the law to each kind of runs. Pure: the same request has the same outcome, to the last digit. */
export function fitLaws(request: FitRequest): FitOutcome {
  const fits: Fit[] = [];
  const problems: FitProblem[] = [];
  for (const [kind, observations] of byKind(request.observations)) {
    const fit = fitKind(request, kind, observations);
    if ('code' in fit) problems.push(fit);
    else fits.push(describe(fit, request));
  }
  return { fits, problems };
}
